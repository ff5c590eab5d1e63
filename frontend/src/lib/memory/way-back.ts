/** Where somebody wants to go who signs in elsewhere, with what stands behind the `#`, which no server is sent. Gone with the tab. */
import { text } from '../data/read';
import { read, tab, write } from './store';

const KEY = 'bedrud.way-back';

export const keepWayBack = (to: string) => write(tab, KEY, to);

/** The same once: `to`, with more where that was kept. */
export function takeWayBack(to: string): string {
  const kept = read(tab, KEY, text(2000));
  write(tab, KEY, undefined);
  return kept?.split('#')[0] === to ? kept : to;
}
