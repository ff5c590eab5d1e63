/** Waiting for conditions. Nothing here sleeps for luck: whoever waits says for what, and fails with those words. */

const EVERY_MS = 40;

/** What `ask` throws when waiting longer is of no use. */
export class Hopeless extends Error {}

/** Asks until the answer is neither `undefined` nor `false`; an error of the last try is part of the failure. */
export async function until(what, ask, { withinMs = 30_000, everyMs = EVERY_MS } = {}) {
  const end = Date.now() + withinMs;
  for (let last; ; ) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      last = undefined;
    } catch (error) {
      if (error instanceof Hopeless) throw error;
      last = error;
    }
    if (Date.now() > end) throw new Error(`Waited ${withinMs} ms in vain for ${what}`, { cause: last });
    await pause(everyMs);
  }
}

/**
 * Waits until a counter has grown by so much since now. One that begins anew, as those of a connection do that was made
 * again, has to grow by so much from there.
 */
export async function rising(what, read, by, options) {
  let before = await read();
  const grown = async () => {
    const now = await read();
    before = Math.min(before, now);
    return now >= before + by;
  };
  return until(`${what} to grow by ${by} from ${before}`, grown, options);
}

/** For watching over a stretch of time in which nothing shall happen; never instead of a condition. */
export const pause = (ms) => new Promise((done) => setTimeout(done, ms));
