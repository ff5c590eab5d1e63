/** The catalogue in use, and dates in the reader's own way. */
import { en } from './en';

export type Text = typeof en;
export const text: Text = en;

const DAY_MS = 86_400_000;

/** A past moment in words: the hour today, "yesterday", a weekday, or the date. */
export function when(moment: Date, now = new Date()): string {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const days = Math.ceil((midnight - moment.getTime()) / DAY_MS);
  if (days <= 0)
    return moment.toLocaleTimeString('en', { hour: '2-digit', minute: '2-digit', hour12: false });
  if (days === 1) return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(-1, 'day');
  if (days < 7) return moment.toLocaleDateString('en', { weekday: 'long' });
  return moment.toLocaleDateString('en', { day: 'numeric', month: 'long', year: 'numeric' });
}
