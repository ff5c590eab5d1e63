/** Who stands on the stage in the speaker view: whoever speaks, without jumping at every cough. Pure. */

const TAKES_STAGE_AFTER_MS = 700;

export class Spotlight {
  /** Whose turn it is; stays with the last speaker through silence. */
  on: string | undefined;

  #claim: { by: string; since: number } | undefined;

  /** `present` are those who may be lit, without oneself. Gives back when to look again though nothing happened. */
  look(present: readonly string[], speaking: ReadonlySet<string>, now: number): number | undefined {
    if (this.on === undefined || !present.includes(this.on)) this.on = present[0];
    const speaker = present.find((one) => speaking.has(one));
    if (speaker === undefined || (this.on !== undefined && speaking.has(this.on))) {
      this.#claim = undefined;
      return undefined;
    }
    if (this.#claim === undefined || !speaking.has(this.#claim.by)) this.#claim = { by: speaker, since: now };
    const due = this.#claim.since + TAKES_STAGE_AFTER_MS;
    if (now < due) return due;
    this.on = this.#claim.by;
    this.#claim = undefined;
    return undefined;
  }
}
