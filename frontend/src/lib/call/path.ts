/**
 * By which path media will travel between this browser and the server, found by connecting to the SFU for a moment: in a
 * room of its own, sending and receiving nothing.
 */
import { Room, RoomEvent, setLogLevel } from 'livekit-client';

/** `tcp` and `relayed` work, the one less smoothly, the other by way of the server's web port; `none` does not. */
export type Path = 'direct' | 'tcp' | 'relayed' | 'none';

const PATIENCE_MS = 10_000;

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
    return await pathOf(room);
  } catch {
    return signalling ? 'none' : undefined;
  } finally {
    void room.disconnect();
  }
}

async function pathOf(room: Room): Promise<Path | undefined> {
  const report = (await room.engine.pcManager?.publisher.getStats()) as Map<string, Entry> | undefined;
  const entries = [...(report?.values() ?? [])];
  // Chromium names the pair in its transport; Firefox marks the pair itself.
  const named = entries.find((entry) => entry.selectedCandidatePairId)?.selectedCandidatePairId;
  const pair = entries.find((entry) => (named ? entry.id === named : entry.selected));
  const local = pair?.localCandidateId && report?.get(pair.localCandidateId);
  if (!local) return undefined;
  // Behind a server's NAT, what came through the relay is seen from another address: reflexive, but relayed.
  if (local.candidateType === 'relay' || local.relayProtocol) return 'relayed';
  return local.protocol === 'tcp' ? 'tcp' : 'direct';
}

interface Entry {
  id: string;
  selectedCandidatePairId?: string;
  selected?: boolean;
  localCandidateId?: string;
  candidateType?: string;
  relayProtocol?: string;
  protocol?: string;
}
