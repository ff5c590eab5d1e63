/** The words of the meeting, with those of every page. `openText` comes first. */
import { openText as openPage, text as everywhere, type Text } from '.';
import type { meeting } from './en/meeting';
import { part } from './speaking.svelte';

type Words = typeof meeting;

export let text: Text & Words;

const open = part<Words>(import.meta.glob<Words>('./*/meeting.ts', { import: 'meeting' }), (words) => {
  text = { ...everywhere, ...words };
});

export const openText = () => openPage().then(open);

export { clock, list, number, when } from '.';
