/** Every address is the same static shell; the page is drawn in the browser, in the reader's language. */
import { openText } from '$lib/text';

export const ssr = false;
export const prerender = false;

export const load = openText;
