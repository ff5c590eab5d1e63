/** A meeting in every network of `rows.mjs`, or in those of the name ROW, each in namespaces of its own; a table, and build/network.json. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import test, { after } from 'node:test';
import { Authority } from './authority.mjs';
import { issue } from './files.mjs';
import { Islands } from './islands.mjs';
import { rows } from './rows.mjs';
import { demand, inside } from './shell.mjs';
import { print } from './table.mjs';

const LONGEST_MS = 180_000;
/** The issue's bar is a second; this machine may be busy with other things. */
const FIRST_FRAME_MS = 4000;
/** The same for gaps. */
const GENEROUS = 2;

/** What the pre-join screen has to say of a path. */
const PROMISE = { udp: 'direct', tcp: 'tcp', 'relay tls': 'relayed', 'relay udp': 'relayed' };

demand({ ip: 'iproute2', nft: 'nftables', tc: 'iproute2', certutil: 'libnss3-tools' });

const played = {};
after(() => print(played));

const chosen = Object.entries(rows).filter(([name]) => name.includes(process.env.ROW ?? ''));
if (chosen.length === 0) throw new Error(`ROW is part of one of these names: ${Object.keys(rows).join(', ')}`);

for (const [name, row] of chosen) {
  test(name, { timeout: LONGEST_MS }, async ({ signal }) => {
    played[name] = undefined;
    const result = (played[name] = await play(name, signal));
    for (const path of [...result.before, ...result.after]) assert.equal(path.name, row.path, path.told);
    assert.equal(result.promised.path, PROMISE[row.path], `before the meeting the page said: ${result.promised.text}`);
    assert.match(result.advice, row.advice ?? /^$/, 'what bedrudctl status says is to be done');
    assert.notEqual(result.after.length, 0, 'no connection is left');
    if (row.family === 6) assert.match(result.after[0].remote, /^\[?[\da-f:]+::/, 'the pair is of IPv6');
    assert.ok(Math.min(...result.firstFramesMs) <= FIRST_FRAME_MS, `first pictures after ${result.firstFramesMs} ms`);
    if (row.says) assert.ok(result.saidAfterMs !== undefined, 'the page does not say what is wrong');
    for (const [figure, bar] of [['videoGapMs', row.bars?.videoGap], ['soundGapMs', row.bars?.soundGap]])
      if (bar) assert.ok(result[figure] <= GENEROUS * bar, `${figure} ${result[figure]}, bar ${bar}`);
  });
}

async function play(name, signal) {
  const mark = `${process.pid}`;
  const islands = new Islands(mark);
  const directory = mkdtempSync(join(tmpdir(), 'bedrud-network-'));
  let authority;
  try {
    islands.open();
    if (!rows[name].files) authority = await Authority.begin(islands.server, directory);
    const tls = JSON.stringify(authority ? Authority.tls(directory) : issue(directory));
    const script = join(import.meta.dirname, 'play.mjs');
    const words = inside(islands.server, process.execPath, script, mark, name, directory, tls);
    const environment = { ...process.env, NODE_EXTRA_CA_CERTS: join(directory, 'authorities.pem') };
    const child = spawn(words[0], words.slice(1), { env: environment, stdio: ['ignore', 'pipe', 'inherit'], signal });
    const ended = once(child, 'close');
    const printed = await text(child.stdout);
    const [status] = await ended;
    assert.equal(status, 0, `the meeting failed: what its people saw is above`);
    return JSON.parse(printed);
  } finally {
    authority?.close();
    islands.close();
    rmSync(directory, { recursive: true, force: true });
  }
}
