import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Detected } from '../../../engine/contract/detection.ts';
import { OcelliError } from '../../../engine/errors.ts';
import { type DetectOptions, detect, loadModel, tryProvider } from '../../../operators/detect/index.ts';
import { bytesOf, coloured, fixtureModel, frameOf, frameWith, manyFrames, outcomesOf } from './fixtures.ts';

const UPPER_LEFT = [0, 0, 0.5, 0.5];
const BLACK = [0, 0] as const;
const CUDA_LIBRARY = `node_modules/onnxruntime-node/bin/napi-v6/${process.platform}/${process.arch}/libonnxruntime_providers_shared.so`;

async function opened(name: string, options: DetectOptions = {}) {
  const operator = await detect(await loadModel(fixtureModel(name)), { workers: 1, ...options }).open();
  onTestFinished(() => operator.close());
  return operator;
}

function objectsOf(outcome: Detected | Error | undefined) {
  if (outcome === undefined || outcome instanceof Error) throw outcome ?? new Error('no outcome');
  return outcome.objects;
}

describe('detection', () => {
  it.each(['quadrants', 'float', 'batch-2', 'free-size'])('sees what can be worked out by hand with the model %s', async (name) => {
    const operator = await opened(name);
    const [first, second] = await outcomesOf(operator, [
      frameOf(0, [[204, 0], BLACK, BLACK, [0, 102]]),
      frameOf(1, [BLACK, [255, 64], BLACK, BLACK]),
    ]);
    expect(objectsOf(first)).toEqual([
      { label: 'red', score: 0.8, box: UPPER_LEFT },
      { label: 'green', score: 0.4, box: [0.5, 0.5, 0.5, 0.5] },
    ]);
    expect(objectsOf(second)).toEqual([
      { label: 'red', score: 1, box: [0.5, 0, 0.5, 0.5] },
      { label: 'green', score: 0.251, box: [0.5, 0, 0.5, 0.5] },
    ]);
  });

  it('says where things are in the source picture, not in the frame with its grey bars', async () => {
    const operator = await opened('quadrants');
    const letterbox = { x: 0, y: 3, width: 32, height: 18 };
    const [outcome] = await outcomesOf(operator, [frameOf(0, [[255, 0], BLACK, BLACK, BLACK], { letterbox })]);
    expect(objectsOf(outcome)).toEqual([{ label: 'red', score: 1, box: UPPER_LEFT }]);
  });

  it('gives every frame its pixels back, whole', async () => {
    const operator = await opened('quadrants');
    const frames = manyFrames(5);
    const before = frames.map(({ pixels }) => Buffer.from(pixels).toString('hex'));
    const outcomes = await outcomesOf(operator, frames);
    outcomes.forEach((outcome, index) => {
      expect(outcome).toHaveProperty('pixels', frames[index]?.pixels);
      expect(Buffer.from(frames[index]?.pixels ?? '').toString('hex')).toBe(before[index]);
    });
  });

  it('makes statistics of the frames that ask for them', async () => {
    const operator = await opened('quadrants');
    const grey = [100, 100] as const;
    const [without, having] = await outcomesOf(operator, [
      frameOf(0, [grey, grey, grey, grey]),
      frameOf(1, [grey, grey, grey, grey], { statistics: true }),
    ]);
    expect(without).not.toHaveProperty('picture');
    expect(having).toHaveProperty('picture', { brightness: 89, contrast: 0, sharpness: 0 });
  });

  it('is equal byte by byte in every run, and on one worker or two', async () => {
    const frames = manyFrames(60);
    const one = bytesOf(await outcomesOf(await opened('quadrants'), frames));
    const again = bytesOf(await outcomesOf(await opened('quadrants'), frames));
    const two = bytesOf(await outcomesOf(await opened('quadrants', { workers: 2 }), frames));
    expect(again).toBe(one);
    expect(two).toBe(one);
  });

  it('does not depend on the company in a batch', async () => {
    const frames = manyFrames(23);
    const alone = bytesOf(await outcomesOf(await opened('quadrants'), frames));
    const together = await opened('quadrants', { batch: { size: 4, waitMs: 0 } });
    expect(bytesOf(await outcomesOf(together, frames))).toBe(alone);
    expect(bytesOf((await outcomesOf(together, frames.toReversed())).toReversed())).toBe(alone);
  });

  it('keeps its batches within what the model takes', async () => {
    expect((await opened('batch-2', { batch: { size: 8, waitMs: 4 } })).batch).toEqual({ size: 2, waitMs: 4, parallel: 2 });
  });

  it('uses its buffers again', async () => {
    const operator = await opened('large', { workers: 2 });
    const quadrants = [[200, 0], BLACK, BLACK, BLACK] as const;
    const frames = Array.from({ length: 8 }, (_, seq) => frameWith(seq, coloured(quadrants, { width: 320, height: 192 })));
    const look = async (rounds: number) => {
      for (let round = 0; round < rounds; round++) await outcomesOf(operator, frames);
    };
    await look(40);
    const before = process.memoryUsage();
    await look(250);
    const after = process.memoryUsage();
    const frameBytes = 3 * 320 * 192;
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(20 * frameBytes);
    expect(after.rss - before.rss).toBeLessThan(200 * frameBytes);
  });
});

