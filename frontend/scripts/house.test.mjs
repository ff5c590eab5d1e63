import { expect, test } from 'vitest';
import { problemsIn, sourcesOfPage } from './house.mjs';

/** @param {Record<string, string>} files */
const problems = (files) => problemsIn(new Map(Object.entries(files)));

test('the page keeps the rules of the house', () => {
  expect(problemsIn(sourcesOfPage())).toEqual([]);
});

test('a circle of imports is found, of types and of what comes later too', () => {
  const found = problems({
    'src/lib/call/a.ts': "import type { B } from './deep/b.svelte';",
    'src/lib/call/deep/b.svelte.ts': "const c = await import('../c');",
    'src/lib/call/c.ts': "export { A } from '$lib/call/a';",
    'src/lib/call/d.ts': "import './a';",
  });
  expect(found).toEqual([
    'a circle of imports: src/lib/call/a.ts -> src/lib/call/deep/b.svelte.ts -> src/lib/call/c.ts -> src/lib/call/a.ts',
  ]);
});

test('a crowded folder is found', () => {
  /** @param {number} count */
  const folder = (count) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`src/lib/meeting/bar/${at}.ts`, '']));
  expect(problems(folder(20))).toEqual([]);
  expect(problems(folder(21))).toHaveLength(1);
});

test('an arrow up is found', () => {
  expect(problems({ 'src/lib/call/line/a.ts': "import { keys } from '../../meeting/keys';" })).toHaveLength(
    1,
  );
  expect(problems({ 'src/lib/ui/Menu.svelte': "import type { Call } from '$lib/call';" })).toHaveLength(1);
  expect(
    problems({ 'src/lib/ui/Menu.svelte': "import { View } from '$lib/meeting/view/view.svelte';" }),
  ).toHaveLength(1);
  expect(problems({ 'src/lib/meeting/play.ts': "import { Room } from 'livekit-client';" })).toHaveLength(1);
  expect(problems({ 'src/lib/call/line/path.ts': "import { Room } from 'livekit-client';" })).toEqual([]);
});
