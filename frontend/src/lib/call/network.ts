/**
 * Notices that the device's network changed. livekit-client itself finds out by a ping that times out after 15 s;
 * provoking its reconnect at once makes that one to two seconds.
 */
import type { Room } from 'livekit-client';

const PAUSE_MS = 3000;

/** Watches until the returned function is called. */
export function watchNetwork(room: Room): () => void {
  let last = 0;
  const provoke = () => {
    if (room.state !== 'connected' || Date.now() - last < PAUSE_MS) return;
    last = Date.now();
    // The only public way to make the client resume its signalling now.
    void room.simulateScenario('signal-reconnect');
  };
  const connection = (navigator as Navigator & { connection?: EventTarget }).connection;
  globalThis.addEventListener('online', provoke);
  connection?.addEventListener('change', provoke);
  return () => {
    globalThis.removeEventListener('online', provoke);
    connection?.removeEventListener('change', provoke);
  };
}
