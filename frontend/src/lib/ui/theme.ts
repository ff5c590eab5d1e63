/** Puts the page into light or dark. */
import { appearance, type Appearance } from '../memory/appearance';

/** What was chosen on this browser, unless the page itself asks for one. */
export function showTheme(asked?: Appearance): void {
  const chosen = asked ?? appearance();
  const { dataset } = document.documentElement;
  if (chosen === 'system') delete dataset.theme;
  else dataset.theme = chosen;
}
