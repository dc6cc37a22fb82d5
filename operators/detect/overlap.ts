/** A box by its upper left and lower right corner. */
export interface Corners {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** Below this an area is nothing: keeps boxes without area from dividing by zero. */
const TINY = 1e-12;

/** Intersection over union of two boxes, 0…1. */
export function overlapOf(a: Corners, b: Corners): number {
  const width = Math.max(0, Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1));
  const height = Math.max(0, Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1));
  const shared = width * height;
  return shared / Math.max(areaOf(a) + areaOf(b) - shared, TINY);
}

function areaOf({ x1, y1, x2, y2 }: Corners): number {
  return (x2 - x1) * (y2 - y1);
}
