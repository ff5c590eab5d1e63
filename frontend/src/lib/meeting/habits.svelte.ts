/** How a person likes the page to behave in every meeting; kept in this browser. */
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
    this.#take(read<Partial<Kept>>(local, KEY) ?? {});
  }

  keep(changed: Partial<Kept>): void {
    this.#take(changed);
    const { sounds, readChat, clarity, layout, ownApart } = this;
    write(local, KEY, { sounds, readChat, clarity, layout, ownApart } satisfies Kept);
  }

  #take({ sounds, readChat, clarity, layout, ownApart }: Partial<Kept>): void {
    if (typeof clarity === 'boolean') this.clarity = clarity;
    if (typeof sounds === 'boolean') this.sounds = sounds;
    if (layout && layouts.includes(layout)) this.layout = layout;
    if (typeof ownApart === 'boolean') this.ownApart = ownApart;
    if (typeof readChat === 'boolean') this.readChat = readChat;
  }
}

export const habits = new Habits();
