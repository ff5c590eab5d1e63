/** Programs of the system that lay cables and rules. They need root; without it one sentence says so. */
import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Ends the program with a sentence unless it runs as root with these programs in PATH. */
export function demand(programs) {
  const refuse = (sentence) => {
    console.error(sentence);
    process.exit(1);
  };
  if (process.getuid() !== 0) refuse('The network tests lay cables in network namespaces: run `sudo make test-network`.');
  for (const [program, where] of Object.entries(programs))
    if (!found(program)) refuse(`${program} is missing: run \`apt-get install ${where}\`.`);
}

function found(program) {
  return process.env.PATH.split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Runs a program to its end and gives what it printed; `input` is what it reads. */
export function run(words, input) {
  const [program, ...more] = words;
  return execFileSync(program, more, { encoding: 'utf8', input, stdio: ['pipe', 'pipe', 'pipe'] });
}

/** `ip(8)`, several commands at once: one a line. */
export const ip = (namespace, lines) =>
  run(['ip', ...(namespace ? ['-n', namespace] : []), '-batch', '-'], lines.trim() + '\n');

/** The words that run a program inside a namespace. */
export const inside = (namespace, ...words) => ['ip', 'netns', 'exec', namespace, ...words];
