/** One participant as the page shows them. Read from LiveKit's objects, never from events alone: events can be missed. */
import { plainName } from './names';
import type { Reaction } from '../chat/gesture-wire';
import { ConnectionQuality, RemoteTrackPublication, Track, type Participant } from 'livekit-client';
import { heardHere } from '../media/share';
import { readLine, reportsOf, type Counters, type Line } from '../line/line';
import type { Playable } from './playable';
import type { Sight } from './sight';
import { standingOf, type Held } from './standing';

export type Quality = 'good' | 'weak' | 'lost';

export class Person {
  readonly identity: string;
  readonly isLocal: boolean;
  name = $state('');
  joinedAt = $state(0);
  speaking = $state(false);
  microphoneOn = $state(false);
  /** The server has lost sight of them. */
  missing = $state(false);
  moderates = $state(false);
  /** A moderator, the owner, or an administrator of the server. */
  mayModerate = $state(false);
  /** When the hand went up (Unix milliseconds), or 0. */
  handAt = $state(0);
  /** The place in the line of raised hands from 1 on, or 0. */
  handPlace = $state(0);
  /** Shown for some seconds. */
  reaction = $state<Reaction | undefined>();
  isGuest = $state(false);
  administers = $state(false);
  /** What a moderator holds back until it is released. */
  held = $state.raw<Held[]>([]);
  /** Where the room has an audience: on stage, or in it. */
  place = $state<'stage' | 'audience' | undefined>();
  camera = $state.raw<Playable | undefined>();
  screen = $state.raw<Playable | undefined>();
  /** When we first saw this person (ms since the epoch). */
  readonly seenSince = Date.now();
  /** When we first saw the screen (ms since the epoch). */
  sharesSince = 0;
  /** Never one's own: nobody wants to hear themselves. */
  voice = $state.raw<Playable | undefined>();
  screenSound = $state.raw<Playable | undefined>();

  #measured = $state<Quality>('good');
  #participant: Participant;
  #sight: Sight;

  constructor(participant: Participant, sight: Sight) {
    this.#participant = participant;
    this.#sight = sight;
    this.identity = participant.identity;
    this.isLocal = participant.isLocal;
    this.update(participant);
  }

  get quality(): Quality {
    return this.missing ? 'lost' : this.#measured;
  }

  /** `pictures` is false while cameras are left out for the sake of the sound. */
  update(participant: Participant, pictures = true): void {
    // another connection of theirs
    if (participant.sid !== this.#participant.sid) this.missing = false;
    this.#participant = participant;
    this.name = plainName(participant.name, participant.identity);
    this.joinedAt = participant.joinedAt?.getTime() ?? 0;
    this.microphoneOn = participant.isMicrophoneEnabled;
    this.#measured = qualityOf(participant.connectionQuality);
    const standing = standingOf(participant.metadata);
    this.moderates = standing.moderates;
    this.isGuest = standing.isGuest;
    this.administers = standing.administers;
    this.place = standing.place;
    this.mayModerate = standing.moderates || standing.administers;
    if (this.held.join() !== standing.held.join()) this.held = standing.held;
    this.camera = pictures || this.isLocal ? this.#picture(Track.Source.Camera) : undefined;
    const screen = this.#picture(Track.Source.ScreenShare);
    if (screen && !this.screen) this.sharesSince = Date.now();
    this.screen = screen;
    this.voice = this.isLocal ? undefined : live(participant, Track.Source.Microphone);
    this.screenSound = this.isLocal
      ? heardHere(participant.getTrackPublication(Track.Source.ScreenShareAudio)?.track?.mediaStreamTrack)
      : live(participant, Track.Source.ScreenShareAudio);
  }

  /** Somebody else's is there as soon as they send it: it arrives when it is looked at. */
  #picture(source: Track.Source): Playable | undefined {
    const publication = this.#participant.getTrackPublication(source);
    if (!publication || publication.isMuted) return undefined;
    return publication instanceof RemoteTrackPublication ? this.#sight.of(publication) : publication.track;
  }

  /** Gives a way to look at the line of this person's tracks; each look tells the loss since the one before. */
  inspect(): () => Promise<Line> {
    const before: Counters = new Map();
    return async () => readLine(await reportsOf(this.#participant), before);
  }
}

function live(participant: Participant, source: Track.Source): Playable | undefined {
  const publication = participant.getTrackPublication(source);
  return publication && !publication.isMuted ? publication.track : undefined;
}

function qualityOf(quality: ConnectionQuality): Quality {
  if (quality === ConnectionQuality.Lost) return 'lost';
  return quality === ConnectionQuality.Poor ? 'weak' : 'good';
}
