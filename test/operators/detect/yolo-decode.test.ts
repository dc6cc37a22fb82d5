import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { overlapOf } from '../../../operators/detect/overlap.ts';
import { decodeYolo, type Thresholds } from '../../../operators/detect/yolo-decode.ts';

interface Vectors {
  readonly anchors: number;
  readonly classes: number;
  readonly answers: Readonly<Record<string, number[]>>;
  readonly cases: { seed: number; iou: number; perClass: boolean; score: number; expected: number[][] }[];
}

const vectors = JSON.parse(readFileSync(new URL('decode-vectors.json', import.meta.url), 'utf8')) as Vectors;

/** Anchors as `[x, y, width, height, ...scores]`, laid out as the model answers. */
function answerOf(anchors: readonly (readonly number[])[]): Float32Array {
  const rows = anchors[0]?.length ?? 0;
  return Float32Array.from(
    { length: rows * anchors.length },
    (_, at) => anchors[at % anchors.length]?.[Math.floor(at / anchors.length)] ?? 0,
  );
}

function thresholds(changes: Partial<Thresholds> = {}): Thresholds {
  return { scores: [0.5, 0.5], nms: { iou: 0.5, perClass: true }, most: 100, ...changes };
}

describe('decoding', () => {
  it.each(vectors.cases)('finds what the NumPy decoder of the recipe finds: answer $seed, IoU $iou, per class $perClass', (wanted) => {
    const answer = Float32Array.from(vectors.answers[wanted.seed] ?? []);
    const scores = Array.from({ length: vectors.classes }, () => wanted.score);
    const found = decodeYolo(answer, vectors.anchors, { scores, nms: wanted, most: 100 });
    expect(found.length).toBe(wanted.expected.length);
    for (const [index, { classIndex, score, x1, y1, x2, y2 }] of found.entries()) {
      const [wantedClass, ...numbers] = wanted.expected[index] ?? [];
      expect(classIndex).toBe(wantedClass);
      [score, x1, y1, x2, y2].forEach((value, at) => void expect(value).toBeCloseTo(numbers[at] ?? Number.NaN, 3));
    }
  });

  it('keeps a box at its threshold and leaves out one below', () => {
    const answer = answerOf([
      [10, 10, 4, 4, 0.5, 0],
      [30, 30, 4, 4, 0.4999, 0],
    ]);
    expect(decodeYolo(answer, 2, thresholds())).toEqual([{ classIndex: 0, score: 0.5, x1: 8, y1: 8, x2: 12, y2: 12 }]);
  });

  it('has a threshold for each class', () => {
    const answer = answerOf([[10, 10, 4, 4, 0.6, 0.6]]);
    expect(decodeYolo(answer, 1, thresholds({ scores: [0.7, 0.5] })).map(({ classIndex }) => classIndex)).toEqual([1]);
  });

  it('lets boxes of two classes stand on one place only when it suppresses per class', () => {
    const answer = answerOf([
      [10, 10, 4, 4, 0.9, 0],
      [10, 10, 4, 4, 0, 0.8],
    ]);
    expect(decodeYolo(answer, 2, thresholds())).toHaveLength(2);
    expect(decodeYolo(answer, 2, thresholds({ nms: { iou: 0.5, perClass: false } })).map(({ score }) => score)).toEqual([
      expect.closeTo(0.9),
    ]);
  });

  it('takes the better anchor first, and the earlier of equals', () => {
    const answer = answerOf([
      [10, 10, 4, 4, 0.75, 0],
      [30, 30, 4, 4, 0.5, 0.75],
      [50, 50, 4, 4, 0.875, 0],
    ]);
    const order = decodeYolo(answer, 3, thresholds()).map(({ score, x1, classIndex }) => [score, x1, classIndex]);
    expect(order).toEqual([
      [0.875, 48, 0],
      [0.75, 8, 0],
      [0.75, 28, 1],
      [0.5, 28, 0],
    ]);
  });

  it('gives at most as many as it may, the best', () => {
    const answer = answerOf(Array.from({ length: 50 }, (_, n) => [n * 10, 10, 4, 4, 0.5 + n / 128, 0]));
    const found = decodeYolo(answer, 50, thresholds({ most: 3 }));
    expect(found.map(({ x1 }) => x1)).toEqual([488, 478, 468]);
  });

  it('stays bounded when every anchor of a large model is sure of every class', () => {
    const anchors = 8_400;
    const answer = new Float32Array(84 * anchors).fill(1);
    expect(decodeYolo(answer, anchors, thresholds({ scores: new Array(80).fill(0.25) })).length).toBeLessThanOrEqual(100);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses a box with %s in it', (value) => {
    expect(() => decodeYolo(answerOf([[10, value, 4, 4, 0.1, 0]]), 1, thresholds())).toThrow(RangeError);
  });

  it.each([Number.NaN, 1.01, -0.01])('refuses the score %s', (value) => {
    const answer = answerOf([[10, 10, 4, 4, 0.1, value]]);
    expect(() => decodeYolo(answer, 1, thresholds())).toThrow(/expected 0 to 1/);
    expect(() => decodeYolo(answer, 1, thresholds({ nms: { iou: 0.5, perClass: false } }))).toThrow(/expected 0 to 1/);
  });
});

describe('the overlap of boxes', () => {
  const box = { x1: 0, y1: 0, x2: 10, y2: 10 };

  it('is intersection over union', () => {
    expect(overlapOf(box, { x1: 5, y1: 0, x2: 15, y2: 10 })).toBeCloseTo(50 / 150, 12);
    expect(overlapOf(box, box)).toBe(1);
  });

  it('is nothing for boxes that touch, lie apart or have no area', () => {
    expect(overlapOf(box, { x1: 10, y1: 0, x2: 20, y2: 10 })).toBe(0);
    expect(overlapOf(box, { x1: 20, y1: 20, x2: 30, y2: 30 })).toBe(0);
    expect(overlapOf({ x1: 1, y1: 1, x2: 1, y2: 1 }, { x1: 1, y1: 1, x2: 1, y2: 1 })).toBe(0);
  });
});
