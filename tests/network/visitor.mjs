/** A person whose browser runs in a client's namespace, speaks without a pause, and trusts the authority of the test. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Person } from '../browser/person.mjs';
import { chromium } from '../browser/programs.mjs';
import { watchFlow } from './flow.mjs';
import { SERVER } from './islands.mjs';
import { inside, run } from './shell.mjs';
import { speech } from './speech.mjs';

/** Fewer pictures a second than usual: two cores have to make and show those of two people, and time the gaps. */
const CAMERA = '--use-fake-device-for-media-stream=device-count=1,fps=10';

/**
 * Chromium counts the IPv4 addresses of documentation as local ones and those of IPv6 as public, and refuses a WebSocket to a
 * local address to a page that came from a public one (Local Network Access): with us, whenever IPv6 was slower once.
 */
const PUBLIC = `--ip-address-space-overrides=${SERVER.v4}:443=public,[${SERVER.v6}]:443=public`;

export async function visitor(stage, name, { islands, directory, flags = [] }) {
  const home = join(directory, name);
  mkdirSync(join(home, '.pki/nssdb'), { recursive: true });
  const authorities = join(directory, 'authorities.pem');
  run(['certutil', '-d', `sql:${home}/.pki/nssdb`, '-N', '--empty-password']);
  run(['certutil', '-d', `sql:${home}/.pki/nssdb`, '-A', '-n', 'test', '-t', 'C,,', '-i', authorities]);
  const executable = join(home, 'chromium');
  const words = inside(islands[name.toLowerCase()], chromium()).map((word) => `'${word}'`);
  writeFileSync(executable, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`, { mode: 0o755 });
  const sound = join(home, 'speech.wav');
  writeFileSync(sound, speech());
  const person = await Person.arrive(name, stage.daemon.url, {
    executable,
    environment: { ...process.env, HOME: home },
    flags: [CAMERA, PUBLIC, `--use-file-for-fake-audio-capture=${sound}`, ...flags],
  });
  stage.people.push(person);
  await person.context.addInitScript(watchFlow);
  return person;
}
