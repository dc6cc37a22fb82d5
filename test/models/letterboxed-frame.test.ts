import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fitInside, letterboxedFrame } from '../../models/evaluation/letterboxed-frame.ts';

interface Vector {
  readonly width: number;
  readonly height: number;
  readonly source: number[][][];
  readonly expected: number[][][];
}
const vector = JSON.parse(readFileSync(new URL('../../models/recipe/letterbox-vector.json', import.meta.url), 'utf8')) as Vector;
const INPUT = { width: 320, height: 192, pad: 114 };

function planarOf(rows: readonly (readonly (readonly number[])[])[]): number[] {
  return [0, 1, 2].flatMap((channel) => rows.flat().map((pixel) => pixel[channel] ?? -1));
}

describe('a letterboxed frame', () => {
  it('equals the worked example of the recipe, pixel by pixel', () => {
    const pixels = Uint8Array.from(vector.source.flat(2));
    const picture = { width: vector.source[0]?.length ?? 0, height: vector.source.length, pixels };
    const frame = letterboxedFrame(picture, { width: vector.width, height: vector.height, pad: 114 });
    expect([...frame.pixels]).toEqual(planarOf(vector.expected));
  });

  it.each([
    [
      { width: 1920, height: 1080 },
      { x: 0, y: 6, width: 320, height: 180 },
    ],
    [
      { width: 640, height: 480 },
      { x: 32, y: 0, width: 256, height: 192 },
    ],
    [
      { width: 640, height: 384 },
      { x: 0, y: 0, width: 320, height: 192 },
    ],
    [
      { width: 5000, height: 1 },
      { x: 0, y: 95, width: 320, height: 1 },
    ],
    [
      { width: 1, height: 5000 },
      { x: 159, y: 0, width: 1, height: 192 },
    ],
  ])('fits %j inside at %j', (source, place) => {
    expect(fitInside(source, INPUT)).toEqual(place);
  });

  it('leaves a picture of the right size as it is', () => {
    const pixels = Uint8Array.from({ length: 3 * 320 * 192 }, (_, at) => (at * 31) % 256);
    const frame = letterboxedFrame({ width: 320, height: 192, pixels }, INPUT);
    expect(frame.pixels[0]).toBe(pixels[0]);
    expect(frame.pixels[320 * 192 + 5]).toBe(pixels[5 * 3 + 1]);
  });

  it('keeps a flat colour flat when it enlarges and when it shrinks', () => {
    for (const [width, height] of [
      [16, 9],
      [1001, 563],
    ] as const) {
      const pixels = new Uint8Array(3 * width * height).fill(200);
      const { pixels: made, letterbox } = letterboxedFrame({ width, height, pixels }, INPUT);
      expect(new Set(made)).toEqual(new Set([114, 200]));
      expect(made.filter((value) => value === 200)).toHaveLength(3 * letterbox.width * letterbox.height);
    }
  });
});
