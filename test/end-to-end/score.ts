import type { Box, DetectedObject } from '../../engine/records/record.ts';
import type { TrueObject } from './ground-truth.ts';

const IOU = 0.5;
/** Objects of which less is visible are neither wanted nor held against who finds them. */
const WANTED_VISIBILITY = 0.5;

/** Counts over any number of frames. */
export interface Score {
  hits: number;
  missed: number;
  wrong: number;
}

/**
 * Adds a frame: detections, the surest first, each take the best object of their class that is still free. Written apart from the matching
 * in `models/evaluation`, which scores the model alone.
 */
export function scoreFrame(score: Score, seen: readonly DetectedObject[], truth: readonly TrueObject[]): void {
  const free = new Set(truth);
  for (const { label, box } of seen.toSorted((a, b) => b.score - a.score)) {
    const found = best(box, [...free], (object) => object.class === label && isWanted(object));
    if (found !== undefined) {
      free.delete(found);
      score.hits += 1;
    } else if (best(box, truth, (object) => !isWanted(object)) === undefined) score.wrong += 1;
  }
  score.missed += [...free].filter(isWanted).length;
}

export function recall({ hits, missed }: Score): number {
  return hits / (hits + missed);
}

export function precision({ hits, wrong }: Score): number {
  return hits / (hits + wrong);
}

function isWanted({ visibility }: TrueObject): boolean {
  return visibility >= WANTED_VISIBILITY;
}

function best(box: Box, objects: readonly TrueObject[], accept: (object: TrueObject) => boolean): TrueObject | undefined {
  const overlapping = objects.filter((object) => accept(object) && overlap(box, object.box) >= IOU);
  return overlapping.sort((a, b) => overlap(box, b.box) - overlap(box, a.box))[0];
}

/** Intersection over union. */
function overlap([ax, ay, aw, ah]: Box, [bx, by, bw, bh]: Box): number {
  const width = Math.min(ax + aw, bx + bw) - Math.max(ax, bx);
  const height = Math.min(ay + ah, by + bh) - Math.max(ay, by);
  const shared = Math.max(0, width) * Math.max(0, height);
  return shared / (aw * ah + bw * bh - shared);
}
