/**
 * Something of one's own that is on or off (microphone, camera, share) and takes a moment to change. Presses that come
 * faster than the device follow are folded: the last one counts.
 */
export class Switch {
  /** What the person asked for last; the controls show this, so that they answer at once. */
  on = $state(false);
  busy = $state(false);

  #applied = false;
  #apply: (on: boolean) => Promise<boolean>;

  /** `apply` makes it so and answers what it is afterwards. */
  constructor(apply: (on: boolean) => Promise<boolean>) {
    this.#apply = apply;
  }

  async set(on: boolean): Promise<void> {
    this.on = on;
    if (this.busy) return;
    this.busy = true;
    try {
      while (this.#applied !== this.on) {
        const target = this.on;
        this.#applied = await this.#apply(target);
        if (this.#applied !== target) this.on = this.#applied;
      }
    } finally {
      this.busy = false;
    }
  }

  toggle(): Promise<void> {
    return this.set(!this.on);
  }

  /** The state became this without being asked: a moderator's doing, or a device that went away. */
  settle(on: boolean): void {
    if (this.busy) return;
    this.#applied = on;
    this.on = on;
  }
}
