import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { encodeJpeg } from '../../engine/pictures/picture.ts';
import { evaluate } from '../../models/evaluation/evaluate.ts';

const MODEL = fileURLToPath(new URL('../fixtures/models/quadrants.onnx', import.meta.url));
const PROGRAM = fileURLToPath(new URL('../../models/evaluation/main.ts', import.meta.url));
const QUADRANT = { width: 64, height: 48 };

let root = '';
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'ocelli-evaluate-'));
  mkdirSync(join(root, 'dataset/holdout/images'), { recursive: true });
  mkdirSync(join(root, 'model'));
  for (const [index, quadrant] of [0, 3].entries()) writeFileSync(imageFile(index + 1), await pictureWithRed(quadrant));
  writeFileSync(join(root, 'dataset/holdout/annotations.json'), JSON.stringify(truth(annotations())));
  writeFileSync(join(root, 'dataset/manifest.json'), JSON.stringify(manifest()));
  copyFileSync(MODEL, join(root, 'model/model.onnx'));
  writeCard(1);
});
afterAll(() => rmSync(root, { recursive: true }));

function imageFile(id: number): string {
  return join(root, `dataset/holdout/images/${id}.jpg`);
}

/** Twice the size of the model's input, one quadrant red. */
function pictureWithRed(quadrant: number): Promise<Uint8Array> {
  const pixels = new Uint8Array(3 * QUADRANT.width * QUADRANT.height);
  for (let y = 0; y < QUADRANT.height; y++) {
    for (let x = 0; x < QUADRANT.width; x++) {
      const here = (y < QUADRANT.height / 2 ? 0 : 2) + (x < QUADRANT.width / 2 ? 0 : 1);
      if (here === quadrant) pixels[3 * (y * QUADRANT.width + x)] = 255;
    }
  }
  return encodeJpeg({ ...QUADRANT, pixels }, 100);
}

/** In picture 1 the upper left quadrant is red, in picture 2 the lower right one. */
function annotations() {
  return [
    { id: 1, image_id: 1, category_id: 5, bbox: [0, 0, 32, 24], area: 768, iscrowd: 0 },
    { id: 2, image_id: 2, category_id: 5, bbox: [32, 24, 32, 24], area: 768, iscrowd: 0 },
  ];
}

function truth(objects: object[]) {
  return {
    images: [1, 2].map((id) => ({ id, file_name: `${id}.jpg`, ...QUADRANT })),
    categories: [
      { id: 4, name: 'green' },
      { id: 5, name: 'red' },
    ],
    annotations: objects,
  };
}

function manifest() {
  const frames = [1, 2].map((id) => ({
    file: `holdout/images/${id}.jpg`,
    sha256: createHash('sha256').update(readFileSync(imageFile(id))).digest('hex'),
    scene: `scene-${id}`,
    split: 'holdout',
  }));
  return { name: 'squares', sha256: 'f'.repeat(64), frames };
}

function writeCard(ap: number): void {
  const figure = { value: ap, low: ap, high: ap };
  const none = { value: Number.NaN, low: 0, high: 0 };
  const figures = { objects: 2, ap: figure, ap50: figure, ap75: figure };
  const card = {
    name: 'quadrants',
    version: '1',
    sha256: createHash('sha256').update(readFileSync(MODEL)).digest('hex'),
    dataset: { name: 'squares', sha256: 'f'.repeat(64) },
    classes: ['red', 'green'],
    input: { width: 32, height: 24, layout: 'nchw', type: 'uint8', colour: 'rgb', letterbox: { pad: 114 } },
    output: { layout: 'yolo' },
    thresholds: { score: 0.5, nms: { iou: 0.5, perClass: true } },
    training: { command: 'none', seed: 1, codeVersion: '0', images: 0, hours: 0, hardware: 'none' },
    speed: { gflop: 0.1, parameters: 5, medianMs: 0.1, threads: 1, runs: 200, runtime: 'none' },
    holdout: { frames: 2, evaluation: { score: 0.001, maxDetections: 100 }, all: figures, classes: { red: figures, green: { objects: 0, ap: none, ap50: none, ap75: none } } },
    limits: ['Sees quadrants only.'],
  };
  writeFileSync(join(root, 'model/card.yaml'), stringify(card));
}

function run(...args: string[]) {
  const given = ['--model', join(root, 'model'), '--dataset', join(root, 'dataset')];
  return spawnSync(process.execPath, [PROGRAM, ...args, ...given], { encoding: 'utf8' });
}

describe('the evaluation', () => {
  it('gives full precision to a model that is right', async () => {
    const { frames, all, classes } = await evaluate(join(root, 'model'), join(root, 'dataset/holdout'));
    expect(frames).toBe(2);
    expect(all).toEqual({ objects: 2, ap: 1, ap50: 1, ap75: 1 });
    expect(classes['red']).toEqual(all);
    expect(classes['green']).toEqual({ objects: 0, ap: Number.NaN, ap50: Number.NaN, ap75: Number.NaN });
  });

  it('refuses a data set that lacks a class of the model', async () => {
    const folder = join(root, 'other');
    mkdirSync(folder);
    writeFileSync(join(folder, 'annotations.json'), JSON.stringify({ ...truth([]), categories: [{ id: 1, name: 'red' }] }));
    await expect(evaluate(join(root, 'model'), folder)).rejects.toThrow('The model knows the class green, the data set only red');
  });
});
