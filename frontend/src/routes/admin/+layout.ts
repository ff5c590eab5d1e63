/** The words of the administration come before its pages. */
import { openText } from '$lib/text/admin';

export const load = openText;
