/** `npm run words`: what each language lacks of the English words, and what it has that English has no longer. */
import { readdirSync } from 'node:fs';
import { runnerImport } from 'vite';

const TEXT = 'src/lib/text';

/** @param {unknown} words @param {string} path @returns {string[]} */
const keysOf = (words, path = '') =>
  words !== null && typeof words === 'object'
    ? Object.entries(words).flatMap(([key, value]) => keysOf(value, path ? `${path}.${key}` : key))
    : [path];

/** @param {string} language @param {string} part */
async function keys(language, part) {
  const { module } = await runnerImport(`./${TEXT}/${language}/${part}.ts`);
  return keysOf(/** @type {Record<string, unknown>} */ (module)[part]);
}

const languages = readdirSync(TEXT, { withFileTypes: true }).filter((entry) => entry.isDirectory());
let count = 0;
for (const part of ['page', 'account', 'meeting']) {
  const english = await keys('en', part);
  for (const { name } of languages) {
    const own = await keys(name, part);
    const lines = [
      ...english.filter((key) => !own.includes(key)).map((key) => `lacks ${key}`),
      ...own.filter((key) => !english.includes(key)).map((key) => `has ${key}, which English has not`),
    ];
    for (const line of lines) console.log(`${name}/${part}.ts ${line}`);
    count += lines.length;
  }
}
process.exitCode = count ? 1 : 0;
