/** The rooms that were last joined from this browser. */
import { local, read, write } from './store';

const KEY = 'bedrud.recent';
const KEPT = 6;

export interface Recent {
  slug: string;
  at: number;
}

export function recentRooms(): Recent[] {
  const found = read<Recent[]>(local, KEY);
  return Array.isArray(found) ? found.filter((room) => typeof room?.slug === 'string') : [];
}

export function rememberRoom(slug: string): void {
  const others = recentRooms().filter((room) => room.slug !== slug);
  write(local, KEY, [{ slug, at: Date.now() }, ...others].slice(0, KEPT));
}

export function forgetRoom(slug: string): Recent[] {
  const others = recentRooms().filter((room) => room.slug !== slug);
  write(local, KEY, others);
  return others;
}
