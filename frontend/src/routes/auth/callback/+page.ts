/** The words come before the page. */
import { openText } from '$lib/text/account';

export const load = openText;
