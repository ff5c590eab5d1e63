/**
 * The house rules that no compiler knows: which folder may import which, no circle of imports, no crowded folder, where
 * `fetch` and livekit-client may be used, and nothing in the markup that breaks the Content-Security-Policy.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** Folder of src -> folders it may import from. */
const may = {
  routes: ['meeting', 'call', 'ui', 'api', 'memory', 'text', 'data'],
  meeting: ['call', 'ui', 'api', 'memory', 'text', 'data'],
  call: ['data'],
  ui: ['memory', 'text', 'data'],
  api: ['memory', 'text', 'data'],
  memory: ['data'],
  text: ['memory', 'data'],
  data: [],
};

/** So many files side by side can still be looked through. */
const CROWD = 20;
const divided = /^src\/lib\/(meeting|call)(\/|$)/;

/** @type {{ pattern: RegExp, except: RegExp, why: string }[]} */
const rules = [
  {
    pattern: /from 'livekit-client|import\('livekit-client/,
    except: /^src\/lib\/call\//,
    why: 'only lib/call knows livekit-client',
  },
  { pattern: /\bfetch\(/, except: /^src\/lib\/api\/http\.ts$/, why: 'only lib/api/http.ts sends requests' },
  {
    pattern: /\sstyle="/,
    except: /^$/,
    why: 'a style attribute is refused by the policy; use style: or a class',
  },
  {
    pattern: /https?:\/\/[a-z0-9-]+\.[a-z]/,
    except: /\.test\.ts$|icons\.ts$/,
    why: 'nothing comes from another host',
  },
  {
    pattern: /(margin|padding|border)-(left|right)\b|text-align: (left|right)/,
    except: /^$/,
    why: 'half the scripts of the world run the other way; use -inline-start and -inline-end',
  },
];

/** @param {string} path */
const folderOf = (path) =>
  /^src\/lib\/([^/]+)\//.exec(path)?.[1] ?? (path.startsWith('src/routes/') ? 'routes' : undefined);

/** @param {string} source */
const importsOf = (source) =>
  [...source.matchAll(/(?:from|import\(|import)\s*'([^']+)'/g)].map(([, target]) => target ?? '');

/** The path in src that is meant, without knowing yet whether it is a file. @param {string} file @param {string} target */
function resolve(file, target) {
  if (target.startsWith('$lib/'))
    return `src/lib/${target.slice(5)}${target.slice(5).includes('/') ? '' : '/'}`;
  return target.startsWith('.') ? normalize(join(dirname(file), target)) : undefined;
}

/** Every way back to where one began, each told once. @param {Map<string, string>} sources */
function circlesIn(sources) {
  /** @type {Map<string, string[]>} */
  const edges = new Map();
  for (const [file, source] of sources) {
    const found = importsOf(source).flatMap((target) => {
      const path = resolve(file, target);
      if (path === undefined) return [];
      const files = [path, `${path}.ts`, join(path, 'index.ts')];
      return files.filter((one) => sources.has(one)).slice(0, 1);
    });
    edges.set(file, found);
  }
  /** @type {string[]} */
  const circles = [];
  const done = new Set();
  /** @param {string} file @param {string[]} way */
  const walk = (file, way) => {
    if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(' -> '));
    if (way.includes(file) || done.has(file)) return;
    for (const next of edges.get(file) ?? []) walk(next, [...way, file]);
    done.add(file);
  };
  for (const file of edges.keys()) walk(file, []);
  return circles;
}

/** @param {Iterable<string>} files */
function crowdsIn(files) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const file of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  return [...counts].filter(([folder, count]) => divided.test(folder) && count > CROWD);
}

/** What breaks a rule, as sentences. @param {Map<string, string>} sources from the path of a file to what stands in it */
export function problemsIn(sources) {
  const problems = [];
  for (const [file, source] of sources) {
    const from = folderOf(file);
    for (const target of importsOf(source)) {
      const to = folderOf(resolve(file, target) ?? '');
      if (from && to && to !== from && !may[/** @type {keyof typeof may} */ (from)].includes(to)) {
        problems.push(`${file}: ${from} may not import ${to} (${target})`);
      }
    }
    for (const { pattern, except, why } of rules) {
      if (pattern.test(source) && !except.test(file)) problems.push(`${file}: ${why}`);
    }
    if (!file.endsWith('schema.d.ts') && source.split('\n').length > 400)
      problems.push(`${file}: longer than 400 lines`);
  }
  for (const circle of circlesIn(sources)) problems.push(`a circle of imports: ${circle}`);
  for (const [folder, count] of crowdsIn(sources.keys()))
    problems.push(`${folder}: ${count} files side by side; divide them by what a person would look for`);
  return problems;
}

/** All that is written in src. */
export const sourcesOfPage = () =>
  new Map(
    readdirSync('src', { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|svelte|html)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [file, readFileSync(file, 'utf8')]),
  );
