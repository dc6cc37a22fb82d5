import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AREAS, averagePrecision, meanOf } from '../../models/evaluation/average-precision.ts';
import type { Coco } from '../../models/evaluation/coco.ts';
import type { CocoDetection } from '../../models/evaluation/coco-matching.ts';

type Box = [number, number, number, number];

/** The twelve figures that pycocotools prints: AP, AP50, AP75, small, medium, large; AR1, AR10, AR100, small, medium, large. */
function statsOf(truth: Coco, detections: readonly CocoDetection[]): number[] {
  const all = averagePrecision(truth, detections);
  const byArea = [AREAS.small, AREAS.medium, AREAS.large].map((area) => averagePrecision(truth, detections, area));
  const byCount = [1, 10].map((most) => averagePrecision(truth, detections, AREAS.all, most));
  return [
    meanOf(all, 'precisions'),
    meanOf(all, 'precisions', 0),
    meanOf(all, 'precisions', 5),
    ...byArea.map((curves) => meanOf(curves, 'precisions')),
    ...[...byCount, all, ...byArea].map((curves) => meanOf(curves, 'recalls')),
  ];
}

function cocoOf(objects: readonly (readonly [number, number, Box, 'crowd'?])[]): Coco {
  return {
    images: [1, 2, 3].map((id) => ({ id, file_name: `${id}.jpg`, width: 640, height: 480 })),
    categories: [1, 2, 3].map((id) => ({ id, name: `class ${id}` })),
    annotations: objects.map(([image_id, category_id, bbox, crowd], index) => ({
      id: index + 1,
      image_id,
      category_id,
      bbox,
      area: bbox[2] * bbox[3],
      iscrowd: crowd === 'crowd' ? 1 : 0,
    })),
  };
}

function detectionsOf(rows: readonly (readonly [number, number, Box, number])[]): CocoDetection[] {
  return rows.map(([imageId, categoryId, bbox, score]) => ({ imageId, categoryId, bbox, score }));
}

/** Vector C1: figures of pycocotools 2.0.11. */
const C1 = cocoOf([
  [1, 1, [10, 10, 20, 40]],
  [1, 1, [100, 100, 60, 120]],
  [1, 2, [300, 200, 120, 80]],
  [2, 1, [50, 60, 25, 25]],
  [2, 2, [10, 10, 40, 30]],
  [2, 1, [200, 100, 300, 200], 'crowd'],
  [3, 2, [400, 300, 100, 100]],
]);
const C1_FOUND = detectionsOf([
  [1, 1, [11, 11, 20, 40], 0.9],
  [1, 1, [105, 105, 60, 120], 0.8],
  [1, 1, [12, 12, 20, 40], 0.7],
  [1, 2, [310, 205, 120, 80], 0.95],
  [1, 2, [0, 0, 50, 50], 0.4],
  [2, 1, [52, 61, 25, 25], 0.6],
  [2, 1, [210, 110, 50, 80], 0.85],
  [2, 1, [300, 400, 30, 30], 0.5],
  [2, 2, [12, 12, 40, 30], 0.6],
  [3, 2, [402, 298, 100, 100], 0.3],
  [3, 1, [20, 20, 40, 80], 0.55],
  [1, 1, [400, 20, 40, 80], 0.6],
]);

interface Case {
  readonly seed: number;
  readonly truth: Coco;
  readonly detections: { image_id: number; category_id: number; bbox: Box; score: number }[];
  readonly stats: (number | null)[];
}
const cases = JSON.parse(readFileSync(new URL('coco-vectors.json', import.meta.url), 'utf8')) as Case[];

describe('average precision', () => {
  it('equals pycocotools to six digits on the vector C1', () => {
    const wanted = [0.580644, 0.890594, 0.890594, 0.60198, 0.6, 0.675743, 0.483333, 0.683333, 0.683333, 0.7, 0.6, 0.75];
    statsOf(C1, C1_FOUND).forEach((value, index) => void expect(value).toBeCloseTo(wanted[index] ?? Number.NaN, 6));
  });

  it('equals pycocotools for each class and IoU of the vector C1', () => {
    const [first, second, third] = averagePrecision(C1, C1_FOUND);
    const wanted = [0.8653, 0.8653, 0.8653, 0.8653, 0.8653, 0.8653, 0.3366, 0.3366, 0, 0];
    first?.precisions?.forEach((value, index) => void expect(value).toBeCloseTo(wanted[index] ?? Number.NaN, 4));
    expect(meanOf(first === undefined ? [] : [first], 'precisions')).toBeCloseTo(0.586535, 6);
    expect(meanOf(second === undefined ? [] : [second], 'precisions')).toBeCloseTo(0.574752, 6);
    expect(third).toEqual({ categoryId: 3, precisions: undefined, recalls: undefined, wanted: 0 });
  });

  it.each(cases)('equals pycocotools to twelve digits on random detections, seed $seed', ({ truth, detections, stats }) => {
    const found = detectionsOf(detections.map(({ image_id, category_id, bbox, score }) => [image_id, category_id, bbox, score] as const));
    statsOf(truth, found).forEach((value, index) => void expect(value).toBeCloseTo(stats[index] ?? Number.NaN, 12));
  });

  it('is nought when nothing was found, and not a number when nothing is there', () => {
    expect(meanOf(averagePrecision(C1, []), 'precisions')).toBe(0);
    expect(meanOf(averagePrecision(cocoOf([]), C1_FOUND), 'precisions')).toBeNaN();
  });
});
