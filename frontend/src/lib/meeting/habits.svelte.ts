/** How a person likes the page to behave in every meeting; kept in this browser. */
import { flag, oneOf, some } from '$lib/data/read';
import { local, read, write } from '$lib/memory/store';
import { layouts, type Layout } from './view/layout';

const KEY = 'bedrud.habits';

interface Kept {
  sounds: boolean;
  readChat: boolean;
  clarity: boolean;
  layout: Layout;
  ownApart: boolean;
}

const kept = some({
  sounds: flag,
  readChat: flag,
  clarity: flag,
  layout: oneOf(...layouts),
  ownApart: flag,
});

class Habits {
  /** Soft tones when somebody comes, goes, raises a hand or writes. */
  sounds = $state(true);
  /** Messages are said by the screen reader as they come. */
  readChat = $state(false);
  /** Noise is taken out of one's own voice. */
  clarity = $state(false);
  /** Grid or speaker, as it was looked at last. */
  layout = $state<Layout>('auto');
  /** One's own picture in the corner. */
  ownApart = $state(false);

  constructor() {
    this.#take(read(local, KEY, kept) ?? {});
  }

  keep(changed: Partial<Kept>): void {
    this.#take(changed);
    const { sounds, readChat, clarity, layout, ownApart } = this;
    write(local, KEY, { sounds, readChat, clarity, layout, ownApart } satisfies Kept);
  }

  #take(changed: Partial<Kept>): void {
    Object.assign(this, changed);
  }
}

export const habits = new Habits();
