/** Data packets of people, each with who sent it. The server's own have no sender and are not given here. */
import { RoomEvent, type RemoteParticipant, type Room } from 'livekit-client';

/** Packets that wait for the news of their sender: of one, and of all. */
const MOST_WAITING_EACH = 20;
const MOST_WAITING = 100;

type Take = (payload: Uint8Array, sender: RemoteParticipant, topic: string) => void;

/** Calls `take` for each of these topics. A packet may outrun the news that its sender came in; it waits for that. */
export function onPacket(room: Room, topics: readonly string[], take: Take): void {
  let waiting: { identity: string; payload: Uint8Array; topic: string }[] = [];
  room.on(RoomEvent.DataReceived, (payload, sender, _kind, topic = '', _encryption, identity = '') => {
    if (!topics.includes(topic)) return;
    if (sender) return take(payload, sender, topic);
    const own = waiting.filter((one) => one.identity === identity).length;
    if (identity && own < MOST_WAITING_EACH)
      waiting = [...waiting, { identity, payload, topic }].slice(-MOST_WAITING);
  });
  room.on(RoomEvent.ParticipantConnected, (person) => {
    const due = waiting.filter(({ identity }) => identity === person.identity);
    waiting = waiting.filter(({ identity }) => identity !== person.identity);
    for (const { payload, topic } of due) take(payload, person, topic);
  });
}