describe('a frame that cannot be looked at', () => {
  it('is rejected when the model answers no number, and the next is looked at', async () => {
    const operator = await opened('nan');
    const red = [255, 0] as const;
    const green = [255, 255] as const;
    const [nothing, good] = await outcomesOf(operator, [frameOf(3, [red, red, red, red]), frameOf(4, [green, green, green, green])]);
    expect(nothing).toBeInstanceOf(OcelliError);
    expect(nothing).toHaveProperty('code', 'OPERATOR_FAILED');
    expect(nothing).toHaveProperty('message', expect.stringContaining('dock-1/1/3: the model answered the score NaN'));
    expect(objectsOf(good)).toHaveLength(8);
  });

  it('is rejected when the model fails on it, every seventh', async () => {
    const operator = await opened('failing');
    const frames = Array.from({ length: 21 }, (_, seq) => frameOf(seq, [[seq % 7 === 6 ? 200 : 0, 200], BLACK, BLACK, BLACK]));
    const outcomes = await outcomesOf(operator, frames);
    expect(outcomes.map((outcome) => outcome instanceof OcelliError)).toEqual(frames.map(({ seq }) => seq % 7 === 6));
  });

  it('does not take the others of its batch with it', async () => {
    const operator = await opened('failing', { batch: { size: 4, waitMs: 0 } });
    const frames = [0, 0, 200, 0].map((red, seq) => frameOf(seq, [[red, 200], BLACK, BLACK, BLACK]));
    const outcomes = await outcomesOf(operator, frames);
    expect(outcomes.map((outcome) => outcome instanceof OcelliError)).toEqual([false, false, true, false]);
    expect(objectsOf(outcomes[3])).toEqual([{ label: 'green', score: 0.7843, box: UPPER_LEFT }]);
  });

  it('is rejected alone when its size is not the model’s', async () => {
    const operator = await opened('quadrants', { batch: { size: 2, waitMs: 0 } });
    const [wrong, good] = await outcomesOf(operator, [frameWith(0, new ArrayBuffer(100)), frameOf(1, [[255, 0], BLACK, BLACK, BLACK])]);
    expect(wrong).toHaveProperty('message', 'detect: frame dock-1/1/0: has 100 bytes, the model takes 2304.');
    expect(objectsOf(good)).toHaveLength(1);
  });

  it('is rejected when the run was stopped', async () => {
    const operator = await opened('quadrants');
    const rejected: unknown[] = [];
    const item = { input: frameOf(0, [BLACK]), answer: () => rejected.push('answered'), reject: (error: unknown) => rejected.push(error) };
    await operator.process([item], AbortSignal.abort());
    expect(rejected).toEqual([expect.objectContaining({ code: 'OPERATOR_FAILED' })]);
  });
});

describe('opening', () => {
  let folder = '';
  afterEach(() => folder && rmSync(folder, { recursive: true, force: true }));

  it('is refused when the model answers in another shape than it should', async () => {
    await expect(opened('other-answer')).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringContaining('it answered [1, 7, 4]'),
    });
  });

  it('is refused when the file is no longer the one that was judged', async () => {
    folder = mkdtempSync(join(tmpdir(), 'ocelli-detect-'));
    const file = join(folder, 'model.onnx');
    copyFileSync(fixtureModel('quadrants'), file);
    const model = await loadModel(file);
    copyFileSync(fixtureModel('float'), file);
    await expect(detect(model, { workers: 2 }).open()).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringContaining('changed while in use'),
    });
  });

  it.skipIf(existsSync(CUDA_LIBRARY))('says what to do when CUDA is wanted and its libraries are missing', async () => {
    const refusal = {
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/^provider: cuda was asked for, .* Take provider: cpu; or, .*npm rebuild onnxruntime-node\.$/s),
    };
    await expect(opened('quadrants', { provider: 'cuda' })).rejects.toMatchObject(refusal);
    await expect(tryProvider(await loadModel(fixtureModel('quadrants')), 'cuda')).rejects.toMatchObject(refusal);
  });
});
