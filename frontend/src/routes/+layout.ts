/** Every address is the same static shell; the page is drawn in the browser. */
export const ssr = false;
export const prerender = false;
