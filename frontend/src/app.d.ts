/** Kit's places for types of ours; none is used yet. */
declare global {
  namespace App {}
}

export {};
