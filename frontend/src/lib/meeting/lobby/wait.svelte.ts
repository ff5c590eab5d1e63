/** Somebody's question at the door: told of their place by the server, until a moderator answers or they give up. */
import { ApiError } from '$lib/api/http';
import { followTurn, giveUp } from '$lib/api/lobby';
import { refusal, type Place, type Said } from '../before/door';

/** A line that broke is made anew after this time. */
const PAUSE_MS = 2000;

export class Wait {
  place = $state.raw<Place | undefined>();
  /** The answer; nothing where the person gave up. */
  readonly over: Promise<Said | undefined>;

  #end = new AbortController();

  /** `ask` asks the door once more. */
  constructor(place: Place, ask: () => Promise<Said>) {
    this.place = place;
    this.over = this.#follow(place, ask);
  }

  /** Nobody waits any more, also when the page is being closed. */
  giveUp(): void {
    if (this.#end.signal.aborted) return;
    this.#end.abort();
    const { roomId, ticket } = this.place ?? {};
    if (roomId && ticket) void giveUp(roomId, ticket).catch(() => {});
  }

  async #follow(place: Place, ask: () => Promise<Said>): Promise<Said | undefined> {
    for (;;) {
      const told = await this.#listen(place);
      if (this.#end.signal.aborted) return undefined;
      if (told && typeof told !== 'string') return told;
      if (!told) await new Promise((done) => setTimeout(done, PAUSE_MS));
      const said = await ask();
      if (this.#end.signal.aborted) return undefined;
      if ('pass' in said || 'ending' in said) return said;
      if ('place' in said) this.place = place = said.place;
      else await new Promise((done) => setTimeout(done, (said.waitSeconds ?? 0) * 1000 + PAUSE_MS));
    }
  }

  /** The last word: that one may come in, that one may not, or nothing where the line broke. */
  async #listen({ roomId, ticket }: Place): Promise<Said | 'admitted' | undefined> {
    if (!ticket) return undefined;
    try {
      for await (const turn of followTurn(roomId, ticket, this.#end.signal)) {
        if (turn.status === 'admitted') return 'admitted';
        if (turn.status === 'refused') {
          return refusal(new ApiError(403, turn.code ?? '', turn.error ?? ''));
        }
        const { place = 1, waiting = 1, moderatorInside = false } = turn;
        this.place = { roomId, ticket, place, waiting, moderatorInside };
      }
    } catch {
      // the next question tells what it is
    }
    return undefined;
  }
}
