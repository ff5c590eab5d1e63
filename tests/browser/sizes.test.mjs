/** Everybody can use a meeting of every size and every way of looking at it: axe finds nothing there either. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { faults } from './faults.mjs';
import { looks, put } from './looks.mjs';
import { testCard } from './pictures.mjs';
import { scene } from './scene.mjs';
import { sizes } from './sizes.mjs';

const LONGEST_MS = 1_200_000;
const tried = [looks[0], looks.at(-1)];

scene('axe finds nothing in meetings of one to 25, on the stage, and in what opens there', async (stage) => {
  const found = [];
  const directory = mkdtempSync(join(tmpdir(), 'bedrud-pictures-'));
  const card = join(directory, 'card.ivf');
  await testCard(card, { width: 160, height: 90 });
  try {
    await sizes(stage, {
      counts: [1, 2, 9, 25],
      invite: (name) => stage.person(name),
      pictureOf: async () => card,
      show: async (name, page, arrange) => {
        for (const look of tried) {
          await put(page, look, arrange);
          for (const fault of await faults(page)) found.push(`${name} ${look.theme} ${look.width}: ${fault}`);
        }
        await put(page, looks[0]);
      },
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  assert.deepEqual(found, []);
}, { timeout: LONGEST_MS });
