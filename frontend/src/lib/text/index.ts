/** The words that every page needs, in the language in use; dates and lists in the reader's own way. */
import { page as english } from './en/page';
import { part, speaking } from './speaking.svelte';

export { languages, type Language } from './languages';
export { speak, speaking } from './speaking.svelte';

export type Text = typeof english;

/** Read it when something is drawn, not when a module loads: it is exchanged with the language. */
export let text: Text = english;

/** English comes with the page, so that there are words even when nothing else can be loaded. */
const files = import.meta.glob<Text>(['./*/page.ts', '!./en/page.ts'], { import: 'page' });

export const openText = part<Text>({ ...files, './en/page.ts': async () => english }, (words) => {
  text = words;
});

const DAY_MS = 86_400_000;

/** A past moment in words: the hour today, "yesterday", a weekday, or the date. */
export function when(moment: Date, now = new Date()): string {
  const { locale } = speaking;
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const days = Math.ceil((midnight - moment.getTime()) / DAY_MS);
  if (days <= 0) return clock(moment);
  if (days === 1) return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-1, 'day');
  if (days < 7) return moment.toLocaleDateString(locale, { weekday: 'long' });
  return moment.toLocaleDateString(locale, { day: 'numeric', month: 'long', year: 'numeric' });
}

/** Hour and minute. */
export const clock = (moment: Date): string =>
  moment.toLocaleTimeString(speaking.locale, { timeStyle: 'short' });

/** "a, b and c". */
export const list = (names: string[]): string => new Intl.ListFormat(speaking.locale).format(names);

export const number = (value: number): string => new Intl.NumberFormat(speaking.locale).format(value);
