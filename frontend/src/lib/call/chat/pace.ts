/** Something that is wanted very often and done now and then: at once where it was not done lately, else a little later. */

export interface Paced {
  soon(): void;
  /** Whether it was wanted or not. */
  atOnce(): void;
  /** What waits is done now. */
  finish(): void;
}

export function paced(everyMs: number, deed: () => void): Paced {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wanted = false;
  const rest = () => {
    timer = undefined;
    if (wanted) atOnce();
  };
  const atOnce = () => {
    wanted = false;
    clearTimeout(timer);
    timer = setTimeout(rest, everyMs);
    deed();
  };
  return {
    atOnce,
    finish: () => {
      if (wanted) atOnce();
    },
    soon: () => {
      if (timer === undefined) atOnce();
      else wanted = true;
    },
  };
}
