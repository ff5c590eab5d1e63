/**
 * Keeps the house rules that no compiler knows: which folder may import which, where `fetch` and livekit-client may be
 * used, and that nothing in the markup breaks the Content-Security-Policy.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** Folder of src -> folders it may import from. */
const may = {
  routes: ['meeting', 'call', 'ui', 'api', 'memory', 'text'],
  meeting: ['call', 'ui', 'api', 'memory', 'text'],
  call: [],
  ui: ['memory', 'text'],
  api: ['memory', 'text'],
  memory: [],
  text: ['memory'],
};

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

/** @param {string} file @param {string} target */
function resolve(file, target) {
  if (target.startsWith('$lib/'))
    return `src/lib/${target.slice(5)}${target.slice(5).includes('/') ? '' : '/'}`;
  return target.startsWith('.') ? normalize(join(dirname(file), target)) : undefined;
}

const problems = [];
const files = readdirSync('src', { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(ts|svelte|html)$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name));

for (const file of files) {
  const source = readFileSync(file, 'utf8');
  const from = folderOf(file);
  for (const [, target] of source.matchAll(/(?:from|import\(|import)\s*'([^']+)'/g)) {
    const to = folderOf(resolve(file, target ?? '') ?? '');
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

for (const problem of problems) console.error(problem);
process.exitCode = problems.length ? 1 : 0;
