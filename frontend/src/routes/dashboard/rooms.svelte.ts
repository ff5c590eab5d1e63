/** The rooms of whoever is signed in, and who is inside them now. */
import { createRoom, deleteRoom, listRooms, whoIsInside, type Inside } from '$lib/api/rooms';
import type { Room } from '$lib/api/types';

/** Asking costs a request a room: only rooms that may have somebody inside are asked about, and not too many. */
const ASKED_ABOUT = 12;
const LIVELY_MS = 24 * 60 * 60 * 1000;

export class Rooms {
  all = $state.raw<Room[] | undefined>();
  inside = $state.raw<Record<string, Inside>>({});

  async load(): Promise<void> {
    const rooms = await listRooms();
    this.all = [...rooms].sort((a, b) => b.lastActivityAt.localeCompare(a.lastActivityAt));
    await this.look();
  }

  async create(name: string): Promise<Room> {
    const made = await createRoom(name);
    this.all = [made, ...(this.all ?? [])];
    return made;
  }

  async remove(room: Room): Promise<void> {
    await deleteRoom(room.id);
    this.all = this.all?.filter((other) => other.id !== room.id);
  }

  async look(): Promise<void> {
    const lively = (this.all ?? []).filter(
      (room) => room.isActive && Date.now() - Date.parse(room.lastActivityAt) < LIVELY_MS,
    );
    const found = await Promise.all(
      lively
        .slice(0, ASKED_ABOUT)
        .map(async (room): Promise<[string, Inside]> => [room.id, await whoIsInside(room.id)]),
    );
    this.inside = Object.fromEntries(found);
  }
}
