import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { letterbox } from '../../../connectors/ffmpeg/letterbox.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { BUILDS } from '../builds.ts';
import { makeImages } from '../clips.ts';
import { decodeAll, MODEL } from './decode-all.ts';

describe('the letterbox', () => {
  it.each([
    [1920, 1080, { x: 0, y: 6, width: 320, height: 180 }],
    [640, 480, { x: 32, y: 0, width: 256, height: 192 }],
    [320, 192, { x: 0, y: 0, width: 320, height: 192 }],
    [1, 4000, { x: 159, y: 0, width: 1, height: 192 }],
    [4000, 1, { x: 0, y: 95, width: 320, height: 1 }],
    [640, 361, { x: 0, y: 5, width: 320, height: 181 }],
  ])('of %ix%i', (width, height, expected) => {
    expect(letterbox({ width, height }, MODEL)).toEqual(expected);
  });

  it.each(BUILDS)('is where %s puts the picture, rounding of halves included', async (_name, build) => {
    for (const size of ['640x361', '98x100', '161x90', '427x240']) {
      const folder = temporaryFolder();
      makeImages(folder, '%09d.png', 1, size);
      const { frames } = await decodeAll(build, { input: { kind: 'images', pattern: join(folder, '%09d.png') } });
      const [frame] = frames;
      const bytes = new Uint8Array(frame?.pixels as ArrayBuffer);
      const isBar = (x: number, y: number) => [0, 1, 2].every((p) => bytes[(p * MODEL.height + y) * MODEL.width + x] === MODEL.pad);
      const columns = Array.from({ length: MODEL.width }, (_, x) =>
        Array.from({ length: MODEL.height }, (__, y) => y).every((y) => isBar(x, y)),
      );
      const rows = Array.from({ length: MODEL.height }, (_, y) =>
        Array.from({ length: MODEL.width }, (__, x) => x).every((x) => isBar(x, y)),
      );
      const found = { x: columns.indexOf(false), y: rows.indexOf(false), width: count(columns), height: count(rows) };
      expect(found).toEqual(frame?.letterbox);
    }
  });
});

function count(bars: readonly boolean[]): number {
  return bars.filter((bar) => !bar).length;
}
