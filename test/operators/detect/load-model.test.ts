import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { OcelliError } from '../../../engine/errors.ts';
import { loadModel } from '../../../operators/detect/index.ts';
import { fixtureModel } from './fixtures.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ocelli-model-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const whole = readFileSync(fixtureModel('quadrants'));
const sha256 = createHash('sha256').update(whole).digest('hex');

function card(changes: object = {}): object {
  return {
    name: 'quadrants',
    version: '7',
    sha256,
    dataset: { name: 'squares-1' },
    classes: ['red', 'green'],
    input: { width: 32, height: 24, layout: 'nchw', type: 'uint8', colour: 'rgb', letterbox: { pad: 100 } },
    output: { layout: 'yolo' },
    thresholds: { score: 0.4, perClass: { green: 0.6 }, nms: { iou: 0.5, perClass: false } },
    limits: ['more than the engine reads'],
    ...changes,
  };
}

function modelFolder(cardText: string, model: Uint8Array = whole): string {
  writeFileSync(join(folder, 'model.onnx'), model);
  writeFileSync(join(folder, 'card.yaml'), cardText);
  return folder;
}

function written(name: string, bytes: Uint8Array): string {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
}

async function refusalOf(path: string): Promise<string> {
  const error: unknown = await loadModel(path).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(OcelliError);
  expect((error as OcelliError).code).toBe('MODEL_INVALID');
  return (error as OcelliError).message;
}

describe('a model folder', () => {
  it('gives provenance, classes, input and thresholds as the card says', async () => {
    const model = await loadModel(modelFolder(stringify(card())));
    expect(model.provenance).toEqual({ name: 'quadrants', version: '7', sha256, dataset: 'squares-1' });
    expect(model.classes).toEqual(['red', 'green']);
    expect(model.input).toEqual({ width: 32, height: 24, pad: 100 });
    expect(model.thresholds).toEqual({ scores: [0.4, 0.6], nms: { iou: 0.5, perClass: false }, most: 300 });
    expect(model.file).toBe(join(folder, 'model.onnx'));
  });

  it('is refused when the file has another hash than the card, naming both', async () => {
    const sentence = await refusalOf(modelFolder(stringify(card({ sha256: 'a'.repeat(64) }))));
    expect(sentence).toContain('a'.repeat(64));
    expect(sentence).toContain(sha256);
  });

  it('is refused when the classes differ from those in the file', async () => {
    expect(await refusalOf(modelFolder(stringify(card({ classes: ['green', 'red'] }))))).toContain(
      'classes says green, red, the file has red, green',
    );
  });

  it('is refused when the number of classes differs from the output', async () => {
    expect(await refusalOf(modelFolder(stringify(card({ classes: ['red'] }))))).toContain('[n, 5, anchors]');
  });

  it('is refused when the size of the input differs', async () => {
    const input = { width: 64, height: 24, layout: 'nchw', type: 'uint8', colour: 'rgb', letterbox: { pad: 0 } };
    expect(await refusalOf(modelFolder(stringify(card({ input }))))).toContain('input says 64x24 uint8, the file has 32x24 uint8');
  });

  it('is refused without a card, or with one that lacks a field, naming it', async () => {
    expect(await refusalOf(modelFolder(stringify(card({ thresholds: { score: 2, nms: { iou: 0.5, perClass: true } } }))))).toContain(
      'thresholds.score',
    );
    expect(await refusalOf(modelFolder('a: [1'))).toContain('is no YAML');
    rmSync(join(folder, 'card.yaml'));
    expect(await refusalOf(folder)).toContain('needs a card.yaml');
  });

  it('is refused without a model, or with a folder in its place', async () => {
    modelFolder(stringify(card()));
    rmSync(join(folder, 'model.onnx'));
    expect(await refusalOf(folder)).toContain('expected an ONNX file');
    mkdirSync(join(folder, 'model.onnx'));
    expect(await refusalOf(folder)).toContain('expected an ONNX file');
  });
});

describe('a bare export', () => {
  it('takes classes from the metadata, and name and version from the file', async () => {
    const model = await loadModel(fixtureModel('quadrants'));
    expect(model.provenance).toEqual({ name: 'quadrants', version: sha256.slice(0, 12), sha256, dataset: 'unknown' });
    expect(model.classes).toEqual(['red', 'green']);
    expect(model.thresholds).toEqual({ scores: [0.25, 0.25], nms: { iou: 0.7, perClass: true }, most: 300 });
  });

  it('may take floats, and a fixed number of frames', async () => {
    expect((await loadModel(fixtureModel('float'))).graph.inputType).toBe('float32');
    expect((await loadModel(fixtureModel('batch-2'))).graph.fixedBatch).toBe(2);
  });

  it('takes its size from the metadata when the graph leaves it free', async () => {
    expect((await loadModel(fixtureModel('free-size'))).input).toEqual({ width: 32, height: 24, pad: 114 });
  });

  it.each(['external-parent', 'external-absolute', 'external-missing', 'external-in-loop'])(
    'is refused with data in another file: %s',
    async (name) => {
      expect(await refusalOf(fixtureModel(name))).toContain('lie in other files');
    },
  );

  it('is refused with data behind a symbolic link', async () => {
    symlinkSync('/etc/hostname', join(folder, 'weights.bin'));
    copyFileSync(fixtureModel('external-missing'), join(folder, 'model.onnx'));
    expect(await refusalOf(join(folder, 'model.onnx'))).toContain('lie in other files');
  });

  it.each([
    ['function', 'defines functions of its own (Same)'],
    ['without-names', 'its metadata has no "names"'],
    ['three-classes', 'should have the shape [n, 6, anchors] (4 + 2 classes), it has [1, 7, 4]'],
    ['end-to-end', 'export without "nms" or "end2end"'],
    ['classifier', 'it has [1, 6]'],
    ['half', 'it is float16; export without "half"'],
    ['grey', 'should have 3 channels (red, green, blue), it has 1'],
  ])('is refused: %s', async (name, sentence) => {
    expect(await refusalOf(fixtureModel(name))).toContain(sentence);
  });

  it('is refused when it is missing, empty or junk', async () => {
    expect(await refusalOf(join(folder, 'nothing.onnx'))).toContain('expected a folder with card.yaml and model.onnx, or an .onnx file');
    expect(await refusalOf(written('empty.onnx', new Uint8Array(0)))).toContain('it is empty');
    expect(await refusalOf(written('junk.onnx', Buffer.from('<html>not found</html>')))).toContain('expected an ONNX detector');
  });

  it('is refused wherever it was cut off', async () => {
    for (let length = 1; length < whole.indexOf('names'); length += 13) {
      expect(await refusalOf(written('cut.onnx', whole.subarray(0, length)))).toContain('cut.onnx');
    }
  });
});
