/** What is missing before a meeting, in a sentence, and what to do about it in this browser. */
import type { Kind, Trouble } from '$lib/call/media/kinds';
import { text } from '$lib/text/meeting';
import type { Browser } from './blocked';

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
