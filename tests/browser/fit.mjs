/** Whether everything on a page has its place: nothing beside the page, nothing cut off, nothing too small to hit. */

/** A sentence for each thing that does not fit. `touch`: targets are at least 44 px, as fingers need them. */
export async function misfits(page, { touch = false } = {}) {
  return page.evaluate(inspect, { least: touch ? 44 : 24 });
}

/** In the browser. */
function inspect({ least }) {
  const found = [];
  const root = document.scrollingElement;
  if (root.scrollWidth > innerWidth) found.push(`the page is ${root.scrollWidth} px wide in a window of ${innerWidth}`);

  const open = document.querySelector('dialog:modal');
  const hidden = (element) =>
    !element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) ||
    element.closest('.visually-hidden, [inert], #svelte-announcer') ||
    (open && !open.contains(element)) ||
    clippedAway(element);
  /** Only for screen readers: a part of it is not to be seen at all. */
  function clippedAway(element) {
    for (let one = element; one; one = one.parentElement) if (getComputedStyle(one).clipPath !== 'none') return true;
    return false;
  }
  const named = (element) => {
    const words = (element.getAttribute('aria-label') ?? element.textContent ?? '').trim().replace(/\s+/g, ' ').slice(0, 60);
    return `${element.tagName.toLowerCase()}.${element.className?.toString().split(' ')[0]} “${words}”`;
  };

  /** The first thing around it that cuts off what is outside of it, and where it does. */
  function cutter(element, rect) {
    for (let one = element; one && one !== document.body; one = one.parentElement) {
      const style = getComputedStyle(one);
      const box = one.getBoundingClientRect();
      const across = rect.left < box.left - 1 || rect.right > box.right + 1;
      const down = rect.top < box.top - 1 || rect.bottom > box.bottom + 1;
      const cut = (overflow) => overflow === 'hidden' || overflow === 'clip';
      if (across && cut(style.overflowX)) return style.textOverflow === 'ellipsis' ? undefined : one;
      if (down && cut(style.overflowY)) return one;
      // what scrolls shows everything to whoever scrolls
      if (across && /auto|scroll/.test(style.overflowX)) return undefined;
      if (down && /auto|scroll/.test(style.overflowY)) return undefined;
      if (style.position !== 'fixed') continue;
      // nobody can scroll to what is fixed
      if (rect.top < -1 || rect.bottom > innerHeight + 1) return root;
      break;
    }
    return rect.left < -1 || rect.right > innerWidth + 1 ? root : undefined;
  }

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.textContent.trim() || hidden(element) || element.closest('select, script, style, svg')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      const by = rect.width && cutter(element, rect);
      if (by) found.push(`${named(element)} is cut off by ${named(by)}`);
    }
  }

  for (const target of document.querySelectorAll('button, a[href], input, select, textarea, [role^="menuitem"]')) {
    if (hidden(target) || getComputedStyle(target).display === 'inline') continue;
    const { width, height } = (target.closest('label') ?? target).getBoundingClientRect();
    if (width && Math.min(width, height) < least - 0.5) found.push(`${named(target)} is ${Math.round(width)} × ${Math.round(height)} px`);
  }
  return [...new Set(found)];
}
