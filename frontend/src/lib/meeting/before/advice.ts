/** What is missing before a meeting, in a sentence, and what to do about it in this browser. */
import type { Kind, Trouble } from '$lib/call/media/kinds';
import type { LocalMedia } from '$lib/call/media/media.svelte';
import { text } from '$lib/text/meeting';
import { insteadOf } from '../devices/words';
import type { Browser } from './blocked';

/** What is in use instead of what was chosen. */
export const replaced = (instead: LocalMedia['instead']): string =>
  (['microphone', 'camera', 'speaker'] as const)
    .map((device) => instead[device] && insteadOf({ device, ...instead[device] }))
    .filter(Boolean)
    .join(' ');

export function advice(trouble: Partial<Record<Kind, Trouble>>, browser: Browser): string {
  const words = text.join;
  const { microphone, camera } = trouble;
  const way = `${words.allow[browser]} ${words.withoutIt}`;
  if (microphone === camera && camera === 'blocked') return `${words.blockedBoth} ${way}`;
  if (microphone === camera && camera === 'missing') return words.missingBoth;
  const said = [
    camera && { blocked: words.blockedCamera, missing: words.missingCamera, busy: words.busyCamera }[camera],
    microphone &&
      {
        blocked: words.blockedMicrophone,
        missing: words.missingMicrophone,
        busy: words.busyMicrophone,
      }[microphone],
    (camera === 'blocked' || microphone === 'blocked') && way,
  ];
  return said.filter(Boolean).join(' ');
}
