/** Where this browser keeps the permission for camera and microphone, and when it changes. */
import type { Kind } from '$lib/call/media/kinds';

export type Browser = 'chrome' | 'firefox' | 'safari' | 'iphone' | 'android';

/** Only for words: which of the ways to the permission is told. */
export function browserOf(agent: string): Browser {
  if (/iPhone|iPad/.test(agent)) return 'iphone';
  if (/Firefox\//.test(agent)) return 'firefox';
  if (/Android/.test(agent)) return 'android';
  return /Chrom(e|ium)\//.test(agent) ? 'chrome' : 'safari';
}

/** Tells when a permission is granted after all. Where the browser does not say, nothing happens. */
export function whenGranted(granted: (kind: Kind) => void): () => void {
  const stops: (() => void)[] = [];
  let gone = false;
  for (const kind of ['camera', 'microphone'] as const) {
    navigator.permissions
      ?.query({ name: kind as PermissionName })
      .then((status) => {
        if (gone) return;
        const look = () => status.state === 'granted' && granted(kind);
        status.addEventListener('change', look);
        stops.push(() => status.removeEventListener('change', look));
      })
      .catch(() => undefined);
  }
  return () => {
    gone = true;
    for (const stop of stops) stop();
  };
}
