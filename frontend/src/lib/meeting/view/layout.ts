/** How the people of a meeting can be laid out. */

/** `auto` is the grid until somebody shares a screen. */
export type Layout = 'auto' | 'grid' | 'speaker';

export const layouts: Layout[] = ['auto', 'grid', 'speaker'];
