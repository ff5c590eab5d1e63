/** What the page may show or let be heard. */

/** A picture or a sound that an element can play; all that the page knows of LiveKit's tracks. */
export interface Playable {
  attach(element: HTMLMediaElement): unknown;
  detach(element: HTMLMediaElement): unknown;
}
