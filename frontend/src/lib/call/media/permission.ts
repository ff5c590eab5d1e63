/** Whether a permission is refused, and when it is given after all, where the browser can tell. */
import type { Kind } from './kinds';

/** Calls `then` once. Gives back how to stop waiting. */
export function onceAllowed(kind: Kind, then: () => void): () => void {
  let status: PermissionStatus | undefined;
  let stopped = false;
  const look = () => {
    if (status?.state !== 'granted' || stopped) return;
    stop();
    then();
  };
  const stop = () => {
    stopped = true;
    status?.removeEventListener('change', look);
  };
  // Older browsers do not know these names; then a press on the button asks anew.
  navigator.permissions?.query({ name: kind as PermissionName }).then(
    (found) => {
      status = found;
      if (!stopped) found.addEventListener('change', look);
    },
    () => {},
  );
  return stop;
}

/** Whether the browser says that this page may not have such a device. */
export async function isBlocked(kind: Kind): Promise<boolean> {
  const status = await navigator.permissions?.query({ name: kind as PermissionName }).catch(() => undefined);
  return status?.state === 'denied';
}
