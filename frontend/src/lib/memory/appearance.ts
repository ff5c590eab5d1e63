/** Light, dark, or whatever the system says. */
import { local, read, write } from './store';

const KEY = 'bedrud.appearance';

export type Appearance = 'system' | 'light' | 'dark';

export function appearance(): Appearance {
  const found = read<Appearance>(local, KEY);
  return found === 'light' || found === 'dark' ? found : 'system';
}

export const keepAppearance = (chosen: Appearance) =>
  write(local, KEY, chosen === 'system' ? undefined : chosen);
