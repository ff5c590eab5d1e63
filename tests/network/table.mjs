/** The figures of all rows for people, and for programs in build/network.json. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../browser/programs.mjs';
import { rows } from './rows.mjs';

const BAR_FIRST_FRAME_MS = 1000;
const seconds = (ms) => (ms === undefined ? '-' : (ms / 1000).toFixed(2));
const within = (ms, bar) => (bar === undefined ? seconds(ms) : `${seconds(ms)}${ms <= bar ? '' : '!'} (${bar / 1000})`);
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

export function print(played) {
  const lines = [['network', 'works', 'path', 'first frame s (bar 1)', 'longest gap of video s', 'of sound s', 'page says so after s', 'selected pair']];
  for (const [name, result] of Object.entries(played)) {
    const row = rows[name];
    if (!result) {
      lines.push([name, 'NO', '-', '-', '-', '-', '-', '-']);
      continue;
    }
    result.firstFrameMs = median(result.firstFramesMs);
    const path = result.after.at(0);
    lines.push([
      name,
      'yes',
      path?.name ?? 'none',
      `${within(result.firstFrameMs, BAR_FIRST_FRAME_MS)} ${result.firstFramesMs.map(seconds).join(' ')}`,
      within(result.videoGapMs, row.bars?.videoGap),
      within(result.soundGapMs, row.bars?.soundGap),
      row.says ? seconds(result.saidAfterMs) : '',
      path?.told ?? '-',
    ]);
  }
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  console.log(lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd()).join('\n'));
  mkdirSync(join(repository, 'build'), { recursive: true });
  writeFileSync(join(repository, 'build/network.json'), `${JSON.stringify(played, undefined, 2)}\n`);
}
