import { fileURLToPath } from 'node:url';
import type { Detected } from '../../../engine/contract/detection.ts';
import type { OpenBatchOperator } from '../../../engine/contract/operator.ts';
import type { Frame } from '../../../engine/frames/frame.ts';

/** The path of a model made by `test/fixtures/models/generate.py`. */
export function fixtureModel(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/models/${name}.onnx`, import.meta.url));
}

export const SMALL = { width: 32, height: 24 };

export type Quadrant = 0 | 1 | 2 | 3;

/** A frame whose quadrants have one colour each: `[red, green]` for upper left, upper right, lower left, lower right. */
export function frameOf(seq: number, quadrants: readonly (readonly [number, number])[], facts: Partial<Frame> = {}): Frame {
  return frameWith(seq, coloured(quadrants, SMALL), facts);
}

export function frameWith(seq: number, pixels: ArrayBuffer, facts: Partial<Frame> = {}): Frame {
  return {
    type: 'frame',
    camera: 'dock-1',
    session: 1,
    seq,
    time: 1_766_400_000_000 + seq * 100,
    clock: 'arrival',
    arrivedMs: 0,
    decodedMs: 4,
    settings: 'none',
    image: { width: 640, height: 480 },
    letterbox: { x: 0, y: 0, ...SMALL },
    pixels,
    ...facts,
  };
}

/** Planar pixels; blue is 0. */
export function coloured(quadrants: readonly (readonly [number, number])[], { width, height }: typeof SMALL): ArrayBuffer {
  const pixels = new Uint8Array(3 * width * height);
  for (let plane = 0; plane < 2; plane++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const quadrant = (y < height / 2 ? 0 : 2) + (x < width / 2 ? 0 : 1);
        pixels[(plane * height + y) * width + x] = quadrants[quadrant]?.[plane] ?? 0;
      }
    }
  }
  return pixels.buffer;
}

/** Frames of many colours, the same in every run. */
export function manyFrames(count: number): Frame[] {
  return Array.from({ length: count }, (_, seq) =>
    frameOf(
      seq,
      [0, 1, 2, 3].map((quadrant) => [(seq * 37 + quadrant * 61) % 256, (seq * 53 + quadrant * 29) % 256] as const),
    ),
  );
}

/** What came of each frame, in the order of the frames: an answer or the error. Gives out as many batches as the operator allows. */
export async function outcomesOf(operator: OpenBatchOperator<Frame, Detected>, frames: readonly Frame[]): Promise<(Detected | Error)[]> {
  const outcomes = new Map<Frame, Detected | Error>();
  const { size, parallel } = operator.batch;
  const batches = Array.from({ length: Math.ceil(frames.length / size) }, (_, n) => frames.slice(n * size, (n + 1) * size));
  async function work(): Promise<void> {
    for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
      await operator.process(
        batch.map((input) => itemOf(input, outcomes)),
        new AbortController().signal,
      );
    }
  }
  await Promise.all(Array.from({ length: parallel }, work));
  return frames.map((frame) => outcomes.get(frame) ?? new Error('no answer'));
}

function itemOf(input: Frame, outcomes: Map<Frame, Detected | Error>) {
  function settle(outcome: Detected | Error): void {
    if (outcomes.has(input)) throw new Error(`frame ${input.seq} was answered twice`);
    outcomes.set(input, outcome);
  }
  return { input, answer: settle, reject: (error: unknown) => settle(error as Error) };
}

/** The objects of answers as text, to compare runs byte by byte; an error is its sentence. */
export function bytesOf(outcomes: readonly (Detected | Error)[]): string {
  return outcomes.map((outcome) => JSON.stringify(outcome instanceof Error ? outcome.message : outcome.objects)).join('\n');
}
