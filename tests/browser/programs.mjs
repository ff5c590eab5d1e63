/** Where the programs under test are: the same variables as the Rust suites read, else what `make` built. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const repository = join(import.meta.dirname, '..', '..');

export const bedrud = () => found('BEDRUD_BIN', 'target/debug/bedrud', 'make programs');
export const bedrudctl = () => found('BEDRUDCTL_BIN', 'target/debug/bedrudctl', 'make programs');
export const crowd = () => found('BEDRUD_CROWD', 'target/debug/crowd', 'make programs');
export const livekit = () => found('BEDRUD_LIVEKIT', 'build/livekit-server', 'make livekit');

export function chromium() {
  const ways = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  const way = ways.find((path) => path && existsSync(path));
  if (!way) throw new Error('Chromium is missing: run `apt-get install chromium`, or set CHROMIUM.');
  return way;
}

function found(variable, built, remedy) {
  const path = process.env[variable] || join(repository, built);
  if (!existsSync(path)) throw new Error(`${path} is missing: run \`${remedy}\`, or set ${variable}.`);
  return path;
}
