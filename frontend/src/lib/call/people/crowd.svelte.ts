/** Everybody in the room, oneself first, then in the order they came. */
import { ParticipantEvent, RoomEvent, type Participant, type Room } from 'livekit-client';
import type { Tell } from '../events';
import { Person } from './person.svelte';
import { Sight } from './sight';

/**
 * After a full reconnect livekit-client 2.23 holds events back for about two seconds, and some never come though the
 * tracks are there. So everything is read from the room itself, again and again until that time is over.
 */
const LOOK_AGAIN_MS = 2500;
const LOOK_EVERY_MS = 100;
const MISSED_MS = 20_000;

const reasons = [
  RoomEvent.Connected,
  RoomEvent.Reconnected,
  RoomEvent.ParticipantConnected,
  RoomEvent.ParticipantDisconnected,
  RoomEvent.ParticipantMetadataChanged,
  RoomEvent.ParticipantNameChanged,
  RoomEvent.ConnectionQualityChanged,
  RoomEvent.TrackPublished,
  RoomEvent.TrackSubscribed,
  RoomEvent.TrackUnsubscribed,
  RoomEvent.TrackUnpublished,
  RoomEvent.TrackMuted,
  RoomEvent.TrackUnmuted,
  RoomEvent.LocalTrackPublished,
  RoomEvent.LocalTrackUnpublished,
] as const;

export class Crowd {
  people = $state.raw<Person[]>([]);
  readonly sight = new Sight();

  /** Whether to show cameras of others. */
  #pictures = true;
  /** Whose hand is up, in the order in which they raised it. */
  hands = $derived(
    this.people
      .filter((person) => person.handAt > 0)
      .sort((a, b) => a.handAt - b.handAt || a.identity.localeCompare(b.identity)),
  );

  /** People whose going was already told in other words. */
  #told = new Set<string>();
  #known = new Map<string, Person>();
  #room: Room | undefined;
  #due = false;
  #tell: Tell;

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  get me(): Person | undefined {
    return this.people.find((person) => person.isLocal);
  }

  /** The next time this person is gone, say nothing. */
  expectGone(identity: string): void {
    this.#told.add(identity);
  }

  /** The server says that somebody's connection broke, or is back. */
  miss(identity: string, missing: boolean): void {
    const person = this.find(identity);
    if (!person || person.isLocal || person.missing === missing) return;
    person.missing = missing;
    // Whoever does not come back is put out long before; the word that they did can miss somebody who is reconnecting.
    if (missing) setTimeout(() => (person.missing = false), MISSED_MS);
    this.#tell({ kind: missing ? 'missed' : 'foundAgain', name: person.name });
  }

  showPictures(shown: boolean): void {
    this.#pictures = shown;
    this.read();
  }

  find(identity: string): Person | undefined {
    return this.#known.get(identity);
  }

  nameOf(identity: string): string {
    return this.find(identity)?.name ?? '';
  }

  /** Raises a hand at this moment, or lowers it with 0. */
  raise(identity: string, at: number): void {
    const person = this.find(identity);
    if (person) person.handAt = at;
    this.#line();
  }

  #line(): void {
    for (const person of this.people) if (person.handAt === 0) person.handPlace = 0;
    this.hands.forEach((person, index) => (person.handPlace = index + 1));
  }

  /** Reads this room from now on. People who were known from the one before stay the same objects. */
  follow(room: Room): void {
    this.#room = room;
    for (const reason of reasons) room.on(reason, () => this.#soon());
    for (const again of [RoomEvent.Connected, RoomEvent.Reconnected] as const)
      room.on(again, () => {
        for (let after = LOOK_EVERY_MS; after <= LOOK_AGAIN_MS; after += LOOK_EVERY_MS)
          setTimeout(() => this.#soon(), after);
      });
    room.on(RoomEvent.ActiveSpeakersChanged, (speakers) => this.#speakers(speakers));
    room.localParticipant.on(ParticipantEvent.IsSpeakingChanged, (speaking) => {
      const me = this.me;
      if (me) me.speaking = speaking;
    });
  }

  /** Many events come at once; one look is enough for all of them. */
  #soon(): void {
    if (this.#due) return;
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      this.read();
    });
  }

  read(): void {
    const room = this.#room;
    if (!room || room.state === 'disconnected') return;
    const first = this.#known.size === 0;
    const present: Participant[] = [room.localParticipant, ...room.remoteParticipants.values()];
    const gone = new Set(this.#known.keys());
    for (const participant of present) {
      if (!participant.identity) continue;
      gone.delete(participant.identity);
      this.#meet(participant, first);
    }
    for (const identity of gone) {
      const name = this.nameOf(identity);
      this.#known.delete(identity);
      if (!this.#told.delete(identity)) this.#tell({ kind: 'left', name });
    }
    const ordered = [...this.#known.values()].sort(
      (a, b) => Number(b.isLocal) - Number(a.isLocal) || a.joinedAt - b.joinedAt,
    );
    const same = ordered.length === this.people.length && ordered.every((one, i) => one === this.people[i]);
    if (same) return;
    this.people = ordered;
    this.#line();
  }

  #meet(participant: Participant, first: boolean): void {
    const known = this.#known.get(participant.identity);
    if (!known) {
      const person = new Person(participant, this.sight);
      person.update(participant, this.#pictures);
      this.#known.set(person.identity, person);
      if (!first && !person.isLocal) this.#tell({ kind: 'joined', name: person.name });
      return;
    }
    const shared = known.screen !== undefined;
    known.update(participant, this.#pictures);
    const shares = known.screen !== undefined;
    if (shared !== shares && !known.isLocal) {
      this.#tell({ kind: shares ? 'shareStarted' : 'shareStopped', name: known.name });
    }
  }

  #speakers(speakers: Participant[]): void {
    const now = new Set(speakers.map((speaker) => speaker.identity));
    for (const person of this.people) person.speaking = now.has(person.identity);
  }
}
