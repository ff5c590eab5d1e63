/** Everybody can use every screen: axe finds nothing on any of them, light at the desk and dark on a phone. */
import assert from 'node:assert/strict';
import { faults } from './faults.mjs';
import { looks, put } from './looks.mjs';
import { scene } from './scene.mjs';
import { tour } from './tour.mjs';

const LONGEST_MS = 600_000;
/** A fault of colour or of width shows in one of the two; all of them would take three times as long. */
const tried = [looks[0], looks.at(-1)];

scene('axe finds nothing on any screen', async (stage) => {
  const found = [];
  let screens = 0;
  await tour(stage, (name, options) => stage.person(name, options), async (name, page, arrange) => {
    screens += 1;
    for (const look of tried) {
      await put(page, look, arrange);
      for (const fault of await faults(page)) found.push(`${name} ${look.theme} ${look.width}: ${fault}`);
    }
    await put(page, looks[0]);
  });
  stage.note(`${screens} screens, ${tried.length} looks each`);
  assert.deepEqual(found, []);
}, { timeout: LONGEST_MS });
