/** Light, dark, or whatever the system says. */
import { oneOf } from '../data/read';
import { local, read, write } from './store';

const KEY = 'bedrud.appearance';

export type Appearance = 'system' | 'light' | 'dark';

const kept = oneOf<Appearance>('light', 'dark');

export const appearance = (): Appearance => read(local, KEY, kept) ?? 'system';

export const keepAppearance = (chosen: Appearance) =>
  write(local, KEY, chosen === 'system' ? undefined : chosen);
