#!/usr/bin/env bash
# livekit-server 1.13.5 (Go module, pinned), livekit-server-sdk 2.19.2 and ws 8.18.0 (npm, pinned). Needs Linux, Go 1.26 and
# Node.js 20.
#
# Expected: what a participant costs is much the same for each of them; who names browser and version when joining has said
#   what a server may want to know of their browser.
# Seen: the first join that says sdk=js costs some 25 MB that stay, and 130 to 250 ms of a CPU, browser named or not: all rules
#   of a parser of user agents are compiled then, each a regular expression. Joins of other kinds before it, and browsers after
#   it, cost 0 to 2 MB. An idle server measured before anybody came is therefore no measure of an idle server, and the first
#   picture after each restart waits for this.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
printf 'module finding\n\ngo 1.26\n' > go.mod
printf '//go:build tools\n\npackage tools\n\nimport _ "github.com/livekit/livekit-server/cmd/server"\n' > tools.go
CGO_ENABLED=0 go get github.com/livekit/livekit-server/cmd/server@v1.13.5 2> go.log || { cat go.log; exit 2; }
CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o livekit-server github.com/livekit/livekit-server/cmd/server
npm init -y > /dev/null && npm install --no-audit --no-fund --silent livekit-server-sdk@2.19.2 ws@8.18.0
cat > play.mjs <<'END'
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
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
const server = spawn('./livekit-server', ['--config', 'livekit.yaml'], { stdio: 'ignore', env: { PATH: process.env.PATH } });
let failed = true;
const usage = () => {
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
  const stat = readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return { megabytes: Number(/RssAnon:\s+(\d+)/.exec(status)[1]) / 1024, ms: (Number(stat[11]) + Number(stat[12])) * 10 };
};
/** Joins as a client does, hears the first answer, and goes. */
const join = async (identity, sdk) => {
  const token = new AccessToken(key, secret, { identity });
  token.addGrant({ roomJoin: true, room: 'room' });
  const asked = new URLSearchParams({ access_token: await token.toJwt(), auto_subscribe: '1', protocol: '16', sdk, version: '2.15.0', browser: 'Chrome', browser_version: '130' });
  const before = usage();
  const socket = new WebSocket(`ws://127.0.0.1:${http}/rtc?${asked}`, { headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36' } });
  await new Promise((done, broken) => { socket.once('message', done); socket.once('error', broken); });
  await new Promise((next) => setTimeout(next, 1000));
  const after = usage();
  socket.close();
  return { megabytes: Math.round(after.megabytes - before.megabytes), ms: after.ms - before.ms };
};
try {
  const rooms = new RoomServiceClient(`http://127.0.0.1:${http}`, key, secret);
  for (let tries = 0; ; tries += 1) {
    try { await rooms.createRoom({ name: 'room' }); break; } catch (error) { if (tries > 100) throw error; }
    await new Promise((next) => setTimeout(next, 100));
  }
  const seen = { 'go, first': await join('ada', 'go'), 'go, second': await join('bob', 'go'), 'js, first': await join('cleo', 'js'), 'js, second': await join('dan', 'js') };
  console.table(seen);
  const { 'js, first': first, ...others } = seen;
  failed = first.megabytes < 10 || Object.values(others).some(({ megabytes }) => megabytes > 5);
  console.log(failed ? 'this has changed' : 'as seen');
} finally {
  server.kill('SIGKILL');
}
process.exit(failed ? 1 : 0);
END
node play.mjs
