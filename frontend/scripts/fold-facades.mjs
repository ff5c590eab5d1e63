/**
 * Takes out of a build the files that only hand on what another one has. Kit gives each page and itself a file of its
 * own; where the contents are in the common chunk, a name and a list of names are left, and each would cost a request.
 */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FACADE = /^export\{([^}]*)\}from"\.\.\/chunks\/([^"]+)";?\s*$/;

/** What stands for importing such a file: the chunk, and its members by the names they had. @param {string} source */
function replacement(source) {
  const [, given = '', chunk] = FACADE.exec(source) ?? [];
  if (!chunk) return undefined;
  const members = given.split(',').map((one) => {
    const [inChunk, outside = inChunk] = one.trim().split(' as ');
    return `${outside}:m.${inChunk}`;
  });
  return { chunk, then: `.then(m=>({${members.join()}}))` };
}

/** @param {string} build the folder with `index.html` and `_app` */
export async function foldFacades(build) {
  const root = join(build, '_app/immutable');
  const facades = [];
  for (const folder of ['entry', 'nodes']) {
    for (const file of await readdir(join(root, folder))) {
      const found = replacement(await readFile(join(root, folder, file), 'utf8'));
      if (found) facades.push({ file: `${folder}/${file}`, ...found });
    }
  }
  /** @param {string} path */
  const rewrite = async (path) => {
    const before = await readFile(path, 'utf8');
    let text = before;
    for (const { file, chunk, then } of facades) {
      const name = file.replaceAll('.', '\\.');
      text = text
        .replace(new RegExp(`\\s*<link href="[^"]*${name}" rel="modulepreload">`), '')
        .replace(new RegExp(`(import\\(["'\`][^"'\`]*)${name}(["'\`]\\))`, 'g'), `$1chunks/${chunk}$2${then}`)
        .replace(new RegExp(`(["'\`][^"'\`]*)${name}(["'\`])`, 'g'), `$1chunks/${chunk}$2`);
    }
    if (text !== before) await writeFile(path, text);
  };
  const files = await readdir(root, { recursive: true });
  await Promise.all(files.filter((file) => file.endsWith('.js')).map((file) => rewrite(join(root, file))));
  await rewrite(join(build, 'index.html'));
  await Promise.all(facades.map(({ file }) => rm(join(root, file))));
}
