/** What SvelteKit builds: one static shell for every address, named after its sources so that equal sources give equal files. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import adapter from '@sveltejs/adapter-static';

/** Kit looks at this name when a chunk is missing, to tell a new version from a broken network. */
function nameOfSources() {
  const hash = createHash('sha256');
  const files = readdirSync('src', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`);
  for (const file of [...files, 'package-lock.json'].sort()) hash.update(file).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

/** @type {import('@sveltejs/kit').Config} */
export default {
  kit: {
    adapter: adapter({ fallback: 'index.html' }),
    version: { name: nameOfSources() },
  },
  compilerOptions: { runes: true },
};
