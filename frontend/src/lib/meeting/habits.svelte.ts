/** How a person likes the page to behave in every meeting; kept in this browser. */
import { local, read, write } from '$lib/memory/store';

const KEY = 'bedrud.habits';

interface Kept {
  sounds: boolean;
  readChat: boolean;
  clarity: boolean;
}

class Habits {
  /** Soft tones when somebody comes, goes, raises a hand or writes. */
  sounds = $state(true);
  /** Messages are said by the screen reader as they come. */
  readChat = $state(false);
  /** Noise is taken out of one's own voice. */
  clarity = $state(false);

  constructor() {
    this.#take(read<Partial<Kept>>(local, KEY) ?? {});
  }

  keep(changed: Partial<Kept>): void {
    this.#take(changed);
    write(local, KEY, { sounds: this.sounds, readChat: this.readChat, clarity: this.clarity } satisfies Kept);
  }

  #take({ sounds, readChat, clarity }: Partial<Kept>): void {
    if (typeof clarity === 'boolean') this.clarity = clarity;
    if (typeof sounds === 'boolean') this.sounds = sounds;
    if (typeof readChat === 'boolean') this.readChat = readChat;
  }
}

export const habits = new Habits();
