/** The words of administering the server, with those of an account. `openText` comes first. */
import { openText as openAccount, text as account } from './account';
import type { admin } from './en/admin';
import { part } from './speaking.svelte';

type Words = typeof admin;

export let text: typeof account & { admin: Words };

const open = part<Words>(import.meta.glob<Words>('./*/admin.ts', { import: 'admin' }), (words) => {
  text = { ...account, admin: words };
});

export const openText = () => openAccount().then(open);

export { list, number, when } from '.';
