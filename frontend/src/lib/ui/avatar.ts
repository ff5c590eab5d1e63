/** Initials and a colour that stays with a person. */

/** Each carries white text at 7:1 or better. */
const colours = ['#854629', '#296342', '#31527b', '#734783', '#8a3a4e', '#1a6068', '#67571c', '#4f5866'];

/** Two letters of these scripts would join to a word. */
const joining = /\p{Script=Arabic}/u;
const APART = '\u200c';

export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const first = [...(words[0] ?? '?')];
  const second = words.length > 1 ? [...(words[words.length - 1] ?? '')][0] : first[1];
  const letters = (first[0] ?? '?').concat(joining.test(name) ? APART : '', second ?? '');
  return letters.toLocaleUpperCase();
}

export function colourOf(identity: string): string {
  let sum = 0;
  for (const unit of identity) sum = (sum * 31 + (unit.codePointAt(0) ?? 0)) >>> 0;
  return colours[sum % colours.length] ?? '#4f5866';
}
