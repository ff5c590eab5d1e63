/** What axe finds on a page, a sentence each. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** `contrast` asks for 7:1 instead of all the rest, as is right for whoever wants more of it. */
export async function faults(page, { contrast = false } = {}) {
  const runOnly = contrast ? { type: 'rule', values: ['color-contrast-enhanced'] } : { type: 'tag', values: rules };
  await page.evaluate(axe);
  const { violations } = await page.evaluate((runOnly) => window.axe.run({ runOnly }), runOnly);
  return violations.map(({ id, nodes }) => {
    const places = nodes.map((node) => `${node.target} ${node.failureSummary}`);
    return `${id} at ${places.join(' | ')}`;
  });
}
