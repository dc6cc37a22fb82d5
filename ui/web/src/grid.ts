export interface Space {
  readonly width: number;
  readonly height: number;
}

export interface Grid {
  readonly columns: number;
  /** Width of a tile, in CSS pixels. */
  readonly tileWidth: number;
  /** The tiles do not fit into the height and are scrolled. */
  readonly scrolls: boolean;
}

/** Below this nothing can be recognised: the wall scrolls instead. So it does where not even two of these fit beside each other. */
const LEAST_WIDTH = 260;

/**
 * The number of columns with the largest tiles for `count` cameras. A tile is a picture of the given aspect (width by height) with a
 * caption below it; `gap` lies between tiles.
 */
export function largestTiles(
  count: number,
  space: Space,
  { aspect, caption, gap }: { aspect: number; caption: number; gap: number },
): Grid {
  const candidates = Array.from({ length: Math.max(1, count) }, (_, index) => {
    const columns = index + 1;
    const rows = Math.ceil(count / columns);
    const byWidth = (space.width - (columns - 1) * gap) / columns;
    const byHeight = ((space.height - (rows - 1) * gap) / rows - caption) * aspect;
    return { columns, tileWidth: Math.floor(Math.min(byWidth, byHeight)) };
  });
  const best = candidates.reduce((a, b) => (b.tileWidth > a.tileWidth ? b : a));
  const narrow = space.width < 2 * LEAST_WIDTH + gap && count > 1;
  if (best.tileWidth >= LEAST_WIDTH && !narrow) return { ...best, scrolls: false };
  const columns = Math.max(1, Math.min(count, Math.floor((space.width + gap) / (LEAST_WIDTH + gap))));
  return { columns, tileWidth: Math.floor((space.width - (columns - 1) * gap) / columns), scrolls: true };
}
