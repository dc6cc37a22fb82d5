import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { encodeJpeg } from '../../engine/pictures/picture.ts';
import { canonicalJson } from '../../models/evaluation/canonical-json.ts';
import { evaluate } from '../../models/evaluation/evaluate.ts';

const MODEL = fileURLToPath(new URL('../fixtures/models/quadrants.onnx', import.meta.url));
const PROGRAM = fileURLToPath(new URL('../../models/evaluation/main.ts', import.meta.url));
const PICTURE = { width: 64, height: 48 };
const RED = 0;
const GREEN = 1;

let root = '';
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'ocelli-evaluate-'));
  mkdirSync(join(root, 'dataset/holdout/images'), { recursive: true });
  mkdirSync(join(root, 'model'));
  writeFileSync(imageFile(1), await pictureOf(0, RED));
  writeFileSync(imageFile(2), await pictureOf(3, GREEN));
  writeTruth(annotations());
  writeFileSync(join(root, 'dataset/manifest.json'), JSON.stringify(manifest()));
  copyFileSync(MODEL, join(root, 'model/model.onnx'));
});
afterAll(() => rmSync(root, { recursive: true }));

function imageFile(id: number): string {
  return join(root, `dataset/holdout/images/${id}.jpg`);
}

/** Twice the size of the model's input, one quadrant in full red (0) or green (1). */
function pictureOf(quadrant: number, channel: number): Promise<Uint8Array> {
  const pixels = new Uint8Array(3 * PICTURE.width * PICTURE.height);
  for (let y = 0; y < PICTURE.height; y++) {
    for (let x = 0; x < PICTURE.width; x++) {
      const here = (y < PICTURE.height / 2 ? 0 : 2) + (x < PICTURE.width / 2 ? 0 : 1);
      if (here === quadrant) pixels[3 * (y * PICTURE.width + x) + channel] = 255;
    }
  }
  return encodeJpeg({ ...PICTURE, pixels }, 100);
}

/** In picture 1 the upper left quadrant is red, in picture 2 the lower right one green. */
function annotations(width = 32) {
  return [
    { id: 1, image_id: 1, category_id: 5, bbox: [0, 0, width, 24], area: width * 24, iscrowd: 0 },
    { id: 2, image_id: 2, category_id: 4, bbox: [32, 24, width, 24], area: width * 24, iscrowd: 0 },
  ];
}

function truth(objects: object[]) {
  return {
    images: [1, 2].map((id) => ({ id, file_name: `${id}.jpg`, ...PICTURE })),
    categories: [
      { id: 4, name: 'green' },
      { id: 5, name: 'red' },
    ],
    annotations: objects,
  };
}

function writeTruth(objects: object[]): void {
  writeFileSync(join(root, 'dataset/holdout/annotations.json'), JSON.stringify(truth(objects)));
}

