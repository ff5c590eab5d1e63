/** The words of signing in and of one's own rooms, with those of every page. `openText` comes first. */
import { openText as openPage, text as everywhere, type Text } from '.';
import type { account } from './en/account';
import { part } from './speaking.svelte';

type Words = typeof account;

export let text: Text & Words;

const open = part<Words>(import.meta.glob<Words>('./*/account.ts', { import: 'account' }), (words) => {
  text = { ...everywhere, ...words };
});

export const openText = () => openPage().then(open);

export { clock, list, number, when } from '.';
