import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readOnnxHeader } from '../../../operators/detect/onnx-header.ts';
import { fixtureModel } from './fixtures.ts';

function headerOf(name: string) {
  return readOnnxHeader(readFileSync(fixtureModel(name)));
}

describe('the header of an ONNX file', () => {
  it('tells names, types and shapes of inputs and outputs, without the weights', () => {
    const { inputs, outputs } = headerOf('quadrants');
    expect(inputs).toEqual([{ name: 'images', elementType: 2, shape: ['n', 3, 24, 32] }]);
    expect(outputs).toEqual([{ name: 'output0', elementType: 1, shape: ['n', 6, 4] }]);
  });

  it('tells the metadata', () => {
    const { metadata } = headerOf('quadrants');
    expect(Object.fromEntries(metadata)).toEqual({ names: "{0: 'red', 1: 'green'}", imgsz: '[24, 32]', task: 'detect' });
  });

  it.each([
    ['external-parent', 'scale'],
    ['external-absolute', 'scale'],
    ['external-missing', 'scale'],
    ['external-in-loop', 'held'],
  ])('finds the tensor of %s that lies in another file', (name, tensor) => {
    expect(headerOf(name).externalTensors).toEqual([tensor]);
  });

  it('finds no such tensor in a whole model', () => {
    expect(headerOf('slow').externalTensors).toEqual([]);
  });

  it('names the functions that a file defines', () => {
    expect(headerOf('function').functions).toEqual(['Same']);
  });

  it('refuses junk with a sentence', () => {
    const junk = Uint8Array.from({ length: 500 }, (_, index) => (index * 73 + 41) % 256);
    expect(() => readOnnxHeader(junk)).toThrow(RangeError);
    expect(() => readOnnxHeader(Buffer.from('not a model at all'))).toThrow(RangeError);
    expect(() => readOnnxHeader(new Uint8Array(0))).toThrow('it holds no graph');
  });

  it('ends on every damaged file with a header or a sentence', () => {
    const whole = readFileSync(fixtureModel('slow'));
    for (let at = 0; at < whole.length; at++) {
      const damaged = Uint8Array.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 0xff;
      expect(outcomeOf(damaged)).toMatch(/header|sentence/);
    }
  });

  it('refuses graphs that are nested without end', () => {
    let graph = Uint8Array.of();
    for (let depth = 0; depth < 100; depth++) graph = nested(1, nested(5, nested(6, graph)));
    expect(() => readOnnxHeader(nested(7, graph))).toThrow('it nests graphs more than 32 deep');
  });
});

function outcomeOf(bytes: Uint8Array): string {
  try {
    readOnnxHeader(bytes);
    return 'header';
  } catch (error) {
    return error instanceof RangeError ? 'sentence' : String(error);
  }
}

/** A protobuf field that holds a message. */
function nested(number: number, message: Uint8Array): Uint8Array<ArrayBuffer> {
  const length: number[] = [];
  for (let rest = message.length; rest > 0 || length.length === 0; rest = Math.floor(rest / 128))
    length.push((rest % 128) + (rest >= 128 ? 128 : 0));
  return Uint8Array.of(number * 8 + 2, ...length, ...message);
}
