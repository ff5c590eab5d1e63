/** That this tab is in a meeting, so that a reload comes back by itself. Gone with the tab. */
import { flag, key, shape } from '../data/read';
import { read, tab, write } from './store';

const KEY = 'bedrud.inside';

export interface Inside {
  slug: string;
  microphone: boolean;
  camera: boolean;
}

const kept = shape({ slug: key(200), microphone: flag, camera: flag });

export function insideOf(slug: string): Inside | undefined {
  const found = read(tab, KEY, kept);
  return found?.slug === slug ? found : undefined;
}

export const keepInside = (inside: Inside) => write(tab, KEY, inside);
export const forgetInside = () => write(tab, KEY, undefined);
