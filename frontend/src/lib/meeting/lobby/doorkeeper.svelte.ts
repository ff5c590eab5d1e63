/** Who waits to be let in, for those who moderate: kept up to date by the server's notices, and answered by one press. */
import { sentenceOf } from '$lib/api/http';
import { admit, admitAll, refuse, setLocked, whoWaits, type Waiting } from '$lib/api/lobby';
import { text } from '$lib/text/meeting';
import { habits } from '../habits.svelte';
import type { Notices } from '../notices/notices.svelte';
import { play } from '../notices/tones';

/** Who goes without a word is taken from the list after this time. */
const LOOK_MS = 15_000;

export class Doorkeeper {
  waiting = $state.raw<Waiting[]>([]);
  locked = $state(false);

  #notices: Notices;
  #roomId = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #looking: Promise<void> | undefined;
  #again = false;

  constructor(notices: Notices) {
    this.#notices = notices;
  }

  /** The room that this person moderates now, or nothing. Looks who waits before it. */
  keep(roomId: string | undefined): void {
    if (roomId === undefined) {
      this.close();
      this.waiting = [];
      return;
    }
    this.#roomId = roomId;
    if (this.#looking) this.#again = true;
    else this.#looking = this.#look();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#roomId = '';
  }

  admitFirst(): void {
    const [first] = this.waiting;
    if (first) this.admit(first);
  }

  admit(one: Waiting): void {
    this.#drop(one);
    void this.#carry(admit(this.#roomId, one.ticket), text.lobby.admitted(one.name));
  }

  refuse(one: Waiting): void {
    this.#drop(one);
    void this.#carry(refuse(this.#roomId, one.ticket), text.lobby.refused(one.name));
  }

  admitAll(): void {
    void this.#carry(admitAll(this.#roomId), text.lobby.allAdmitted);
  }

  setLocked(on: boolean): void {
    void this.#carry(setLocked(this.#roomId, on), on ? text.lobby.locked : text.lobby.unlocked);
  }

  #drop(one: Waiting): void {
    this.waiting = this.waiting.filter((other) => other.ticket !== one.ticket);
  }

  async #carry(work: Promise<unknown>, done: string): Promise<void> {
    try {
      await work;
      this.#notices.say(done);
    } catch (error) {
      this.#notices.say(sentenceOf(error));
    }
    this.keep(this.#roomId || undefined);
  }

  async #look(): Promise<void> {
    const roomId = this.#roomId;
    clearTimeout(this.#timer);
    try {
      const { waiting, isLocked } = await whoWaits(roomId);
      if (this.#roomId === roomId) {
        this.#tell(waiting);
        this.waiting = waiting;
        this.locked = isLocked;
      }
    } catch {
      // the next notice, or the next look, brings it
    }
    this.#looking = undefined;
    if (this.#again && this.#roomId) {
      this.#again = false;
      this.#looking = this.#look();
    } else if (this.waiting.length && this.#roomId) {
      this.#timer = setTimeout(() => this.keep(this.#roomId || undefined), LOOK_MS);
    }
  }

  #tell(waiting: Waiting[]): void {
    const known = new Set(this.waiting.map((one) => one.ticket));
    const fresh = waiting.filter((one) => !known.has(one.ticket));
    const [first] = fresh;
    if (!first) return;
    if (habits.sounds) play('knock');
    this.#notices.say(fresh.length === 1 ? text.lobby.knocks(first.name) : text.lobby.several(fresh.length));
  }
}