function hashOf(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function manifest() {
  const frames = [1, 2].map((id) => ({
    file: `${id}.jpg`,
    sha256: hashOf(readFileSync(imageFile(id))),
    scene: `scene-${id}`,
    split: 'holdout',
  }));
  const holdout = hashOf(JSON.stringify(truth(annotations())));
  const body = { annotations: { holdout, train: holdout, val: holdout }, frames, name: 'squares' };
  return { sha256: hashOf(canonicalJson(body)), ...body };
}

/** A card that claims this AP for everything. */
function writeCard(ap: number, changes: object = {}): void {
  const figure = { value: ap, low: ap, high: ap };
  const figures = { objects: 2, ap: figure, ap50: figure, ap75: figure };
  const card = {
    name: 'quadrants',
    version: '1',
    sha256: hashOf(readFileSync(MODEL)),
    dataset: { name: 'squares', sha256: 'f'.repeat(64) },
    classes: ['red', 'green'],
    input: { width: 32, height: 24, layout: 'nchw', type: 'uint8', colour: 'rgb', letterbox: { pad: 114 } },
    output: { layout: 'yolo' },
    thresholds: { score: 0.5, nms: { iou: 0.5, perClass: true } },
    training: { command: 'none', seed: 1, codeVersion: '0', images: 0, hours: 0, hardware: 'none' },
    speed: { gflop: 0.1, parameters: 5, medianMs: 0.1, threads: 1, runs: 200, runtime: 'none' },
    holdout: { frames: 2, evaluation: { score: 0.001, maxDetections: 100 }, all: figures, classes: { red: figures, green: figures } },
    limits: ['Sees quadrants only.'],
    ...changes,
  };
  writeFileSync(join(root, 'model/card.yaml'), stringify(card));
}

function run(...args: string[]) {
  const given = ['--model', join(root, 'model'), '--dataset', join(root, 'dataset')];
  return spawnSync(process.execPath, [PROGRAM, ...args, ...given], { encoding: 'utf8' });
}

function measured() {
  return evaluate(join(root, 'model'), join(root, 'dataset/holdout'));
}

describe('the evaluation', () => {
  beforeEach(() => {
    writeCard(1);
    writeTruth(annotations());
  });

  it('gives full precision to a model that is right', async () => {
    const { frames, all, classes } = await measured();
    expect(frames).toBe(2);
    const full = { ap: expect.closeTo(1, 12), ap50: expect.closeTo(1, 12), ap75: expect.closeTo(1, 12) };
    expect(all).toEqual({ objects: 2, ...full });
    expect(classes).toEqual({ red: { objects: 1, ...full }, green: { objects: 1, ...full } });
  });

  it('counts only the IoU thresholds that the boxes reach', async () => {
    writeTruth(annotations(20));
    const { all } = await measured();
    expect([all.ap50, all.ap75]).toEqual([expect.closeTo(1, 12), 0]);
    expect(all.ap).toBeCloseTo(0.3, 12);
  });

  it('counts what was not found', async () => {
    writeTruth([...annotations(), { id: 3, image_id: 1, category_id: 5, bbox: [40, 30, 20, 16], area: 320, iscrowd: 0 }]);
    expect((await measured()).classes['red']?.ap50).toBeCloseTo(51 / 101, 12);
  });

  it('refuses a data set that lacks a class of the model', async () => {
    const folder = join(root, 'other');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'annotations.json'), JSON.stringify({ ...truth([]), categories: [{ id: 1, name: 'red' }] }));
    await expect(evaluate(join(root, 'model'), folder)).rejects.toThrow('The model knows the class green, the data set only red');
  });

  it('refuses a picture of another size than the annotations say', async () => {
    writeFileSync(
      join(root, 'dataset/holdout/annotations.json'),
      JSON.stringify({ ...truth([]), images: [{ id: 1, file_name: '1.jpg', width: 32, height: 24 }] }),
    );
    await expect(measured()).rejects.toThrow('the annotations say 32x24, the picture has 64x48');
  });
});

describe('the command', () => {
  beforeEach(() => {
    writeCard(1);
    writeTruth(annotations());
  });

  it('evaluate prints the figures beside the card’s and says that they are equal', () => {
    const { status, stdout, stderr } = run('evaluate');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^all +2 +1\.0000 +1\.0000/m);
    expect(stdout).toContain('Equal to the card within 0.001');
  });

  it('evaluate exits with 1 when the card claims more than 0.001 too much', () => {
    writeCard(0.9985);
    const { status, stdout } = run('evaluate', '--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ equal: false, largestDifference: expect.closeTo(0.0015, 9) });
  });

  it('card prints accuracy, provenance and limits', () => {
    const { status, stdout } = run('card');
    expect(status).toBe(0);
    expect(stdout).toContain('1.000 (1.000–1.000)');
    expect(stdout).toContain('- Sees quadrants only.');
    expect(JSON.parse(run('card', '--json').stdout)).toHaveProperty('speed.medianMs', 0.1);
  });

  it('card names the field that a card lacks', () => {
    writeCard(1, { holdout: { frames: 2 } });
    const { status, stderr } = run('card');
    expect(status).toBe(1);
    expect(stderr).toContain('card.yaml: holdout.evaluation');
  });

  it('verify counts the frames that are as the manifest says, and refuses one that is not', async () => {
    expect(run('verify').stdout).toContain('squares: 2 holdout frames are as the manifest says');
    const changed = await pictureOf(1, RED);
    const original = readFileSync(imageFile(1));
    writeFileSync(imageFile(1), changed);
    const { status, stderr } = run('verify');
    writeFileSync(imageFile(1), original);
    expect(status).toBe(1);
    expect(stderr).toContain('1.jpg: the manifest says SHA-256');
  });

  it('prints how to use it when it is used wrongly', () => {
    for (const args of [[], ['train'], ['card', 'twice'], ['card', '--colour']]) {
      const { status, stderr } = run(...args);
      expect(status).toBe(2);
      expect(stderr).toContain('usage: node models/evaluation/main.ts evaluate|transports|card|verify');
    }
  });
});
