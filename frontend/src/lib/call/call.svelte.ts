/** A call from the join to its end: connects, comes back by itself, and knows how it ended. */
import {
  ConnectionError,
  ConnectionErrorReason,
  DisconnectReason,
  Room,
  RoomEvent,
  setLogLevel,
} from 'livekit-client';
import { Backdrop } from './media/backdrop.svelte';
import { Chat, type ChatRecord, type Shelf } from './chat/chat.svelte';
import { Clarity } from './media/clarity.svelte';
import { Crowd } from './people/crowd.svelte';
import { Ear } from './media/ear.svelte';
import { Eye } from './media/eye.svelte';
import type { Tell } from './events';
import type { Handover } from './media/media.svelte';
import { Gestures } from './chat/gestures.svelte';
import { watchNetwork } from './line/network';
import { roomOptions } from './options';
import { hearSpeakersFromServerOnly } from './people/speakers';
import { Own } from './media/own.svelte';
import { parseNotice } from './chat/system';
import { Thrift } from './line/thrift.svelte';

setLogLevel('warn');

/** What opens the door once: the SFU's address and a token for this room. */
export interface Pass {
  roomId: string;
  ownerId: string;
  url: string;
  token: string;
}

/** An answer to "may I come in": a pass, a reason why not, or "not now" when it is worth asking again. */
export type Answer<Ending extends string> = { pass: Pass } | { ending: Ending } | { later: true };

export type OwnEnding = 'left' | 'removed' | 'banned' | 'ended' | 'elsewhere' | 'unreachable' | 'failed';
export type Phase = 'connecting' | 'connected' | 'reconnecting' | 'rejoining' | 'over';

export interface CallSetup<Ending extends string> {
  /** Asks the server for a fresh pass. */
  admit(): Promise<Answer<Ending>>;
  /** Asks the server whether one may not come back. */
  isBanned(): Promise<boolean>;
  tell: Tell;
  shelf: Shelf;
  record: ChatRecord;
  hand: Handover;
}

const FIRST_TRIES = 3;
const LONGEST_PAUSE_MS = 5000;

/** Ends early when the device is back on a network: whoever waits then waits for nothing. */
const pause = (attempt: number) =>
  new Promise<void>((done) => {
    const end = () => {
      clearTimeout(timer);
      globalThis.removeEventListener('online', end);
      done();
    };
    const timer = setTimeout(end, Math.min(300 * 2 ** attempt, LONGEST_PAUSE_MS));
    globalThis.addEventListener('online', end);
  });

export class Call<Ending extends string = never> {
  phase = $state<Phase>('connecting');
  ending = $state<OwnEnding | Ending | undefined>();
  /** The server said that a moderator ends the meeting, and the room stays. */
  endedByModerator = $state(false);
  /** Pictures or sound arrive, whatever has become of the signalling. */
  flowing = $state(false);
  /** The browser plays no sound before the person touches the page. */
  soundHeld = $state(false);
  pass = $state.raw<Pass | undefined>();
  /** How often the server told that others wait to be let in, or do no more. */
  knocks = $state(0);
  /** Whom a moderator wants everybody to see large: another object each time they say so. */
  lit = $state.raw<{ identity: string } | undefined>();
  readonly crowd: Crowd;
  readonly own: Own;
  readonly backdrop: Backdrop;
  readonly chat: Chat;
  readonly thrift: Thrift;
  readonly ear: Ear;
  readonly eye = new Eye();
  readonly clarity: Clarity;
  readonly gestures: Gestures;

  #room: Room | undefined;
  #setup: CallSetup<Ending>;
  #banned = false;
  #unwatch = () => {};

  constructor(setup: CallSetup<Ending>) {
    this.#setup = setup;
    this.crowd = new Crowd(setup.tell);
    this.ear = new Ear(setup.tell);
    this.clarity = new Clarity(setup.tell);
    this.gestures = new Gestures(this.crowd, setup.tell);
    this.backdrop = new Backdrop(setup.hand.blur, () => this.own.camera.set(false), setup.tell);
    this.own = new Own(setup.hand, this.backdrop, setup.tell);
    this.chat = new Chat(setup.shelf, setup.tell, setup.record);
    this.thrift = new Thrift(() => this.crowd.showPictures(this.thrift.level !== 'none'));
  }

  /** With a pass that was asked for ahead of time, or without. */
  async join(want: { microphone: boolean; camera: boolean }, early?: Pass): Promise<void> {
    await this.#enter(want, FIRST_TRIES, early);
  }

  async leave(): Promise<void> {
    this.#end('left');
    await this.#room?.disconnect();
  }

  /** To be called from a press, which is what the browser waits for. */
  async allowSound(): Promise<void> {
    await this.#room?.startAudio();
  }

