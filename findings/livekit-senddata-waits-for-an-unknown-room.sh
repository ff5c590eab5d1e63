#!/usr/bin/env bash
# livekit-server 1.13.5 (Go module, pinned) and livekit-server-sdk 2.19.2 (npm, pinned). Needs Go 1.26 and Node.js 20.
#
# Expected: SendData to a room that nobody has made answers as its neighbours in the room service do.
# Seen: RemoveParticipant, DeleteRoom and UpdateRoomMetadata say 404 within some milliseconds, ListParticipants an empty
#   list; SendData says nothing for three seconds, then 503 "no response from servers". In a room that exists and is empty it
#   succeeds at once. A goodbye sent before a room is deleted costs these three seconds when nobody was ever inside.
set -euo pipefail
place=$(mktemp -d); server=
trap '[ -z "$server" ] || kill -9 "$server" 2>/dev/null; rm -rf "$place"' EXIT
cd "$place"
printf 'module finding\n\ngo 1.26\n' > go.mod
printf '//go:build tools\n\npackage tools\n\nimport _ "github.com/livekit/livekit-server/cmd/server"\n' > tools.go
CGO_ENABLED=0 go get github.com/livekit/livekit-server/cmd/server@v1.13.5 2> go.log || { cat go.log; exit 2; }
CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o livekit-server github.com/livekit/livekit-server/cmd/server
npm init -y > /dev/null && npm install --no-audit --no-fund --silent livekit-server-sdk@2.19.2

cat > play.mjs <<'END'
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { writeFileSync } from 'node:fs';
import { DataPacket_Kind, RoomServiceClient } from 'livekit-server-sdk';

const free = () => new Promise((found) => {
  const listener = createServer().listen(0, '127.0.0.1', () => {
    const { port } = listener.address();
    listener.close(() => found(port));
  });
});
const [http, tcp, udp] = [await free(), await free(), await free()];
const [key, secret] = ['finding', 'a-secret-of-this-finding-and-of-nothing-else'];
writeFileSync('livekit.yaml', JSON.stringify({
  port: http, bind_addresses: ['127.0.0.1'], keys: { [key]: secret }, logging: { level: 'error' },
  rtc: { tcp_port: tcp, udp_port: udp, node_ip: '127.0.0.1', use_external_ip: false },
}));
const server = spawn('./livekit-server', ['--config', 'livekit.yaml'], { stdio: 'ignore' });
let failed = true;
try {
  const rooms = new RoomServiceClient(`http://127.0.0.1:${http}`, key, secret);
  for (let tries = 0; ; tries += 1) {
    try { await rooms.createRoom({ name: 'room' }); break; } catch (error) { if (tries > 100) throw error; }
    await new Promise((next) => setTimeout(next, 100));
  }
  const ask = async (call) => {
    const began = Date.now();
    let said;
    try { const answer = await call(); said = Array.isArray(answer) ? `${answer.length} people` : 'done'; } catch (error) { said = `${error.status} ${error.message}`; }
    return { said, seconds: Math.round((Date.now() - began) / 100) / 10 };
  };
  const send = (room) => () => rooms.sendData(room, new TextEncoder().encode('bye'), DataPacket_Kind.RELIABLE, {});
  await ask(() => rooms.listRooms()); // the first call opens the connection
  const seen = {
    list: await ask(() => rooms.listParticipants('nowhere')),
    remove: await ask(() => rooms.removeParticipant('nowhere', 'nobody')),
    'delete': await ask(() => rooms.deleteRoom('nowhere')),
    metadata: await ask(() => rooms.updateRoomMetadata('nowhere', 'x')),
    send: await ask(send('nowhere')),
    'send, room made and empty': await ask(send('room')),
  };
  console.table(seen);
  const quick = ['list', 'remove', 'delete', 'metadata', 'send, room made and empty'].every((name) => seen[name].seconds < 1);
  const unknown = ['remove', 'delete', 'metadata'].every((name) => seen[name].said.startsWith('404'));
  failed = !(quick && unknown && seen.list.said === '0 people' && seen.send.seconds >= 2.5
    && /^503 .*no response from servers/.test(seen.send.said) && seen['send, room made and empty'].said === 'done');
} finally {
  server.kill('SIGKILL');
}
console.log(failed ? 'CHANGED: this is not what was seen' : 'as seen');
process.exit(failed ? 1 : 0);
END
node play.mjs
