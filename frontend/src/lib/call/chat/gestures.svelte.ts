/** Hands in order and reactions: one's own to everybody, and everybody's onto the people of the crowd. */
import { RoomEvent, type Room } from 'livekit-client';
import type { Crowd } from '../people/crowd.svelte';
import type { Tell } from '../events';
import { encodeGesture, GESTURE_TOPIC, parseGesture, type Gesture, type Reaction } from './gesture-wire';
import { onPacket } from './packets';
import type { Person } from '../people/person.svelte';

const SHOWN_MS = 4000;
/** Whoever presses faster is not shown more often, nor told of. */
const LEAST_PAUSE_MS = 250;
const LEAST_TELLING_MS = 2000;
/** For so long after somebody came, or we came back, a hand may have been up before. Later we would have seen it rise. */
const HISTORY_MS = 10_000;

export class Gestures {
  /** Reactions that are shown now, oldest first. */
  shown = $state.raw<{ id: number; person: Person; emoji: Reaction }[]>([]);

  #room: Room | undefined;
  #crowd: Crowd;
  #tell: Tell;
  #everRaised = false;
  #next = 0;
  #last = new WeakMap<Person, number>();
  #toldRaised = new WeakMap<Person, number>();
  #toldLowered = new WeakMap<Person, number>();
  #back = 0;

  constructor(crowd: Crowd, tell: Tell) {
    this.#crowd = crowd;
    this.#tell = tell;
  }

  get raised(): boolean {
    return (this.#crowd.me?.handAt ?? 0) > 0;
  }

  follow(room: Room): void {
    this.#room = room;
    onPacket(room, [GESTURE_TOPIC], (payload, sender) => {
      const gesture = parseGesture(payload);
      if (gesture) this.#heed(gesture, sender.identity);
    });
    // Only from then on a newcomer gets packets.
    room.on(RoomEvent.ParticipantActive, (participant) => this.#announce([participant.identity]));
    room.on(RoomEvent.Reconnected, () => {
      this.#back = Date.now();
      this.#announce();
    });
    room.on(RoomEvent.Connected, () => {
      this.#back = Date.now();
      // What happened while we were away is told anew by everybody whose hand is up.
      for (const person of this.#crowd.people) if (!person.isLocal) this.#crowd.raise(person.identity, 0);
      this.#announce();
    });
  }

  raise(on: boolean): void {
    const me = this.#crowd.me;
    if (!me || on === this.raised) return;
    this.#everRaised = true;
    this.#crowd.raise(me.identity, on ? Date.now() : 0);
    this.#announce();
    this.#tell({ kind: on ? 'handRaised' : 'handLowered', name: me.name, own: true });
  }

  /** A moderator asks the page of somebody to take the hand down; it does, since a moderator asks. */
  lower(identity: string): void {
    this.#send({ type: 'lower_hand' }, [identity]);
  }

  react(emoji: Reaction): void {
    const me = this.#crowd.me;
    if (!me) return;
    this.#send({ type: 'reaction', emoji });
    this.#show(me, emoji);
  }

  #heed(gesture: Gesture, identity: string): void {
    const person = this.#crowd.find(identity);
    if (!person) return;
    if (gesture.type === 'reaction') return this.#show(person, gesture.emoji);
    if (gesture.type === 'lower_hand') {
      if (!person.mayModerate || !this.raised) return;
      this.raise(false);
      this.#tell({ kind: 'handTaken', name: person.name });
      return;
    }
    const was = person.handAt > 0;
    if (was === gesture.raised) return;
    const now = Date.now();
    this.#crowd.raise(identity, gesture.raised ? now - this.#believed(gesture.agoMs, person) : 0);
    if (!passed(gesture.raised ? this.#toldRaised : this.#toldLowered, person, LEAST_TELLING_MS)) return;
    this.#tell({ kind: gesture.raised ? 'handRaised' : 'handLowered', name: person.name, own: false });
  }

  /** How long ago a hand went up that we see now for the first time. Nobody is first in line by saying so. */
  #believed(agoMs: number, person: Person): number {
    const since = Date.now() - Math.max(this.#back, person.seenSince);
    return since < HISTORY_MS ? agoMs : 0;
  }

  #show(person: Person, emoji: Reaction): void {
    if (!passed(this.#last, person, LEAST_PAUSE_MS)) return;
    const one = { id: this.#next++, person, emoji };
    this.shown = [...this.shown, one];
    person.reaction = emoji;
    setTimeout(() => {
      this.shown = this.shown.filter((other) => other.id !== one.id);
      if (!this.shown.some((other) => other.person === person)) person.reaction = undefined;
    }, SHOWN_MS);
  }

  /** One's own hand, to everybody or to newcomers; silent for who never raised it. */
  #announce(to?: string[]): void {
    const at = this.#crowd.me?.handAt ?? 0;
    if (this.#everRaised) this.#send({ type: 'hand', raised: at > 0, agoMs: at && Date.now() - at }, to);
  }

  #send(gesture: Gesture, to?: string[]): void {
    const me = this.#room?.localParticipant;
    if (!me || this.#room?.state !== 'connected') return;
    // What does not arrive now is told again on the next reconnect.
    void me
      .publishData(encodeGesture(gesture), {
        reliable: true,
        topic: GESTURE_TOPIC,
        destinationIdentities: to,
      })
      .catch(() => {});
  }
}

/** Whether so much time has passed since this was last true of the person. */
function passed(last: WeakMap<Person, number>, person: Person, pauseMs: number): boolean {
  const now = Date.now();
  if (now - (last.get(person) ?? 0) < pauseMs) return false;
  last.set(person, now);
  return true;
}
