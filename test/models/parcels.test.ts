import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Frame } from '../../engine/frames/frame.ts';
import { decodePicture } from '../../engine/pictures/picture.ts';
import { readFullCard } from '../../models/evaluation/card.ts';
import { parseCoco } from '../../models/evaluation/coco.ts';
import { compareWithCard } from '../../models/evaluation/comparison.ts';
import { checkFiles, checkSplits, readManifest } from '../../models/evaluation/dataset-manifest.ts';
import { evaluate } from '../../models/evaluation/evaluate.ts';
import { letterboxedFrame } from '../../models/evaluation/letterboxed-frame.ts';
import { type DetectOptions, detect, loadModel } from '../../operators/detect/index.ts';
import { bytesOf, frameWith, outcomesOf } from '../operators/detect/fixtures.ts';

const MODEL = 'models/parcels';
const DATASET = 'models/datasets/parcels-2026-11';
const HOLDOUT = join(DATASET, 'holdout');

/** A clone without the model or the data set can test everything else; in CI that is a failure. */
const CI = process.env['CI'] === 'true';
const hasModel = CI || existsSync(join(MODEL, 'model.onnx'));
const hasDataset = CI || existsSync(join(DATASET, 'manifest.json'));

describe.skipIf(!hasModel)('the starter model', () => {
  it('measures in Node what its card says, within 0.001', { timeout: 60_000 }, async () => {
    const { largestDifference, equal, text } = compareWithCard(await evaluate(MODEL, HOLDOUT), await readFullCard(MODEL));
    expect(largestDifference, text).toBeLessThanOrEqual(0.001);
    expect(equal, text).toBe(true);
  });

  it('names the classes of its data set', async () => {
    const truth = parseCoco(readFileSync(join(HOLDOUT, 'annotations.json'), 'utf8'), HOLDOUT);
    expect((await loadModel(MODEL)).classes).toEqual(truth.categories.map(({ name }) => name));
  });

  it('names the committed data set in its card', async () => {
    const [card, manifest] = [await readFullCard(MODEL), await readManifest(DATASET)];
    expect(card.dataset).toEqual({ name: manifest.name, sha256: manifest.sha256 });
  });
});

describe.skipIf(!hasDataset)('the data set of the starter model', () => {
  it('shares no frame and no scene between its splits', async () => {
    const manifest = await readManifest(DATASET);
    expect(() => checkSplits(manifest)).not.toThrow();
    expect(new Set(manifest.frames.map(({ split }) => split))).toEqual(new Set(['train', 'val', 'holdout']));
  });

  it('has a holdout of 300 to 400 frames, all as the manifest says', { timeout: 60_000 }, async () => {
    const pictures = await checkFiles(DATASET, await readManifest(DATASET), 'holdout');
    expect(pictures).toBeGreaterThanOrEqual(300);
    expect(pictures).toBeLessThanOrEqual(400);
  });
});

describe.skipIf(!hasModel)('detections of the starter model', () => {
  let frames: Frame[] = [];
  beforeAll(async () => {
    frames = await holdoutFrames(16);
  });

  it('are equal byte by byte in every run, on one worker or two', async () => {
    const one = await detected(frames, { workers: 1 });
    expect(await detected(frames, { workers: 2 })).toBe(one);
    expect(await detected(frames.toReversed(), { workers: 2 })).toBe(one.split('\n').toReversed().join('\n'));
    expect(one).toContain('"label"');
  });

  it('do not depend on the company in a batch', async () => {
    const alone = (await detected(frames, { workers: 1 })).split('\n').map(numbersOf);
    const together = (await detected(frames, { workers: 1, batch: { size: 5, waitMs: 0 } })).split('\n').map(numbersOf);
    expect(together.map(({ length }) => length)).toEqual(alone.map(({ length }) => length));
    // onnxruntime may sum in another order for another batch: the sixth digit of a score.
    together.flat().forEach((value, at) => void expect(value).toBeCloseTo(alone.flat()[at] ?? Number.NaN, 3));
  });
});

async function holdoutFrames(count: number): Promise<Frame[]> {
  const { input } = await loadModel(MODEL);
  const truth = parseCoco(readFileSync(join(HOLDOUT, 'annotations.json'), 'utf8'), HOLDOUT);
  const step = Math.floor(truth.images.length / count);
  return Promise.all(
    truth.images
      .filter((_, index) => index % step === 0)
      .slice(0, count)
      .map(async ({ file_name, width, height }, seq) => {
        const folder = file_name.startsWith('images/') ? HOLDOUT : join(HOLDOUT, 'images');
        const { pixels, letterbox } = letterboxedFrame(await decodePicture(readFileSync(join(folder, file_name))), input);
        return frameWith(seq, pixels.buffer, { image: { width, height }, letterbox });
      }),
  );
}

async function detected(frames: readonly Frame[], options: DetectOptions): Promise<string> {
  const operator = await detect(await loadModel(MODEL), options).open();
  onTestFinished(() => operator.close());
  return bytesOf(await outcomesOf(operator, frames));
}

function numbersOf(line: string): number[] {
  return [...line.matchAll(/-?\d+(\.\d+)?(e-?\d+)?/g)].map(([number]) => Number(number));
}
