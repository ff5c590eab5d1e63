/** One visit to /m/{slug}: from the first look to the pre-join screen, into the call, and out of it. */
import * as chat from '$lib/api/chat';
import { checkRoom, whoIsInside } from '$lib/api/rooms';
import { session } from '$lib/api/session.svelte';
import type { Call, CallEvent, OwnEnding, Pass } from '$lib/call';
import type { Kind } from '$lib/call/media/kinds';
import { LocalMedia } from '$lib/call/media/media.svelte';
import { forgetInside, insideOf, keepInside } from '$lib/memory/inside';
import { rememberRoom } from '$lib/memory/recent';
import { isSlug } from '$lib/memory/slug';
import { keepOnly, read, tab, write } from '$lib/memory/store';
import { keepWishes, wishes } from '$lib/memory/wishes';
import { text } from '$lib/text/meeting';
import {
  askToJoin,
  comeBack,
  comeIn,
  invitationIn,
  isBanned,
  patiently,
  refusal,
  type DoorEnding,
  type Place,
  type Said,
} from './before/door';
import type { Wait } from './lobby/wait.svelte';

export type VisitEnding = DoorEnding | OwnEnding | 'insecure';

/** A seat that nobody takes is given away after 45 s; a pass older than this is asked for anew. */
const PASS_AGE_MS = 35_000;

const WARMING_MS = 2000;

const CHATS = 'bedrud.chat.';

export class Visit {
  stage = $state<'opening' | 'prejoin' | 'joining' | 'lobby'>('opening');
  call = $state.raw<Call<DoorEnding> | undefined>();
  media = $state.raw<LocalMedia | undefined>();
  /** What stood in the way of the last press on Join, when trying again is enough. */
  trouble = $state('');
  /** Too many come at once: this one waits and is let in without pressing again. */
  waiting = $state('');
  /** A moderator lets people in: a press on Join asks. */
  asks = $state(false);
  /** The question that a moderator has to answer. */
  wait = $state.raw<Wait | undefined>();
  /** The server's own words for an ending that we have none for. */
  sentence = $state('');
  /** Who is inside, as far as this browser may know: guests learn how many, members who. */
  inside = $state.raw<{ count: number; names: string[] }>({ count: 0, names: [] });

  readonly slug: string;
  /** What the room is called; its slug until the server has said so. */
  title = $state('');
  #tell: (event: CallEvent) => void;
  #invitation = invitationIn(location.hash);
  #early: { pass: Pass; at: number } | undefined;
  #stopped = $state<VisitEnding | undefined>();
  #gone = false;
  #want = { microphone: false, camera: false };
  #warming: Promise<void> = Promise.resolve();

  constructor(slug: string, tell: (event: CallEvent) => void) {
    this.slug = slug;
    this.title = slug;
    this.#tell = tell;
  }

  get ending(): VisitEnding | undefined {
    return this.#stopped ?? this.call?.ending;
  }

  /** One word for where this visit is; tests and styles read it from the page. */
  get state(): string {
    return this.ending ?? this.call?.phase ?? this.stage;
  }

  async begin(): Promise<void> {
    if (!isSlug(this.slug)) return this.#stop({ ending: 'notFound' });
    if (!window.isSecureContext) return this.#stop({ ending: 'insecure' });
    const was = insideOf(this.slug);
    const remembered = wishes();
    const media = new LocalMedia(remembered);
    this.media = media;
    this.#want = was ?? remembered;
    this.#warming = media.open(this.#want);
    try {
      await session.restore();
    } catch {
      return this.#stop({ ending: 'unreachable' });
    }
    if (was && session.state === 'in') {
      this.stage = 'joining';
      const said = this.#heard(await this.#patiently(() => comeIn(this.slug)));
      if ('pass' in said) {
        const entered = this.#enter(said.pass);
        void this.#warming.then(() => this.#tellInstead(media));
        return entered;
      }
      if ('place' in said) return this.#ask(said.place);
      if ('ending' in said && said.ending !== 'signedOut') return this.#stop(said);
    }
    this.stage = 'prejoin';
    await this.#look();
  }

