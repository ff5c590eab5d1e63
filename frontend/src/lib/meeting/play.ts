/** Plays a track in an element for as long as both are there; used as `{@attach play(track)}`. */
import type { Playable } from '$lib/call';

export const play = (track: Playable) => (element: HTMLMediaElement) => {
  track.attach(element);
  return () => {
    track.detach(element);
  };
};

/** So far beside the window a picture is fetched already. */
const MARGIN = '10%';
const sights = new WeakMap<Element, (seen: boolean) => void>();
const eye = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) sights.get(target)?.(isIntersecting);
  },
  { rootMargin: MARGIN },
);

/** The same for a picture, for as long as the element is in sight: `{@attach show(track)}`. */
export const show = (track: Playable) => (element: HTMLVideoElement) => {
  // The floating window is all in sight, and not this page's to observe.
  if (element.ownerDocument !== document) return play(track)(element);
  let hide = () => {};
  sights.set(element, (seen) => {
    hide();
    hide = seen ? play(track)(element) : () => {};
  });
  eye.observe(element);
  return () => {
    eye.unobserve(element);
    hide();
  };
};

/** The same for a bare track of the pre-join screen. */
export const preview = (track: MediaStreamTrack) => (element: HTMLVideoElement) => {
  element.srcObject = new MediaStream([track]);
  return () => {
    element.srcObject = null;
  };
};
