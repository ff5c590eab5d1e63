/** What was measured, as a table beside the bars, and in build/package.json. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const OUT = join(import.meta.dirname, '../../build/package.json');

export class Figures {
  #rows = [];

  note(release, name, figure, bar) {
    this.#rows.push({ release, name, figure, bar });
  }

  print() {
    const wide = Math.max(...this.#rows.map(({ name }) => name.length), 0);
    for (const { release, name, figure, bar } of this.#rows)
      console.log(`${release.padEnd(9)} ${name.padEnd(wide)}  ${String(figure).padStart(9)}   bar ${bar}`);
    mkdirSync(join(OUT, '..'), { recursive: true });
    writeFileSync(OUT, JSON.stringify(this.#rows, null, 2) + '\n');
  }
}
