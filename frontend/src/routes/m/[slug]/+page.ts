/** The words come before the page. */
import { openText } from '$lib/text/meeting';

export const load = openText;
