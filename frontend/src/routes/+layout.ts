/** Every address is the same static shell; the page is drawn in the browser, in the reader's language. */
import { openText } from '$lib/text';
import { showTheme } from '$lib/ui/theme';

export const ssr = false;
export const prerender = false;

export function load(): Promise<void> {
  showTheme();
  return openText();
}
