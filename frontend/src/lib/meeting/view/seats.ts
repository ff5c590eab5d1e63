/**
 * Who sits where, page by page: the first `size` people are the first page. Nobody is moved, except that somebody
 * off the first page who speaks for two seconds takes the seat of whoever there has been silent longest. Until then
 * they are shown beside the page. Pure: time and speech come in, an order comes out.
 */

/** Speech has pauses; shorter ones are part of it. */
const BREATH_MS = 800;
const TAKES_SEAT_AFTER_MS = 2000;

export interface Moment {
  /** Everybody there is a seat for, in the order they came. */
  present: readonly string[];
  speaking: ReadonlySet<string>;
  /** These keep their seats: oneself, and whom one is looking at. */
  fixed: ReadonlySet<string>;
  /** Seats of a page. */
  size: number;
  /** Milliseconds, only ever growing. */
  now: number;
}

export class Seats {
  /** Replaced, never changed in place, and only when somebody's seat is another. */
  order: readonly string[] = [];

  #began = new Map<string, number>();
  #spoke = new Map<string, number>();

  /** Looks at the room again. Gives back when the next look is due though nothing may have happened until then. */
  look(moment: Moment): number | undefined {
    this.#listen(moment);
    const order = this.#settle(moment);
    this.#seatSpeakers(order, moment);
    const same = order.length === this.order.length && order.every((one, i) => one === this.order[i]);
    if (!same) this.order = order;
    const claims = order.slice(moment.size).flatMap((one) => this.#began.get(one) ?? []);
    const dues = claims.map((began) => began + TAKES_SEAT_AFTER_MS).filter((due) => due > moment.now);
    return dues.length ? Math.min(...dues) : undefined;
  }

  /** The pages behind the first, put in order of last speech. Only while nobody looks at them. */
  sortRest(size: number): void {
    const rest = this.order.slice(size);
    const sorted = [...rest].sort((a, b) => this.#lastSpoke(b) - this.#lastSpoke(a));
    if (sorted.some((one, i) => one !== rest[i])) this.order = [...this.order.slice(0, size), ...sorted];
  }

  #lastSpoke(one: string): number {
    return this.#spoke.get(one) ?? Number.NEGATIVE_INFINITY;
  }

  #listen({ present, speaking, now }: Moment): void {
    for (const one of present) {
      if (!speaking.has(one)) {
        if (now - this.#lastSpoke(one) > BREATH_MS) this.#began.delete(one);
        continue;
      }
      if (!this.#began.has(one)) this.#began.set(one, now);
      this.#spoke.set(one, now);
    }
  }

  /** Everybody on their old seat; a hole on the first page is filled from behind instead of moving up all the rest. */
  #settle({ present, size }: Moment): string[] {
    const here = new Set(present);
    const known = new Set(this.order);
    const order = [...this.order];
    const newcomers = present.filter((one) => !known.has(one));
    const rest = order.slice(size).filter((one) => here.has(one));
    rest.sort((a, b) => this.#lastSpoke(b) - this.#lastSpoke(a));
    for (const [seat, one] of order.slice(0, size).entries()) {
      if (here.has(one)) continue;
      const next = rest.shift();
      if (next === undefined) break;
      order[order.indexOf(next)] = one;
      order[seat] = next;
    }
    for (const gone of known) {
      if (here.has(gone)) continue;
      this.#began.delete(gone);
      this.#spoke.delete(gone);
    }
    return [...order.filter((one) => here.has(one)), ...newcomers];
  }

  #seatSpeakers(order: string[], { size, speaking, fixed, now }: Moment): void {
    for (let from = size; from < order.length; from += 1) {
      const one = order[from] as string;
      const began = this.#began.get(one);
      if (began === undefined || !speaking.has(one) || now - began < TAKES_SEAT_AFTER_MS) continue;
      const seat = this.#mostSilent(order.slice(0, size), speaking, fixed);
      if (seat === undefined) return;
      order[from] = order[seat] as string;
      order[seat] = one;
    }
  }

  /** Of those who never spoke, the last: newcomers sit at the end, and eyes begin at the start. */
  #mostSilent(page: string[], speaking: ReadonlySet<string>, fixed: ReadonlySet<string>): number | undefined {
    let found: number | undefined;
    for (const [seat, one] of page.entries()) {
      if (speaking.has(one) || fixed.has(one) || this.#began.has(one)) continue;
      if (found === undefined || this.#lastSpoke(one) <= this.#lastSpoke(page[found] as string)) found = seat;
    }
    return found;
  }
}
