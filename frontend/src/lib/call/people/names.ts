/** Names as others may see them: what turns, hides or breaks lines is taken out, since a name stands inside sentences. */
const LONGEST = 100;
const unseen = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

export function plainName(name: string | undefined, otherwise: string): string {
  const plain = (name ?? '').replace(unseen, '').trim();
  const characters = [...plain];
  if (!characters.length) return otherwise;
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join('')}…` : plain;
}
