/**
 * Writes the notices of everything that a person gets with Bedrud and that others wrote: the crates in the two programs, the
 * modules in the SFU, the packages in the page. Ends with 1 when one of them has a licence that we do not know as compatible.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = join(repository, 'build/NOTICES.txt');
const OUR_PROGRAMS = ['bedrud', 'bedrudctl'];
const COMPATIBLE = new Set(
  `0BSD Apache-2.0 BSD-1-Clause BSD-2-Clause BSD-3-Clause BSL-1.0 CC0-1.0 CDLA-Permissive-2.0 ISC MIT MIT-0 MPL-2.0 OpenSSL
  Unicode-3.0 Unlicense Zlib`.split(/\s+/),
);
const LICENCE_FILE = /^(licen[cs]e|copying|notice|unlicense)/i;

const run = (program, ...args) =>
  execFileSync(program, args, { cwd: repository, encoding: 'utf8', maxBuffer: 1 << 28 });

/** What normal dependencies lead to from our programs, on Linux. */
function crates() {
  const told = JSON.parse(
    run('cargo', 'metadata', '--format-version=1', '--locked', '--filter-platform=x86_64-unknown-linux-gnu'),
  );
  const nodes = new Map(told.resolve.nodes.map((node) => [node.id, node]));
  const packages = new Map(told.packages.map((one) => [one.id, one]));
  const reached = new Set();
  const wanted = told.packages.filter((one) => !one.source && OUR_PROGRAMS.includes(one.name)).map((one) => one.id);
  for (let id = wanted.pop(); id; id = wanted.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    const normal = nodes.get(id).deps.filter((dep) => dep.dep_kinds.some(({ kind }) => kind === null));
    wanted.push(...normal.map((dep) => dep.pkg));
  }
  const others = [...reached].map((id) => packages.get(id)).filter((one) => one.source);
  return others.map(({ name, version, license, repository: from, manifest_path }) => ({
    name: `${name} ${version}`,
    licence: license,
    from,
    folder: dirname(manifest_path),
  }));
}

/** What the built SFU says is in it. */
function modules() {
  const cache = run('go', 'env', 'GOMODCACHE').trim();
  const lines = run('go', 'version', '-m', 'build/livekit-server').split('\n');
  const found = lines.map((line) => line.trim().split('\t')).filter(([kind]) => kind === 'dep' || kind === '=>');
  const replaced = new Set(found.flatMap(([kind], at) => (kind === '=>' ? [at - 1] : [])));
  return found
    .filter((_, at) => !replaced.has(at))
    .map(([, path, version]) => ({
      name: `${path} ${version}`,
      from: `https://${path}`,
      // capital letters are written as !x in the module cache
      folder: join(cache, `${path}@${version}`.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`)),
    }));
}

/** What the page imports, what its build copies, and what those need. */
function packages() {
  const installed = join(repository, 'frontend/node_modules');
  const lock = JSON.parse(readFileSync(join(repository, 'frontend/package-lock.json'))).packages;
  const wanted = ['svelte', '@sveltejs/kit', 'swagger-ui-dist', '@mediapipe/selfie_segmentation'];
  const source = join(repository, 'frontend/src');
  for (const file of readdirSync(source, { recursive: true }).filter((file) => /(?<!\.test)\.(ts|js|svelte)$/.test(file))) {
    const imports = readFileSync(join(source, file), 'utf8').matchAll(/(?:from|import)\s*\(?['"]([^.$/'"][^'"]*)['"]/g);
    for (const [, specifier] of imports) wanted.push(specifier.match(/^(@[^/]+\/)?[^/?]+/)[0]);
  }
  const reached = new Set();
  for (let name = wanted.pop(); name; name = wanted.pop()) {
    const known = lock[`node_modules/${name}`];
    if (reached.has(name) || !known) continue;
    reached.add(name);
    wanted.push(...Object.keys(known.dependencies ?? {}));
  }
  return [...reached].sort().map((name) => {
    const { version, license } = lock[`node_modules/${name}`];
    return { name: `${name} ${version}`, licence: license, from: `https://www.npmjs.com/package/${name}`, folder: join(installed, name) };
  });
}

function texts(folder) {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { withFileTypes: true }).filter((file) => file.isFile() && LICENCE_FILE.test(file.name));
  return files.map((file) => readFileSync(join(folder, file.name), 'utf8').trim()).sort();
}

/** Whether one of the choices in an SPDX expression asks for nothing but what we know. */
function isCompatible(licence) {
  const choices = licence.replaceAll('/', ' OR ').replaceAll(/[()]/g, '').split(/\s+OR\s+/);
  return choices.some((choice) => choice.split(/\s+AND\s+/).every((id) => COMPATIBLE.has(id.replace(/\s+WITH\s+.*/, ''))));
}

const groups = { 'bedrud and bedrudctl': crates(), 'livekit-server': modules(), 'The page': packages() };
const all = Object.values(groups).flat();
const strange = all.filter(({ licence, folder }) => (licence ? !isCompatible(licence) : texts(folder).length === 0));
const byText = new Map();
for (const one of all) {
  const text = texts(one.folder).join('\n\n');
  byText.set(text, [...(byText.get(text) ?? []), one]);
}
const list = (packages) => packages.map(({ name, licence, from }) => [name, licence, from].filter(Boolean).join(' - ')).sort();
writeFileSync(
  out,
  [
    'What others wrote and Bedrud is made of. The texts follow the lists.',
    ...Object.entries(groups).map(([title, packages]) => [title, '', ...list(packages)].join('\n')),
    ...[...byText].filter(([text]) => text).map(([text, packages]) => [...list(packages), '', text].join('\n')),
  ].join(`\n\n${'='.repeat(80)}\n\n`) + '\n',
);
console.log(`${out}: ${all.length} packages`);
for (const { name, licence } of strange) console.error(`${name}: ${licence ?? 'no licence found'}`);
if (strange.length > 0) process.exitCode = 1;
