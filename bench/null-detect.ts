import type { Detected } from '../engine/contract/detection.ts';
import type { BatchOperator } from '../engine/contract/operator.ts';
import type { Frame } from '../engine/frames/frame.ts';
import type { DetectedObject } from '../engine/records/record.ts';

/** After so many frames every object is where it began. */
const STEPS = 170;

/**
 * A detection operator without a model: answers every frame at once with the given number of objects, each wandering along its own row so
 * that a tracker has work. What is measured with it is everything but inference.
 */
export function nullDetect(objects: number): BatchOperator<Frame, Detected> {
  const answers = Array.from({ length: STEPS }, (_, seq) => objectsAt(seq, objects));
  return {
    name: 'null-detect',
    open: async () => ({
      batch: { size: 1, waitMs: 0, parallel: 2 },
      async process(items) {
        for (const { input, answer } of items)
          answer({ objects: answers[input.seq % STEPS] as DetectedObject[], inferredMs: 0, pixels: input.pixels });
      },
      async close() {},
    }),
  };
}

function objectsAt(seq: number, count: number): DetectedObject[] {
  return Array.from({ length: count }, (_, row) => ({
    label: 'parcel',
    score: 0.9,
    box: [round(((seq + 17 * row) % STEPS) / 200), round(row / count), 0.1, round(0.8 / count)],
  }));
}

function round(value: number): number {
  return Math.round(value * 100_000) / 100_000;
}
