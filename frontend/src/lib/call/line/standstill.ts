/**
 * Notices within a second or two that nothing arrives from the SFU any more, as after a change of the network that the
 * browser tells nobody of: ICE itself takes 5 to 15 s. Silence alone is no proof, in a meeting where nobody speaks; so the
 * SFU is sent a packet that its transport has to acknowledge.
 */
import type { Room } from 'livekit-client';
import { arrivedOf, type Arrived } from './line';

const LOOK_MS = 400;
const LOOK_CLOSER_MS = 250;
/** So many close looks without a byte, each after a question, make a standstill. */
const CLOSE_LOOKS = 3;

/** What never flowed does not stand still: a new transport has to show so many looks with bytes first. */
const FLOWING_LOOKS = 3;

/** Calls `lost` at every standstill, and `flows` with every look, until the returned function is called. */
export function watchStandstill(
  room: Room,
  lost: () => void,
  flows: (something: boolean) => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let bytes = Number.POSITIVE_INFINITY;
  let seen = 0;
  let grown = 0;
  let silent = 0;
  let ended = false;
  const count = (now: Arrived | undefined) => {
    const stands = now?.bytes === bytes && grown >= FLOWING_LOOKS;
    silent = stands ? silent + 1 : 0;
    if (!now) return;
    // Less than before: another transport, or another pair of candidates.
    if (now.bytes < bytes) grown = 0;
    else if (now.bytes > bytes) grown += 1;
    bytes = now.bytes;
  };
  const look = async () => {
    const now = await arrived(room);
    if (ended) return;
    flows(now !== undefined && now.bytes !== seen);
    seen = now?.bytes ?? seen;
    count(room.state === 'connected' ? now : undefined);
    if (silent > CLOSE_LOOKS) {
      silent = 0;
      lost();
    }
    if (silent > 0) ask(room);
    // Whoever is far away needs longer to answer.
    const patience = Math.max(LOOK_CLOSER_MS, 1.5 * (now?.roundTripMs ?? 0));
    timer = setTimeout(() => void look(), silent > 0 ? patience : LOOK_MS);
  };
  void look();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}

/** Addressed to oneself, so it reaches nobody; but SCTP acknowledges it (RFC 9260, 6.2), by a packet that is counted. */
function ask(room: Room): void {
  const { localParticipant } = room;
  const options = {
    reliable: false,
    destinationIdentities: [localParticipant.identity],
    topic: 'standstill',
  };
  localParticipant.publishData(new Uint8Array(), options).catch(() => {});
}

/** Everybody's tracks travel by one transport, so any will do. */
async function arrived(room: Room): Promise<Arrived | undefined> {
  const people = [...room.remoteParticipants.values(), room.localParticipant];
  for (const person of people)
    for (const { track } of person.trackPublications.values()) {
      const report = await track?.getRTCStatsReport().catch(() => undefined);
      if (report) return arrivedOf(report.values());
    }
  return undefined;
}
