/**
 * By which path media will travel between this browser and the server, found by connecting to the SFU for a moment: in a
 * room of its own, sending and receiving nothing.
 */
import { Room, RoomEvent, setLogLevel } from 'livekit-client';
import { readLine, type Path as Way } from './line';

/** All but `none` work; `tcp` less smoothly. */
export type Path = Way | 'none';

const PATIENCE_MS = 10_000;
/** The first way that opens need not be the best: a relay may be ahead of TCP by a moment. */
const SETTLES_MS = 500;

setLogLevel('warn');

/** `undefined` where nothing was found out, because the server could not be asked. */
export async function findPath({
  livekitHost,
  token,
}: {
  livekitHost: string;
  token: string;
}): Promise<Path | undefined> {
  const room = new Room();
  let signalling = false;
  room.once(RoomEvent.SignalConnected, () => (signalling = true));
  try {
    await room.connect(livekitHost, token, { maxRetries: 0, peerConnectionTimeout: PATIENCE_MS });
    const first = await pathOf(room);
    if (first === 'direct') return first;
    await new Promise((done) => setTimeout(done, SETTLES_MS));
    return await pathOf(room);
  } catch {
    return signalling ? 'none' : undefined;
  } finally {
    void room.disconnect();
  }
}

async function pathOf(room: Room): Promise<Path | undefined> {
  const report = await room.engine.pcManager?.publisher.getStats();
  return report && readLine([...report.values()], new Map()).path;
}
