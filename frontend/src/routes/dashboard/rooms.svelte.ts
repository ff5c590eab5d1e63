/** The rooms of whoever is signed in, and who is inside them now. */
import { changeRoom, createRoom, deleteRoom, insideOwn, listRooms, type RoomChange } from '$lib/api/rooms';
import type { Room } from '$lib/api/types';
import { isSlug } from '$lib/memory/slug';

export type Inside = Awaited<ReturnType<typeof insideOwn>>['rooms'][number];

export class Rooms {
  all = $state.raw<Room[] | undefined>();
  inside = $state.raw<Record<string, Inside>>({});
  /** Taken off the list; the server is told when nobody wants it back. */
  leaving = $state.raw<Room | undefined>();

  #inPlace: Room[] = [];

  async load(): Promise<void> {
    const [rooms] = await Promise.all([listRooms(), this.look()]);
    this.all = [...rooms].sort((a, b) => b.lastActivityAt.localeCompare(a.lastActivityAt));
  }

  /** As it was typed: what could stand in a link as it is does so, of anything else the server makes a link. */
  async create(typed: string): Promise<Room> {
    const title = typed.trim();
    const made = await createRoom(isSlug(title) ? { name: title } : title ? { title } : {});
    this.all = [made, ...(this.all ?? [])];
    return made;
  }

  async change(room: Room, change: RoomChange): Promise<void> {
    const changed = await changeRoom(room.id, change);
    this.all = this.all?.map((other) => (other.id === changed.id ? changed : other));
  }

  /** Takes a room off the list, and tells the server of the one before it. */
  async remove(room: Room): Promise<void> {
    const before = this.settle();
    this.#inPlace = this.all ?? [];
    this.all = this.all?.filter((other) => other.id !== room.id);
    this.leaving = room;
    await before;
  }

  undo(): void {
    this.all = this.#inPlace;
    this.leaving = undefined;
  }

  /** Deletes what is off the list; when the server refuses, it is back. */
  async settle(): Promise<void> {
    const room = this.leaving;
    if (!room) return;
    this.leaving = undefined;
    try {
      await deleteRoom(room.id);
    } catch (error) {
      if (this.all && !this.all.some((other) => other.id === room.id)) this.all = [room, ...this.all];
      throw error;
    }
  }

  /** Looks who is inside, in one request for all rooms. */
  async look(): Promise<void> {
    const { rooms } = await insideOwn();
    this.inside = Object.fromEntries(rooms.map((room) => [room.id, room]));
  }
}
