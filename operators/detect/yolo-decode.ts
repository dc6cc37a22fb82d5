import { type Corners, overlapOf } from './overlap.ts';

/** What counts as a detection. */
export interface Thresholds {
  /** The lowest score that counts, by class number, 0…1. */
  readonly scores: readonly number[];
  readonly nms: {
    /** A box gives way to a better one when their intersection over union is above this. */
    readonly iou: number;
    /** True: an anchor may be seen as several classes, and boxes give way within their class only. False: its best class, and to all. */
    readonly perClass: boolean;
  };
  /** At most so many detections a frame, the best. */
  readonly most: number;
}

/** A box in pixels of the model's input, and what it holds. */
export interface Detection extends Corners {
  readonly classIndex: number;
  readonly score: number;
}

interface Candidate {
  readonly score: number;
  readonly anchor: number;
  readonly classIndex: number;
}

/** No picture holds more; a model gone mad shall not hold up a worker. */
const MOST_CANDIDATES = 10_000;

/**
 * Reads one frame of the common YOLO export layout: `answer` holds 4 + classes rows of `anchors` values: centre x, centre y, width and
 * height in pixels of the input, then one score in 0…1 for each class. Greedy non-maximum suppression; the order is by falling score,
 * then anchor, then class, so that equal answers give equal detections.
 *
 * Throws a `RangeError` with a sentence when a value is not finite, or a score is outside 0…1.
 */
export function decodeYolo(answer: Float32Array, anchors: number, thresholds: Thresholds): Detection[] {
  checkBoxes(answer.subarray(0, 4 * anchors));
  const scores = answer.subarray(4 * anchors);
  const found = thresholds.nms.perClass ? everyClass(scores, anchors, thresholds) : bestClass(scores, anchors, thresholds);
  const ranked = found.sort(byRank).slice(0, MOST_CANDIDATES);
  return suppress(
    ranked.map((candidate) => detectionAt(answer, anchors, candidate)),
    thresholds,
  );
}

/** Nearly all answers are in order, so the loop only gathers: a value that is not finite, times 0, is not a number. */
function checkBoxes(boxes: Float32Array): void {
  let sum = 0;
  for (let index = 0; index < boxes.length; index++) sum += (boxes[index] as number) * 0;
  if (sum !== 0) throw new RangeError(`the model answered a box with ${boxes.find((value) => !Number.isFinite(value))} in it`);
}

function checkScore(score: number): void {
  if (score >= 0 && score <= 1) return;
  throw new RangeError(`the model answered the score ${score}, expected 0 to 1; export it with the sigmoid inside`);
}

function everyClass(scores: Float32Array, anchors: number, thresholds: Thresholds): Candidate[] {
  const found: Candidate[] = [];
  for (const [classIndex, lowest] of thresholds.scores.entries()) {
    const first = classIndex * anchors;
    for (let anchor = 0; anchor < anchors; anchor++) {
      const score = scores[first + anchor] as number;
      if (score >= 0 && score < lowest) continue;
      checkScore(score);
      found.push({ score, anchor, classIndex });
    }
  }
  return found;
}

function bestClass(scores: Float32Array, anchors: number, thresholds: Thresholds): Candidate[] {
  const found: Candidate[] = [];
  for (let anchor = 0; anchor < anchors; anchor++) {
    let best = { score: -1, anchor, classIndex: 0 };
    for (let classIndex = 0; classIndex < thresholds.scores.length; classIndex++) {
      const score = scores[classIndex * anchors + anchor] ?? Number.NaN;
      checkScore(score);
      if (score > best.score) best = { score, anchor, classIndex };
    }
    if (best.score >= (thresholds.scores[best.classIndex] ?? 0)) found.push(best);
  }
  return found;
}

function byRank(a: Candidate, b: Candidate): number {
  return b.score - a.score || a.anchor - b.anchor || a.classIndex - b.classIndex;
}

function detectionAt(answer: Float32Array, anchors: number, { score, anchor, classIndex }: Candidate): Detection {
  const x = answer[anchor] as number;
  const y = answer[anchors + anchor] as number;
  const width = answer[2 * anchors + anchor] as number;
  const height = answer[3 * anchors + anchor] as number;
  return { classIndex, score, x1: x - width / 2, y1: y - height / 2, x2: x + width / 2, y2: y + height / 2 };
}

function suppress(ranked: readonly Detection[], { nms, most }: Thresholds): Detection[] {
  const kept: Detection[] = [];
  for (const box of ranked) {
    if (kept.length === most) break;
    const covered = kept.some((better) => (!nms.perClass || better.classIndex === box.classIndex) && overlapOf(better, box) > nms.iou);
    if (!covered) kept.push(box);
  }
  return kept;
}
