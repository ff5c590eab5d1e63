/**
 * How one person looks at the meeting: grid or stage, whom they pinned, which page, who sits where. Theirs alone;
 * nobody else sees any of it. Reads the people, never changes them.
 */
import { untrack } from 'svelte';
import type { Person } from '$lib/call';
import type { Layout } from './layout';
import { Seats } from './seats';
import { Spotlight } from './spotlight';

/** Something that can fill a tile or the stage: somebody's camera, or their screen. */
export interface Subject {
  key: string;
  person: Person;
  screen: boolean;
}

const SPEAKER_STAYS_MS = 1500;

export const subjectKey = (person: Person, screen: boolean) => `${person.identity}${screen ? '/screen' : ''}`;
const subject = (person: Person, screen: boolean): Subject => ({
  key: subjectKey(person, screen),
  person,
  screen,
});

export class View {
  layout = $state<Layout>('auto');
  /** One's own picture floats in the corner instead of having a tile. */
  ownApart = $state(false);
  pinned = $state<string | undefined>();
  page = $state(0);
  /** Seats of the first page, or of what is seen of the strip; whoever draws them says so. */
  size = $state(25);
  /** Whose connection is asked about. */
  inspected = $state.raw<Person | undefined>();

  #people: () => Person[];
  #seats = new Seats();
  #spotlight = new Spotlight();
  #order = $state.raw<readonly string[]>([]);
  #lit = $state<string | undefined>();
  #heard = $state<string | undefined>();
  #heardUntil = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly #byIdentity = $derived.by(() => new Map(this.#people().map((one) => [one.identity, one])));
  readonly shares: Subject[] = $derived.by(() =>
    this.#people()
      .filter((one) => one.screen !== undefined && !one.isLocal)
      .sort((a, b) => a.sharesSince - b.sharesSince)
      .map((one) => subject(one, true)),
  );

  /** What fills the stage; nothing means the grid. */
  readonly stage: Subject | undefined = $derived.by(() => {
    const pinned = this.#pinnedSubject;
    if (pinned || this.layout === 'grid') return pinned;
    const share = this.shares.at(-1);
    if (share || this.layout === 'auto') return share;
    const lit = this.#byIdentity.get(this.#lit ?? '');
    return lit && subject(lit, false);
  });

  readonly #pinnedSubject: Subject | undefined = $derived.by(() => {
    const [identity = '', kind] = this.pinned?.split('/') ?? [];
    const person = this.#byIdentity.get(identity);
    const there = person && (kind === undefined || person.screen !== undefined);
    return there ? subject(person, kind !== undefined) : undefined;
  });

  /** Whether one's own picture is in the corner now: alone one is the whole grid. */
  readonly cornered: boolean = $derived.by(() => this.ownApart && this.#byIdentity.size > 1);

  /** Everybody who has a seat, in seat order; whoever stands on the stage has none meanwhile. */
  readonly seated: Person[] = $derived.by(() => {
    const onStage = this.stage && !this.stage.screen ? this.stage.person.identity : undefined;
    const seated = this.#order.flatMap((identity) => this.#byIdentity.get(identity) ?? []);
    return seated.filter((one) => one.identity !== onStage);
  });

  /** Who speaks and has no picture on this page: shown beside it, so that no tile has to move. */
  readonly elsewhere: Person | undefined = $derived.by(() => this.#byIdentity.get(this.#heard ?? ''));

  /** Who matters now, where there is room for one only. */
  readonly spot: Subject | undefined = $derived.by(() => {
    const one = this.#byIdentity.get(this.#lit ?? '') ?? this.#people()[0];
    return this.stage ?? (one && subject(one, false));
  });

  /** Begins as one looked at the meeting before this one. */
  constructor(people: () => Person[], before?: { layout: Layout; ownApart: boolean }) {
    this.#people = people;
    this.layout = before?.layout ?? 'auto';
    this.ownApart = before?.ownApart ?? false;
  }

  /** Grid to stage and back. What somebody pinned is let go. */
  toggle(): void {
    this.layout = this.stage ? 'grid' : 'speaker';
    this.pinned = undefined;
  }

  choose(layout: Layout): void {
    this.layout = layout;
    this.pinned = undefined;
  }

  pin(key: string | undefined): void {
    this.pinned = key;
  }

  turn(page: number): void {
    if (this.page === 0) {
      this.#seats.sortRest(this.size);
      this.#order = this.#seats.order;
    }
    this.page = page;
  }

  /** For an effect: looks whenever somebody comes, goes, speaks or falls silent, or the room for tiles changes. */
  watch(): () => void {
    const speaking = new Set(this.#people().flatMap((one) => (one.speaking ? one.identity : [])));
    const present = this.#people().filter((one) => !(one.isLocal && this.cornered));
    const shown = new Set(this.#shown());
    void this.size;
    untrack(() => this.#look(present, speaking, shown));
    return () => clearTimeout(this.#timer);
  }

  /** A new share takes the stage also from who had chosen the grid. */
  watchShares(): void {
    const newest = this.shares.at(-1)?.key;
    untrack(() => {
      if (newest && this.layout === 'grid') this.layout = 'auto';
    });
  }

  #shown(): string[] {
    const from = this.stage ? 0 : this.page * this.size;
    const seated = this.seated.slice(from, from + this.size).map((one) => one.identity);
    const own = this.cornered ? this.#people().filter((one) => one.isLocal) : [];
    const onStage = this.stage && !this.stage.screen ? [this.stage.person] : [];
    return [...seated, ...[...own, ...onStage].map((one) => one.identity)];
  }

  #look(present: Person[], speaking: ReadonlySet<string>, shown: ReadonlySet<string>): void {
    const now = performance.now();
    const fixed = new Set(present.flatMap((one) => (one.isLocal ? one.identity : [])));
    const identities = present.map((one) => one.identity);
    const others = present.flatMap((one) => (one.isLocal ? [] : one.identity));
    const moment = { present: identities, speaking, fixed, size: this.size, now };
    const dues = [
      this.#seats.look(moment),
      this.#spotlight.look(others, speaking, now),
      this.#hear(others, speaking, shown, now),
    ].filter((due) => due !== undefined);
    this.#order = this.#seats.order;
    this.#lit = this.#spotlight.on;
    clearTimeout(this.#timer);
    if (dues.length) {
      this.#timer = setTimeout(() => this.#look(present, speaking, shown), Math.min(...dues) - now + 1);
    }
  }

  #hear(
    others: string[],
    speaking: ReadonlySet<string>,
    shown: ReadonlySet<string>,
    now: number,
  ): number | undefined {
    const speaker = others.find((one) => speaking.has(one) && !shown.has(one));
    if (speaker !== undefined) {
      const stays = this.#heard !== undefined && speaking.has(this.#heard) && !shown.has(this.#heard);
      if (!stays) this.#heard = speaker;
      this.#heardUntil = now + SPEAKER_STAYS_MS;
      return undefined;
    }
    if (this.#heard === undefined) return undefined;
    if (shown.has(this.#heard) || now >= this.#heardUntil) this.#heard = undefined;
    return this.#heard === undefined ? undefined : this.#heardUntil;
  }
}
