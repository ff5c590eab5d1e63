/** Who somebody is here and what is held from them, from the metadata that only the server can write. */
import { json, list, some, text } from '../../data/read';

export type Held = 'microphone' | 'camera' | 'screenshare';

export interface Standing {
  /** Owner or moderator of the room. */
  moderates: boolean;
  isGuest: boolean;
  administers: boolean;
  held: Held[];
}

const devices: Held[] = ['microphone', 'camera', 'screenshare'];

const read = some({ role: text(100), accesses: list(text(100), 20), held: list(text(100), 20) });

export function standingOf(metadata: string | undefined): Standing {
  const { role, accesses = [], held = [] } = read(json(metadata ?? '')) ?? {};
  return {
    moderates: role === 'owner' || role === 'moderator',
    isGuest: accesses.includes('guest'),
    administers: accesses.includes('superadmin'),
    held: devices.filter((device) => held.includes(device)),
  };
}
