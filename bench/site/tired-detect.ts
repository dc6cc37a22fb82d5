import { setTimeout as wait } from 'node:timers/promises';
import type { Detected } from '../../engine/contract/detection.ts';
import type { BatchOperator } from '../../engine/contract/operator.ts';
import type { Frame } from '../../engine/frames/frame.ts';

/** A detector that takes its time for every frame, one after the other, and sees nothing: its capacity is exact on any machine. */
export function tiredDetect(inferenceMs: number): BatchOperator<Frame, Detected> {
  return {
    name: 'tired-detect',
    open: async () => ({
      batch: { size: 1, waitMs: 0, parallel: 1 },
      async process(items) {
        for (const { input, answer } of items) {
          await wait(inferenceMs);
          answer({ objects: [], inferredMs: inferenceMs, pixels: input.pixels });
        }
      },
      async close() {},
    }),
  };
}
