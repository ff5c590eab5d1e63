/** Who is speaking, only the server says, and it says so by its signalling. */
import type { Room } from 'livekit-client';

/**
 * Before, it was told by data packets. livekit-server 1.13 hands such packets on from anybody to everybody (it logs that
 * it does not know them), and livekit-client 2.23 still believes them: any guest could let others seem to speak.
 */
const OLD_NEWS = 'activeSpeakersUpdate';

interface Engine {
  emit(event: string, ...more: unknown[]): boolean;
}

function deafen(engine: Engine | undefined): Engine | undefined {
  if (!engine) return engine;
  const emit = engine.emit.bind(engine);
  engine.emit = (event, ...more) => event !== OLD_NEWS && emit(event, ...more);
  return engine;
}

/** Holds for every engine that this room makes: it makes a new one when it has to connect anew. */
export function hearSpeakersFromServerOnly(room: Room): void {
  let engine = deafen(room.engine as unknown as Engine);
  Object.defineProperty(room, 'engine', {
    configurable: true,
    enumerable: true,
    get: () => engine,
    set: (fresh: Engine | undefined) => (engine = deafen(fresh)),
  });
}
