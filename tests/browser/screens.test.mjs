/** Everybody can use every screen: axe finds nothing on any of them, light at the desk and dark on a phone. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { looks, put } from './looks.mjs';
import { scene } from './scene.mjs';
import { tour } from './tour.mjs';

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const LONGEST_MS = 600_000;
/** A fault of colour or of width shows in one of the two; all four would take twice as long. */
const tried = [looks[0], looks.at(-1)];
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

scene('axe finds nothing on any screen', async (stage) => {
  const found = [];
  let screens = 0;
  await tour(stage, (name, options) => stage.person(name, options), async (name, page, arrange) => {
    screens += 1;
    for (const look of tried) {
      await put(page, look, arrange);
      await page.evaluate(axe);
      const { violations } = await page.evaluate((values) => window.axe.run({ runOnly: { type: 'tag', values } }), rules);
      for (const { id, nodes } of violations) {
        const places = nodes.map((node) => `${node.target} ${node.failureSummary}`).join(' | ');
        found.push(`${name} ${look.theme} ${look.width}: ${id} at ${places}`);
      }
    }
    await put(page, looks[0]);
  });
  stage.note(`${screens} screens, ${tried.length} looks each`);
  assert.deepEqual(found, []);
}, { timeout: LONGEST_MS });
