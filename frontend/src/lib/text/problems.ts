/** What the page says itself about failures that the server names by a code. Loaded at the first of them. */
import type { problems as english } from './en/problems';
import { part } from './speaking.svelte';

type Words = typeof english;

let problems: Record<string, string | undefined> = {};

const open = part<Words>(import.meta.glob<Words>('./*/problems.ts', { import: 'problems' }), (words) => {
  problems = words;
});

/** Nothing where the server's own words have to do. */
export async function problemOf(code: string): Promise<string | undefined> {
  await open();
  return Object.hasOwn(problems, code) ? problems[code] : undefined;
}
