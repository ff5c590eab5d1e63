/**
 * Pictures that are not shown are not sent to us: no bytes, no decoder. livekit-client 2.23 stops a track when its last
 * element goes, but one that never had an element runs until it is told.
 */
import { RoomEvent, Track, type RemoteTrack, type Room } from 'livekit-client';

/** The page gets so long to show what has come. */
const SETTLED_MS = 400;
/** After a full reconnect events may be lost for about two seconds. */
const LOOK_AGAIN_MS = 3000;

export function stopUnseen(room: Room): void {
  let due = false;
  const soon = (delay: number) => {
    if (due) return;
    due = true;
    setTimeout(() => {
      due = false;
      sweep(room);
    }, delay);
  };
  room.on(RoomEvent.TrackSubscribed, (track) => track.kind === Track.Kind.Video && soon(SETTLED_MS));
  room.on(RoomEvent.Reconnected, () => setTimeout(() => soon(0), LOOK_AGAIN_MS));
}

function sweep(room: Room): void {
  for (const participant of room.remoteParticipants.values()) {
    for (const publication of participant.videoTrackPublications.values()) {
      const track = publication.track as RemoteTrack | undefined;
      // Makes the track look whether it is seen; it says so to the server only when that changed.
      if (track?.attachedElements.length === 0) track.setStreamState(Track.StreamState.Active);
    }
  }
}
