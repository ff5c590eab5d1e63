/** Where tiles go: as large as the area allows, faces cut as little as possible. Pure. */

export interface Layout {
  columns: number;
  rows: number;
  width: number;
  height: number;
}

const WIDE = 16 / 9;
const WIDEST = 1.9;
export const GAP = 8;

/** How narrow a tile may be: cameras are wide, but a phone held upright would waste half its glass. */
function narrowest(count: number, width: number, height: number): number {
  if (width >= height) return 1.25;
  return count === 1 ? 0.5 : 0.7;
}

/** Of all numbers of columns, the one whose tiles show most: their area, less what they cut off a 16:9 picture. */
export function layOut(count: number, width: number, height: number): Layout {
  let best: Layout = { columns: 1, rows: Math.max(1, count), width: 0, height: 0 };
  let bestScore = -1;
  const least = narrowest(count, width, height);
  for (let columns = 1; columns <= Math.max(1, count); columns += 1) {
    const rows = Math.ceil(Math.max(1, count) / columns);
    const cellWidth = (width - GAP * (columns - 1)) / columns;
    const cellHeight = (height - GAP * (rows - 1)) / rows;
    if (cellWidth <= 0 || cellHeight <= 0) continue;
    const ratio = Math.min(WIDEST, Math.max(least, cellWidth / cellHeight));
    const tileWidth = Math.min(cellWidth, cellHeight * ratio);
    const tileHeight = tileWidth / ratio;
    const shown = Math.min(ratio, WIDE) / Math.max(ratio, WIDE);
    const score = tileWidth * tileHeight * Math.sqrt(shown);
    if (score > bestScore) {
      bestScore = score;
      best = { columns, rows, width: Math.floor(tileWidth), height: Math.floor(tileHeight) };
    }
  }
  return best;
}

/** A page never has more tiles, however large the screen. */
const MOST = 25;
/** Smaller than this and nobody knows a face. */
const LEAST = { width: 88, height: 62 };

/** How many tiles a page of this area has. */
export function capacity(width: number, height: number): number {
  for (let count = MOST; count > 1; count -= 1) {
    const tile = layOut(count, width, height);
    if (tile.width >= LEAST.width && tile.height >= LEAST.height) return count;
  }
  return 1;
}

export interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The places themselves, the whole in the middle of the area and a short last row in its own middle. */
export function places(count: number, width: number, height: number): Place[] {
  const { columns, rows, width: w, height: h } = layOut(count, width, height);
  const top = (height - rows * h - (rows - 1) * GAP) / 2;
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = Math.min(columns, count - row * columns);
    const left = (width - inRow * w - (inRow - 1) * GAP) / 2;
    return {
      x: Math.round(left + (index - row * columns) * (w + GAP)),
      y: Math.round(top + row * (h + GAP)),
      width: w,
      height: h,
    };
  });
}
