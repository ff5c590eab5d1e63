/** Plays a track in an element for as long as both are there; used as `{@attach play(track)}`. */
import type { Playable } from '$lib/call';

export const play = (track: Playable) => (element: HTMLMediaElement) => {
  track.attach(element);
  return () => {
    track.detach(element);
  };
};

/** The same for a bare track of the pre-join screen. */
export const preview = (track: MediaStreamTrack) => (element: HTMLVideoElement) => {
  element.srcObject = new MediaStream([track]);
  return () => {
    element.srcObject = null;
  };
};
