/** What axe finds on a page, a sentence each. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export async function faults(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate((values) => window.axe.run({ runOnly: { type: 'tag', values } }), rules);
  return violations.map(({ id, nodes }) => {
    const places = nodes.map((node) => `${node.target} ${node.failureSummary}`);
    return `${id} at ${places.join(' | ')}`;
  });
}
