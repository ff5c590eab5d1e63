/**
 * Notices that the way to the SFU broke: the device's network changed, nothing arrives, or ICE lost its path. livekit-client
 * itself finds out by a ping that times out after 15 s; provoking its reconnect at once makes that one to two seconds.
 */
import { RoomEvent, type Room } from 'livekit-client';
import { watchStandstill } from './standstill';

const PAUSE_MS = 3000;
/** A path that flickers for less than this mends itself. */
const FLICKER_MS = 700;

const occasions = [
  RoomEvent.Reconnected,
  RoomEvent.LocalTrackPublished,
  RoomEvent.TrackSubscribed,
  RoomEvent.SignalConnected,
] as const;

/** Watches until the returned function is called; `flows` is told again and again whether anything arrives. */
export function watchNetwork(room: Room, flows: (something: boolean) => void): () => void {
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
  const unwatchPaths = watchPaths(room, provoke);
  const unwatchStandstill = watchStandstill(room, provoke, flows);
  return () => {
    globalThis.removeEventListener('online', provoke);
    connection?.removeEventListener('change', provoke);
    unwatchPaths();
    unwatchStandstill();
  };
}

/** Calls `lost` when the path of any track's transport is gone for longer than a flicker. */
function watchPaths(room: Room, lost: () => void): () => void {
  const watched = new Map<RTCIceTransport, () => void>();
  const watch = (path: RTCIceTransport | undefined) => {
    if (!path || watched.has(path)) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      clearTimeout(timer);
      if (path.state !== 'disconnected' && path.state !== 'failed') return;
      timer = setTimeout(lost, FLICKER_MS);
    };
    path.addEventListener('statechange', look);
    watched.set(path, () => {
      clearTimeout(timer);
      path.removeEventListener('statechange', look);
    });
  };
  const find = () => pathsOf(room).forEach(watch);
  // After the handlers of livekit-client, which set the sender.
  const soon = () => setTimeout(find, 0);
  for (const occasion of occasions) room.on(occasion, soon);
  find();
  return () => {
    for (const occasion of occasions) room.off(occasion, soon);
    for (const unwatch of watched.values()) unwatch();
  };
}

function pathsOf(room: Room): (RTCIceTransport | undefined)[] {
  const everybody = [room.localParticipant, ...room.remoteParticipants.values()];
  const tracks = everybody.flatMap((one) => [...one.trackPublications.values()].map((each) => each.track));
  return tracks.map((track) => {
    if (!track) return undefined;
    const end = 'sender' in track ? track.sender : 'receiver' in track ? track.receiver : undefined;
    return end?.transport?.iceTransport;
  });
}