  /** The press on Join. */
  async join(name: string): Promise<void> {
    if (this.stage !== 'prejoin') return;
    this.stage = 'joining';
    this.trouble = '';
    if (!session.isMember) keepWishes({ name });
    const early = this.#early;
    const fresh = early !== undefined && Date.now() - early.at < PASS_AGE_MS;
    const ask = () => askToJoin(this.slug, name, this.#invitation);
    const said: Said = fresh ? { pass: early.pass } : this.#heard(await this.#patiently(ask));
    this.#early = undefined;
    if ('pass' in said) {
      return this.#enter(said.pass);
    }
    if ('place' in said) return this.#ask(said.place);
    if ('ending' in said && said.ending !== 'signedOut') return this.#stop(said);
    if (said.uninvited) {
      this.#invitation = undefined;
      this.asks = true;
    }
    this.trouble = said.sentence ?? text.common.unreachable;
    this.stage = 'prejoin';
  }

  /** Waits in the lobby until there is an answer, or the person gives up. */
  async #ask(place: Place): Promise<void> {
    this.asks = true;
    const parts = await Promise.all([import('./lobby/wait.svelte'), import('./lobby/Lobby.svelte')]).catch(
      () => undefined,
    );
    if (this.#gone) return;
    if (!parts) {
      this.trouble = text.common.unreachable;
      this.stage = 'prejoin';
      return;
    }
    const [{ Wait }] = parts;
    this.stage = 'lobby';
    const wait = (this.wait = new Wait(place, () => comeIn(this.slug)));
    const said = await wait.over;
    this.wait = undefined;
    if (this.#gone) return;
    if (said && 'pass' in said) return this.#enter(said.pass);
    if (said && 'ending' in said && said.ending !== 'signedOut') return this.#stop(said);
    this.trouble = said?.sentence ?? '';
    this.stage = 'prejoin';
  }

  #patiently(ask: () => Promise<Said>): Promise<Said> {
    const tell = (seconds: number) => (this.waiting = seconds ? text.join.crowded(seconds) : '');
    return patiently(ask, tell, () => this.#gone);
  }

  /** The page is being left. */
  close(): void {
    this.#gone = true;
    this.wait?.giveUp();
    this.media?.close();
    void this.call?.leave();
  }

  /** What a reload brings back. */
  remember(): void {
    const own = this.call?.own;
    if (own) keepInside({ slug: this.slug, microphone: own.microphone.on, camera: own.camera.on });
  }

  /** Is there such a room, may we in, and who is there? Members ask for their pass at once. */
  async #look(): Promise<void> {
    if (!session.isMember) {
      try {
        const room = await checkRoom(this.slug);
        this.asks = !this.#invitation && (room.waits ?? false);
        this.title = room.title;
        this.inside = { count: room.inside, names: [] };
      } catch (error) {
        const said = refusal(error);
        // of a private room nothing is told, but that one may ask
        if ('ending' in said && said.ending === 'private') this.asks = !this.#invitation;
        else if ('ending' in said) this.#stop(said);
      }
      return;
    }
    // looking ahead would not use it, and find the door closed
    if (this.#invitation) return;
    const said = this.#heard(await comeIn(this.slug, true));
    if ('ending' in said && said.ending !== 'signedOut') return this.#stop(said);
    this.asks = 'place' in said;
    if (!('pass' in said)) return;
    this.#early = { pass: said.pass, at: Date.now() };
    if (said.isPrivate) return;
    const { count, people } = await whoIsInside(said.pass.roomId);
    this.inside = { count, names: people.map((person) => person.name) };
  }

  /** The answer, after a look at what the room is called. */
  #heard(said: Said): Said {
    if (said.title) this.title = said.title;
    return said;
  }

  async #enter(pass: Pass): Promise<void> {
    const [{ Call }] = await Promise.all([import('$lib/call'), this.#warmed()]);
    const media = this.media;
    if (this.#gone || !media) return;
    // What does not run yet, because the browser still asks, comes on when the person has answered.
    const on = (kind: Kind) => media[kind] !== undefined || (media.opening && this.#want[kind]);
    const want = { microphone: on('microphone'), camera: on('camera') };
    const { microphoneId, cameraId, speakerId } = media;
    keepWishes({ microphoneId, cameraId, speakerId });
    const chatKey = `${CHATS}${pass.roomId}`;
    // The talk of one meeting has room in a tab, that of many has not.
    keepOnly(tab, CHATS, chatKey);
    const call = new Call<DoorEnding>({
      admit: () => comeBack(this.slug),
      isBanned: () => isBanned(this.slug),
      tell: this.#tell,
      hand: media.handOver(),
      record: {
        said: () => chat.said(pass.roomId),
        say: (body) => chat.say(pass.roomId, body),
        unsay: (identity, id) => chat.unsay(pass.roomId, identity, id),
      },
      shelf: {
        load: () => read(tab, chatKey, (given) => given),
        save: (kept) => write(tab, chatKey, kept),
      },
    });
    this.call = call;
    rememberRoom(this.slug, this.title);
    await call.join(want, pass);
  }

  /** Who comes in without the screen before hears of it inside. */
  #tellInstead({ instead }: LocalMedia): void {
    for (const device of ['microphone', 'camera', 'speaker'] as const) {
      const found = instead[device];
      if (found) this.#tell({ kind: 'deviceForgotten', device, ...found });
    }
  }

  /** Until camera and microphone run, but not for as long as somebody may think about a question. */
  #warmed(): Promise<void> {
    return Promise.race([this.#warming, new Promise<void>((done) => setTimeout(done, WARMING_MS))]);
  }

  #stop(said: { ending: VisitEnding; sentence?: string }): void {
    this.sentence = said.sentence ?? '';
    this.#stopped = said.ending;
    this.media?.close();
    forgetInside();
  }
}
