import type { Coco } from './coco.ts';
import { type AreaRange, type CocoDetection, type ImageMatches, matchImage } from './coco-matching.ts';

/** 0.50, 0.55 … 0.95, as `numpy.linspace` computes them. */
export const IOUS = Array.from({ length: 10 }, (_, step) => (step === 9 ? 0.95 : 0.5 + step * ((0.95 - 0.5) / 9)));
const RECALLS = Array.from({ length: 101 }, (_, step) => step * 0.01);
const MOST_DETECTIONS = 100;
/** The distance from 1 to the next number: keeps 0 / 0 from happening. */
const EPSILON = Number.EPSILON;

export const AREAS = {
  all: { from: 0, to: 1e10 },
  small: { from: 0, to: 32 ** 2 },
  medium: { from: 32 ** 2, to: 96 ** 2 },
  large: { from: 96 ** 2, to: 1e10 },
} as const satisfies Record<string, AreaRange>;

export interface Curve {
  readonly categoryId: number;
  /** Average precision by IoU threshold (`IOUS`); undefined when there is no object to be found. */
  readonly precisions: readonly number[] | undefined;
  /** Highest recall by IoU threshold; undefined likewise. */
  readonly recalls: readonly number[] | undefined;
  /** Objects to be found: crowds and objects outside the area do not count. */
  readonly wanted: number;
}

/**
 * Average precision as pycocotools computes it (`cocoeval.py`, `bbox`), for each category: 101 recall points, precision made
 * non-increasing, at most `most` detections an image and category, equal scores in the order of images, then of detections.
 * (One difference: pycocotools takes an object with the annotation id 0 for not found.)
 */
export function averagePrecision(
  truth: Coco,
  detections: readonly CocoDetection[],
  area: AreaRange = AREAS.all,
  most: number = MOST_DETECTIONS,
): Curve[] {
  const objects = Map.groupBy(truth.annotations, ({ image_id, category_id }) => `${image_id}/${category_id}`);
  const found = Map.groupBy(detections, ({ imageId, categoryId }) => `${imageId}/${categoryId}`);
  const images = truth.images.map(({ id }) => id).sort((a, b) => a - b);
  const categories = truth.categories.map(({ id }) => id).sort((a, b) => a - b);
  return categories.map((categoryId) => {
    const matches = images.map((image) => {
      const key = `${image}/${categoryId}`;
      const ranked = (found.get(key) ?? []).toSorted((a, b) => b.score - a.score).slice(0, most);
      return matchImage(objects.get(key) ?? [], ranked, IOUS, area);
    });
    return curveOf(categoryId, matches);
  });
}

function curveOf(categoryId: number, matches: readonly ImageMatches[]): Curve {
  const wanted = matches.reduce((sum, match) => sum + match.wanted, 0);
  if (wanted === 0) return { categoryId, precisions: undefined, recalls: undefined, wanted };
  const curves = IOUS.map((_, iou) => precisionAndRecall(rankedHits(matches, iou), wanted));
  return { categoryId, precisions: curves.map(({ precision }) => precision), recalls: curves.map(({ recall }) => recall), wanted };
}

/** Of all images, best first: was it a hit? Ignored ones are left out. */
function rankedHits(matches: readonly ImageMatches[], iou: number): boolean[] {
  const judged = matches.flatMap(({ scores, verdicts }) =>
    scores.map((score, index) => ({ score, verdict: verdicts[iou]?.[index] ?? ('ignored' as const) })),
  );
  return judged
    .filter(({ verdict }) => verdict !== 'ignored')
    .sort((a, b) => b.score - a.score)
    .map(({ verdict }) => verdict === 'hit');
}

function precisionAndRecall(ranked: readonly boolean[], wanted: number): { precision: number; recall: number } {
  let hits = 0;
  const curve = ranked.map((hit, index) => {
    hits += hit ? 1 : 0;
    return { recall: hits / wanted, precision: hits / (index + 1 + EPSILON) };
  });
  return { precision: interpolated(curve), recall: curve.at(-1)?.recall ?? 0 };
}

/** Mean over the recall points of the best precision at that recall or beyond. */
function interpolated(curve: readonly { recall: number; precision: number }[]): number {
  let sum = 0;
  let best = 0;
  let at = curve.length;
  for (const wanted of RECALLS.toReversed()) {
    while (at > 0 && (curve[at - 1]?.recall ?? 0) >= wanted) {
      at -= 1;
      best = Math.max(best, curve[at]?.precision ?? 0);
    }
    if (at < curve.length) sum += best;
  }
  return sum / RECALLS.length;
}

/** Mean over categories that have objects, and over the IoU thresholds or at one of them (by its number in `IOUS`). NaN without objects. */
export function meanOf(curves: readonly Curve[], what: 'precisions' | 'recalls', iou?: number): number {
  const values = curves.flatMap((curve) => {
    const row = curve[what] ?? [];
    return iou === undefined ? row : row.slice(iou, iou + 1);
  });
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
