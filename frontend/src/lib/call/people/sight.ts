/**
 * Pictures that nobody looks at are not sent to us: no bytes, no decoder, no place in the connection. A picture is
 * asked for when an element shows it, and given back when the last one has been gone for a moment.
 */
import { TrackEvent, type RemoteTrackPublication, type Track } from 'livekit-client';
import type { Playable } from './playable';

/** Long enough to turn a page and back, or to draw somebody who has just come. */
const UNSEEN_MS = 300;

/** A picture that the page may show, whether it arrives at the moment or not. */
class Picture implements Playable {
  #publication: RemoteTrackPublication;
  #elements = new Set<HTMLMediaElement>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(publication: RemoteTrackPublication) {
    this.#publication = publication;
    publication.on(TrackEvent.Subscribed, (track: Track) => {
      for (const element of this.#elements) track.attach(element);
    });
  }

  attach(element: HTMLMediaElement): void {
    clearTimeout(this.#timer);
    this.#elements.add(element);
    if (!this.#publication.isDesired) this.#publication.setSubscribed(true);
    this.#publication.track?.attach(element);
  }

  detach(element: HTMLMediaElement): void {
    this.#elements.delete(element);
    this.#publication.track?.detach(element);
    this.rest();
  }

  /** Lets go of it, unless somebody looks in the next moment. */
  rest(): void {
    clearTimeout(this.#timer);
    if (this.#elements.size > 0) return;
    this.#timer = setTimeout(() => {
      if (this.#publication.isDesired) this.#publication.setSubscribed(false);
    }, UNSEEN_MS);
  }
}

/** The pictures of one call. */
export class Sight {
  #pictures = new WeakMap<RemoteTrackPublication, Picture>();
  #early: Set<Picture> | undefined = new Set();

  of(publication: RemoteTrackPublication): Playable {
    const known = this.#pictures.get(publication);
    if (known) return known;
    const picture = new Picture(publication);
    this.#pictures.set(publication, picture);
    if (this.#early) this.#early.add(picture);
    else picture.rest();
    return picture;
  }

  /** The page is drawn: what it does not show from now on may rest. Before, nothing is shown, and all is wanted. */
  open(): void {
    for (const picture of this.#early ?? []) picture.rest();
    this.#early = undefined;
  }
}
