/** Data packets of people, each with who sent it. The server's own have no sender and are not given here. */
import { RoomEvent, type RemoteParticipant, type Room } from 'livekit-client';

/** Packets that wait for the news of their sender. */
const MOST_WAITING = 100;

type Take = (payload: Uint8Array, sender: RemoteParticipant, topic: string) => void;

/** Calls `take` for each. A packet may outrun the news that its sender came in; it waits for that. */
export function onPacket(room: Room, take: Take): void {
  let waiting: { identity: string; payload: Uint8Array; topic: string }[] = [];
  room.on(RoomEvent.DataReceived, (payload, sender, _kind, topic = '', _encryption, identity = '') => {
    if (sender) take(payload, sender, topic);
    else if (identity) waiting = [...waiting, { identity, payload, topic }].slice(-MOST_WAITING);
  });
  room.on(RoomEvent.ParticipantConnected, (person) => {
    const due = waiting.filter(({ identity }) => identity === person.identity);
    waiting = waiting.filter(({ identity }) => identity !== person.identity);
    for (const { payload, topic } of due) take(payload, person, topic);
  });
}
