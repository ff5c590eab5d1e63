/** The page's own words in any of its languages, so that whoever reads it in theirs finds the same buttons. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repository } from './programs.mjs';

const frontend = join(repository, 'frontend');
const texts = join(frontend, 'src/lib/text');
const ENTRY = 'words';
const opened = new Map();

/** All parts of a language's catalogue in one object, by the keys of the page. */
export function wordsOf(language) {
  if (!opened.has(language)) {
    const file = (part) => JSON.stringify(join(texts, language, `${part}.ts`));
    const parts = ['page', 'account', 'meeting', 'admin', 'problems'];
    const code = parts.map((part) => `export { ${part} } from ${file(part)};`).join('\n');
    opened.set(language, bundled(code).then(({ page, account, meeting, admin, problems }) => ({ ...page, ...account, ...meeting, admin, problems })));
  }
  return opened.get(language);
}

/** The codes of all languages, and which way they are read. */
export async function languages() {
  const { languages } = await bundled(`export { languages } from ${JSON.stringify(join(texts, 'languages.ts'))};`);
  return languages;
}

/** This very text, in an expression. */
export const exactly = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A sentence that carries a number, whatever the number is and whatever the plural. */
export function numbered(phrase) {
  const forms = [1, 2, 3, 7, 11, 100].map((count) => exactly(phrase(count)).replace(/\p{Nd}+/u, '\\p{Nd}+'));
  return new RegExp(`^(${[...new Set(forms)].join('|')})$`, 'u');
}

/** The catalogues are TypeScript; the page's own bundler reads it. */
async function bundled(code) {
  const require = createRequire(join(frontend, 'package.json'));
  const { rolldown } = await import(pathToFileURL(require.resolve('rolldown')));
  const entry = { name: ENTRY, resolveId: (id) => (id === ENTRY ? id : null), load: (id) => (id === ENTRY ? code : null) };
  const bundle = await rolldown({ input: ENTRY, tsconfig: false, plugins: [entry] });
  const { output } = await bundle.generate({ format: 'es' });
  await bundle.close();
  return import(`data:text/javascript;base64,${Buffer.from(output[0].code).toString('base64')}`);
}
