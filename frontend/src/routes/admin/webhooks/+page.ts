/** The words come before the page. */
import { openText } from '$lib/text/admin';

export const load = openText;
