/** Who somebody is here and what is held from them, from the metadata that only the server can write. */
import { json, list, oneOf, some, text } from '../../data/read';

export type Held = 'microphone' | 'camera' | 'screenshare' | 'chat' | 'hearing';

export interface Standing {
  /** Owner or moderator of the room. */
  moderates: boolean;
  isGuest: boolean;
  administers: boolean;
  held: Held[];
  /** Where the room has an audience: on stage, or in it. */
  place?: 'stage' | 'audience';
}

const devices: Held[] = ['microphone', 'camera', 'screenshare', 'chat', 'hearing'];

const read = some({
  role: text(100),
  accesses: list(text(100), 20),
  held: list(text(100), 20),
  place: oneOf('stage', 'audience'),
});

export function standingOf(metadata: string | undefined): Standing {
  const { role, accesses = [], held = [], place } = read(json(metadata ?? '')) ?? {};
  return {
    moderates: role === 'owner' || role === 'moderator',
    isGuest: accesses.includes('guest'),
    administers: accesses.includes('superadmin'),
    held: devices.filter((device) => held.includes(device)),
    ...(place && { place }),
  };
}
