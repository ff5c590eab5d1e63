/** Notices a camera that is on and gives no picture: covered, switched off at its side, or taken by the system. */
import { RoomEvent, Track, TrackEvent, type Room } from 'livekit-client';

export class Eye {
  /** livekit-client waits some seconds before it says so. */
  blind = $state(false);

  follow(room: Room): void {
    this.blind = false;
    room.on(RoomEvent.LocalTrackPublished, ({ source, track }) => {
      if (source !== Track.Source.Camera) return;
      this.blind = false;
      track?.on(TrackEvent.UpstreamPaused, () => (this.blind = true));
      for (const again of [TrackEvent.UpstreamResumed, TrackEvent.Muted] as const)
        track?.on(again, () => (this.blind = false));
    });
    room.on(RoomEvent.LocalTrackUnpublished, ({ source }) => {
      if (source === Track.Source.Camera) this.blind = false;
    });
  }
}
