/** What a connection is like, out of the browser's own statistics. Pure but for asking them. */
import { Track, type Participant } from 'livekit-client';

export type Path = 'direct' | 'tcp' | 'relayed';

/** One look at the line; what the browser does not tell is left out. */
export interface Line {
  /** One's own way to the server, the same for everybody's tracks. */
  path?: Path;
  /** The relay is reached by TLS, as where only 443 is open. */
  throughTls?: boolean;
  /** To the server and back. */
  roundTripMs?: number;
  /** Packets lost on the way between this browser and the server, of 100; since the last look where there is one. */
  lossPercent?: number;
  width?: number;
  height?: number;
  framesPerSecond?: number;
}

interface Entry {
  id: string;
  type: string;
  [more: string]: unknown;
}
/** Counters of an earlier look, so that the present is told and not the mean of an hour. */
export type Counters = Map<string, { lost: number; whole: number }>;

const number = (value: unknown) => (typeof value === 'number' ? value : undefined);

/** What came from the server so far, whatever it was but for ICE's own questions and answers. */
export interface Arrived {
  bytes: number;
  roundTripMs?: number;
}

export function arrivedOf(report: Iterable<Entry>): Arrived {
  const arrived: Arrived = { bytes: 0 };
  for (const entry of report) {
    if (entry.type !== 'candidate-pair') continue;
    arrived.bytes += number(entry.bytesReceived) ?? 0;
    const seconds = number(entry.currentRoundTripTime);
    if (seconds !== undefined) arrived.roundTripMs = Math.max(arrived.roundTripMs ?? 0, seconds * 1000);
  }
  return arrived;
}

/** Reads reports of one person's tracks. `before` is brought up to date. */
export function readLine(reports: Iterable<Entry>, before: Counters): Line {
  const entries = [...reports];
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const line: Line = {};
  for (const entry of entries) {
    if (entry.type === 'transport') readPath(line, byId, byId.get(String(entry.selectedCandidatePairId)));
    // Firefox marks the pair itself.
    if (entry.type === 'candidate-pair' && entry.selected === true) readPath(line, byId, entry);
    const isVideo = entry.kind === 'video' && (entry.type === 'inbound-rtp' || entry.type === 'outbound-rtp');
    // Of several sizes that are sent, the largest one that is really made.
    if (isVideo && (number(entry.frameWidth) ?? 0) > (line.width ?? 0) && entry.framesPerSecond !== 0) {
      line.width = number(entry.frameWidth);
      line.height = number(entry.frameHeight);
      line.framesPerSecond = number(entry.framesPerSecond);
    }
  }
  line.lossPercent = lossOf(entries, byId, before);
  return line;
}

function readPath(line: Line, byId: Map<string, Entry>, pair: Entry | undefined): void {
  if (!pair) return;
  const seconds = number(pair.currentRoundTripTime);
  if (seconds !== undefined) line.roundTripMs = Math.round(seconds * 1000);
  const local = byId.get(String(pair.localCandidateId));
  const remote = byId.get(String(pair.remoteCandidateId));
  if (!local) return;
  // Where the server is behind NAT, what came through the relay looks reflexive; only a relayed one has a relayProtocol.
  const relayed = [local, remote].some((end) => end?.candidateType === 'relay' || end?.relayProtocol);
  line.path = relayed ? 'relayed' : local.protocol === 'tcp' ? 'tcp' : 'direct';
  line.throughTls = relayed && local.relayProtocol === 'tls';
}

/** Of what comes, the browser counts itself; of what goes, the server reports. */
function lossOf(entries: Entry[], byId: Map<string, Entry>, before: Counters): number | undefined {
  let [lost, whole] = [0, 0];
  for (const entry of entries) {
    const arrives = entry.type === 'inbound-rtp';
    if (!arrives && entry.type !== 'remote-inbound-rtp') continue;
    const sent = byId.get(String(entry.localId))?.packetsSent;
    const nowLost = Math.max(0, number(entry.packetsLost) ?? 0);
    const nowWhole = arrives ? (number(entry.packetsReceived) ?? 0) + nowLost : (number(sent) ?? 0);
    const then = before.get(entry.id) ?? { lost: 0, whole: 0 };
    before.set(entry.id, { lost: nowLost, whole: nowWhole });
    lost += Math.max(0, nowLost - then.lost);
    whole += Math.max(0, nowWhole - then.whole);
  }
  return whole > 0 ? Math.min(100, (100 * lost) / whole) : undefined;
}

/** The statistics of all that comes from somebody, or of what one sends oneself. */
export async function reportsOf(participant: Participant): Promise<Entry[]> {
  const sources = [Track.Source.Camera, Track.Source.Microphone, Track.Source.ScreenShare];
  const tracks = sources.map((source) => participant.getTrackPublication(source)?.track);
  const reports = await Promise.all(tracks.map((track) => track?.getRTCStatsReport().catch(() => undefined)));
  return reports.flatMap((report) => (report ? [...(report.values() as IterableIterator<Entry>)] : []));
}
