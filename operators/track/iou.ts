/** Intersection over union of two boxes (left, top, right, bottom from `atA` and `atB`); 0 where a box has no area. */
export function iou(a: Float64Array, atA: number, b: Float64Array, atB: number): number {
  const width = Math.min(a[atA + 2], b[atB + 2]) - Math.max(a[atA], b[atB]);
  if (!(width > 0)) return 0;
  const height = Math.min(a[atA + 3], b[atB + 3]) - Math.max(a[atA + 1], b[atB + 1]);
  if (!(height > 0)) return 0;
  const shared = width * height;
  return shared / (area(a, atA) + area(b, atB) - shared);
}

function area(boxes: Float64Array, at: number): number {
  return (boxes[at + 2] - boxes[at]) * (boxes[at + 3] - boxes[at + 1]);
}
