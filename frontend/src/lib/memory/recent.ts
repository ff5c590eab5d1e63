/** The rooms that were last joined from this browser. */
import { list, number, shape, some, text, type Reader } from '../data/read';
import { isSlug } from './slug';
import { local, read, write } from './store';

const KEY = 'bedrud.recent';
const KEPT = 6;

export interface Recent {
  slug: string;
  /** What the room is called, where that is not its slug. */
  title?: string;
  at: number;
}

const slug = (given: unknown) => (typeof given === 'string' && isSlug(given) ? given : undefined);
const needed = shape({ slug, at: number(0, Number.MAX_SAFE_INTEGER) });
const more = some({ title: text(200) });
const room: Reader<Recent> = (given) => {
  const read = needed(given);
  return read && { ...more(given), ...read };
};
const kept = list(room, KEPT);

export function recentRooms(): Recent[] {
  const found = read(local, KEY, kept) ?? [];
  return found.filter((room, index) => found.findIndex((other) => other.slug === room.slug) === index);
}

export function rememberRoom(slug: string, title: string): void {
  const others = recentRooms().filter((room) => room.slug !== slug);
  write(local, KEY, [{ slug, title, at: Date.now() }, ...others].slice(0, KEPT));
}

export function forgetRoom(slug: string): Recent[] {
  const others = recentRooms().filter((room) => room.slug !== slug);
  write(local, KEY, others);
  return others;
}
