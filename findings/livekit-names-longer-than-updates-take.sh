#!/usr/bin/env bash
# livekit-server 1.13.5 (Go module, pinned), livekit-server-sdk 2.19.2 and ws 8.23.0 (npm, pinned). Needs Go 1.26 and Node.js 20.
#
# Expected: the display name in a join token has the limit that the room service has, so that whoever got in can be
#   written back as they are. (An identity has one: 257 bytes are refused when they come.)
# Seen: a name of 257 bytes gets in and is told to everybody, and from then on UpdateParticipant refuses every change that
#   repeats the name: 400 "name length exceeds limits", the limit is 256 bytes (not characters). The same change of a
#   permission without the name is taken. Whoever sends name and permission together cannot mute such a person.
set -euo pipefail
place=$(mktemp -d); server=
trap '[ -z "$server" ] || kill -9 "$server" 2>/dev/null; rm -rf "$place"' EXIT
cd "$place"
printf 'module finding\n\ngo 1.26\n' > go.mod
printf '//go:build tools\n\npackage tools\n\nimport _ "github.com/livekit/livekit-server/cmd/server"\n' > tools.go
CGO_ENABLED=0 go get github.com/livekit/livekit-server/cmd/server@v1.13.5 2> go.log || { cat go.log; exit 2; }
CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o livekit-server github.com/livekit/livekit-server/cmd/server
npm init -y > /dev/null && npm install --no-audit --no-fund --silent livekit-server-sdk@2.19.2 ws@8.23.0

cat > play.mjs <<'END'
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { writeFileSync } from 'node:fs';
import { AccessToken, RoomServiceClient } from 'livekit-server-sdk';
import WebSocket from 'ws';

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
  const enter = async (identity, name) => {
    const token = new AccessToken(key, secret, { identity, name });
    token.addGrant({ roomJoin: true, room: 'room' });
    const socket = new WebSocket(`ws://127.0.0.1:${http}/rtc?access_token=${await token.toJwt()}&protocol=16&sdk=js`);
    return new Promise((told) => {
      socket.once('message', () => told('in'));
      socket.once('unexpected-response', (_, answer) => told(`refused with ${answer.statusCode}`));
    });
  };
  const change = async (identity, update) => {
    try { await rooms.updateParticipant('room', identity, update); return 'taken'; } catch (error) { return `${error.status} ${error.message}`; }
  };
  const permission = { canSubscribe: true, canPublish: false };
  const name = 'é'.repeat(128) + '.'; // 129 characters, 257 bytes
  const seen = {
    'identity of 257 bytes': await enter('i'.repeat(257), 'somebody'),
    'name of 257 bytes': await enter('long', name),
    'told to others, bytes': Buffer.byteLength((await rooms.getParticipant('room', 'long')).name),
    'permission with that name': await change('long', { permission, name }),
    'permission alone': await change('long', { permission }),
    'name of 256 bytes': await enter('fits', 'é'.repeat(128)),
    'permission with 256 bytes': await change('fits', { permission, name: 'é'.repeat(128) }),
  };
  console.log(seen);
  failed = !(seen['identity of 257 bytes'] === 'refused with 400' && seen['name of 257 bytes'] === 'in'
    && seen['told to others, bytes'] === 257 && /^400 .*name length exceeds limits/.test(seen['permission with that name'])
    && seen['permission alone'] === 'taken' && seen['name of 256 bytes'] === 'in' && seen['permission with 256 bytes'] === 'taken');
} finally {
  server.kill('SIGKILL');
}
console.log(failed ? 'CHANGED: this is not what was seen' : 'as seen');
process.exit(failed ? 1 : 0);
END
node play.mjs
