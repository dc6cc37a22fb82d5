import type { CocoAnnotation } from './coco.ts';

/** A detection on an image, its box x, y, width, height in pixels of the image. */
export interface CocoDetection {
  readonly imageId: number;
  readonly categoryId: number;
  readonly bbox: readonly [number, number, number, number];
  readonly score: number;
}

/** Areas in square pixels, both bounds inclusive. */
export interface AreaRange {
  readonly from: number;
  readonly to: number;
}

/** What became of the detections of one class on one image, best first, at one IoU threshold. */
export interface ImageMatches {
  readonly scores: readonly number[];
  /** By IoU threshold, then detection. */
  readonly verdicts: readonly (readonly Verdict[])[];
  /** Objects that should have been found. */
  readonly wanted: number;
}

export type Verdict = 'hit' | 'miss' | 'ignored';

const EXACT = 1 - 1e-10;

/**
 * Matches the detections of one class on one image as pycocotools does (`cocoeval.py`, `evaluateImg`): each detection, best first, takes
 * the best object that is still free; crowds and objects outside the area are ignored, stand behind the others, and crowds can be taken
 * many times. Detections come with the highest scores first.
 */
export function matchImage(
  objects: readonly CocoAnnotation[],
  detections: readonly CocoDetection[],
  ious: readonly number[],
  area: AreaRange,
): ImageMatches {
  const ignorable = (object: CocoAnnotation) => object.iscrowd === 1 || !inside(object.area, area);
  const regular = objects.filter((object) => !ignorable(object));
  const ordered = [...regular, ...objects.filter(ignorable)];
  const overlaps = detections.map(({ bbox }) => ordered.map((object) => overlap(bbox, object)));
  return {
    scores: detections.map(({ score }) => score),
    verdicts: ious.map((iou) => verdictsAt(Math.min(iou, EXACT), detections, ordered, regular.length, overlaps, area)),
    wanted: regular.length,
  };
}

function verdictsAt(
  iou: number,
  detections: readonly CocoDetection[],
  objects: readonly CocoAnnotation[],
  regular: number,
  overlaps: readonly (readonly number[])[],
  area: AreaRange,
): Verdict[] {
  const taken = new Set<number>();
  return detections.map(({ bbox }, index) => {
    const free = (object: number) => !taken.has(object) || objects[object]?.iscrowd === 1;
    const row = overlaps[index] ?? [];
    const match = bestOf(row, 0, regular, iou, free) ?? bestOf(row, regular, objects.length, iou, free);
    if (match === undefined) return inside(bbox[2] * bbox[3], area) ? 'miss' : 'ignored';
    taken.add(match);
    return match < regular ? 'hit' : 'ignored';
  });
}

/** The last of the best, as in pycocotools, which goes on while the next is not worse. */
function bestOf(overlaps: readonly number[], from: number, to: number, iou: number, free: (object: number) => boolean): number | undefined {
  let best: number | undefined;
  let reached = iou;
  for (let object = from; object < to; object++) {
    const value = overlaps[object] ?? 0;
    if (!free(object) || value < reached) continue;
    reached = value;
    best = object;
  }
  return best;
}

function inside(area: number, { from, to }: AreaRange): boolean {
  return area >= from && area <= to;
}

/** Intersection over union; with a crowd, intersection over the detection. */
function overlap([x, y, width, height]: CocoDetection['bbox'], { bbox: [left, top, wide, high], iscrowd }: CocoAnnotation): number {
  const sharedWidth = Math.min(x + width, left + wide) - Math.max(x, left);
  const sharedHeight = Math.min(y + height, top + high) - Math.max(y, top);
  if (sharedWidth <= 0 || sharedHeight <= 0) return 0;
  const shared = sharedWidth * sharedHeight;
  return shared / (iscrowd === 1 ? width * height : width * height + wide * high - shared);
}