  async #enter(want: { microphone: boolean; camera: boolean }, tries: number, early?: Pass): Promise<void> {
    for (let attempt = 0; this.phase !== 'over'; attempt += 1) {
      const answer = early ? { pass: early } : await this.#setup.admit();
      early = undefined;
      if (this.#isOver()) return;
      if ('ending' in answer) return this.#end(answer.ending);
      if ('pass' in answer) {
        const entered = await this.#open(answer.pass, want);
        if (entered || this.#isOver()) return;
      }
      if (attempt + 1 >= tries) return this.#end('unreachable');
      await pause(attempt);
    }
  }

  async #open(pass: Pass, want: { microphone: boolean; camera: boolean }): Promise<boolean> {
    const room = new Room(roomOptions(this.own.choice));
    hearSpeakersFromServerOnly(room);
    this.#room = room;
    this.pass = pass;
    this.#follow(room);
    try {
      await room.connect(pass.url, pass.token, { maxRetries: 1 });
    } catch (error) {
      const refused =
        error instanceof ConnectionError && error.reason === ConnectionErrorReason.NotAllowed && this.#banned;
      if (refused) this.#end('banned');
      return false;
    }
    if (this.#isOver()) {
      await room.disconnect();
      return true;
    }
    this.phase = 'connected';
    this.crowd.read();
    this.#unwatch = watchNetwork(room, (something) => (this.flowing = something));
    this.soundHeld = !room.canPlaybackAudio;
    void this.own.publish(want);
    return true;
  }

  #follow(room: Room): void {
    this.crowd.follow(room);
    this.own.follow(room);
    this.backdrop.follow(room);
    this.chat.follow(room);
    this.thrift.follow(room);
    this.ear.follow(room);
    this.clarity.follow(room);
    this.eye.follow(room);
    this.gestures.follow(room);
    const away = () => {
      if (this.phase === 'connected') this.phase = 'reconnecting';
    };
    room
      .on(RoomEvent.SignalReconnecting, away)
      .on(RoomEvent.Reconnecting, away)
      .on(RoomEvent.Reconnected, () => {
        if (!this.#isOver()) this.phase = 'connected';
      })
      .on(RoomEvent.AudioPlaybackStatusChanged, () => (this.soundHeld = !room.canPlaybackAudio))
      .on(RoomEvent.DataReceived, (payload, sender, _kind, topic, _encryption, identity) => {
        // a person that the client does not know yet is a sender too, and no server
        if (topic === 'system') this.#heed(payload, sender !== undefined || !!identity);
      })
      .on(RoomEvent.Disconnected, (reason) => {
        if (room === this.#room) this.#lost(reason);
      });
  }

  #heed(payload: Uint8Array, hasSender: boolean): void {
    const notice = parseNotice(payload, hasSender);
    if (!notice) return;
    if (notice.event === 'lobby') return void (this.knocks += 1);
    if (notice.event === 'chat_deleted') return this.chat.removed(notice.target, notice.message);
    if (!('target' in notice)) {
      this.endedByModerator = notice.event === 'room_ended';
      return;
    }
    if (notice.event === 'connection_lost' || notice.event === 'connection_back')
      return this.crowd.miss(notice.target, notice.event === 'connection_lost');
    if (notice.event === 'spotlight') return void (this.lit = { identity: notice.target });
    const forMe = notice.target === this.#room?.localParticipant.identity;
    if (notice.event === 'deafen' || notice.event === 'undeafen') {
      if (forMe) this.#setup.tell({ kind: 'deafened', on: notice.event === 'deafen' });
      return;
    }
    const name = this.crowd.nameOf(forMe ? notice.actor : notice.target);
    if (notice.event === 'ask_unmute' || notice.event === 'ask_camera') {
      const device = notice.event === 'ask_unmute' ? 'microphone' : 'camera';
      if (forMe) this.#setup.tell({ kind: 'asked', device, name });
    } else if (notice.event === 'mute' || notice.event === 'video_off') {
      const device = notice.event === 'mute' ? 'microphone' : 'camera';
      if (forMe) this.#setup.tell({ kind: 'quieted', device });
    } else if (forMe) {
      this.#banned = notice.event === 'ban';
    } else if (name) {
      this.crowd.expectGone(notice.target);
      this.#setup.tell({ kind: notice.event === 'ban' ? 'banned' : 'removed', name });
    }
  }

  #lost(reason: DisconnectReason | undefined): void {
    this.#unwatch();
    this.flowing = false;
    if (this.#isOver()) return;
    if (reason === DisconnectReason.PARTICIPANT_REMOVED) return void this.#putOut();
    if (reason === DisconnectReason.ROOM_DELETED || reason === DisconnectReason.ROOM_CLOSED)
      return this.#end('ended');
    if (reason === DisconnectReason.DUPLICATE_IDENTITY) return this.#end('elsewhere');
    // A failed first connect is tried again by who called it.
    if (this.phase === 'connecting') return;
    this.phase = 'rejoining';
    const want = { microphone: this.own.microphone.on, camera: this.own.camera.on };
    // livekit-client leaves by itself when the page goes away or is frozen. Most pages do not live to see the end of
    // this pause; one that was only frozen comes back.
    const leaving = reason === DisconnectReason.CLIENT_INITIATED;
    void pause(leaving ? 2 : 0).then(() => this.#enter(want, Number.POSITIVE_INFINITY));
  }

  /** Removed, or banned: the notice that tells may still be on its way when the connection ends. */
  async #putOut(): Promise<void> {
    const banned = this.#banned || (await this.#setup.isBanned());
    this.#end(banned ? 'banned' : 'removed');
  }

  #isOver(): boolean {
    return this.phase === 'over';
  }

  #end(ending: OwnEnding | Ending): void {
    if (this.#isOver()) return;
    this.#unwatch();
    this.thrift.close();
    this.ear.close();
    this.clarity.close();
    this.own.close();
    this.chat.close();
    if (ending === 'ended' || ending === 'removed' || ending === 'banned') this.chat.forget();
    this.ending = ending;
    this.phase = 'over';
  }
}
