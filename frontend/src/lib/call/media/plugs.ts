/** Tells when one's own device went away in the call, and which one took its place. */
import { RoomEvent, Track, TrackEvent, type LocalTrackPublication, type Room } from 'livekit-client';
import type { Tell } from '../events';
import type { Kind } from './kinds';

const kinds: Partial<Record<Track.Source, Kind>> = {
  [Track.Source.Microphone]: 'microphone',
  [Track.Source.Camera]: 'camera',
};
/** livekit-client takes the next device by itself; a track that is muted so soon after its end found none. */
const SEARCH_MS = 4000;

/** `gone` is called when it found none. */
export function watchPlugs(room: Room, tell: Tell, gone: (kind: Kind) => void): void {
  room.on(RoomEvent.LocalTrackPublished, (publication) => watch(publication, tell, gone));
}

function watch(publication: LocalTrackPublication, tell: Tell, gone: (kind: Kind) => void): void {
  const device = kinds[publication.source];
  const track = publication.track;
  if (!device || !track) return;
  let goneAt = 0;
  const searching = () => Date.now() - goneAt < SEARCH_MS;
  track
    .on(TrackEvent.Ended, () => (goneAt = Date.now()))
    .on(TrackEvent.Restarted, () => {
      if (searching()) tell({ kind: 'deviceReplaced', device, name: track.mediaStreamTrack.label });
      goneAt = 0;
    })
    .on(TrackEvent.Muted, () => {
      const found = !searching();
      goneAt = 0;
      if (!found) gone(device);
    });
}
