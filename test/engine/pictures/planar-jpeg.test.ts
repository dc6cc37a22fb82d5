import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { findFfmpeg } from '../../../connectors/index.ts';
import { decodePlanarJpeg, encodePlanarJpeg } from '../../../engine/pictures/planar-jpeg.ts';

const SIZE = { width: 64, height: 48 };
const PLANE = SIZE.width * SIZE.height;

/** Red rises to the right, green downwards, blue is the same everywhere. */
function ramps(): Uint8Array {
  return Uint8Array.from({ length: 3 * PLANE }, (_, at) => {
    const [plane, pixel] = [Math.floor(at / PLANE), at % PLANE];
    if (plane === 2) return 128;
    return plane === 0 ? (pixel % SIZE.width) * 4 : Math.floor(pixel / SIZE.width) * 5;
  });
}

const encode = (quality: number) => encodePlanarJpeg({ ...SIZE, pixels: ramps() }, quality, new Uint8Array(3 * PLANE));

async function decoded(jpeg: Uint8Array, size = SIZE): Promise<Uint8Array> {
  const planar = new Uint8Array(3 * size.width * size.height);
  await decodePlanarJpeg(jpeg, size, planar);
  return planar;
}

function mostDifferent(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((most, value, at) => Math.max(most, Math.abs(value - (b[at] ?? 0))), 0);
}

describe('a JPEG of planar pixels', () => {
  it('has the same pixels for us as for ffmpeg', async () => {
    const jpeg = await encode(90);
    const { path } = await findFfmpeg();
    const toPlanes = [
      '-v',
      'error',
      '-f',
      'mjpeg',
      '-i',
      'pipe:0',
      '-sws_flags',
      'accurate_rnd+full_chroma_int+bicubic',
      '-pix_fmt',
      'gbrp',
    ];
    const { stdout } = spawnSync(path, [...toPlanes, '-f', 'rawvideo', 'pipe:1'], { input: jpeg });
    const [green, blue, red] = [0, 1, 2].map((plane) => stdout.subarray(plane * PLANE, (plane + 1) * PLANE));
    const theirs = Buffer.concat([red, green, blue] as Buffer[]);
    expect(theirs).toHaveLength(3 * PLANE);
    expect(mostDifferent(await decoded(jpeg), theirs)).toBeLessThanOrEqual(6);
  });

  it('is closer to what was encoded the higher its quality', async () => {
    const [rough, fine] = [await decoded(await encode(40)), await decoded(await encode(95))];
    const original = ramps();
    const sumOf = (pixels: Uint8Array) => pixels.reduce((sum, value, at) => sum + (value - (original[at] ?? 0)) ** 2, 0);
    expect(sumOf(fine)).toBeLessThan(sumOf(rough) / 2);
  });

  it.each([
    ['has another size', async () => encode(90), { width: 48, height: 64 }, 'it has 64x48 pixels'],
    ['is damaged', async () => (await encode(90)).slice(0, 400), SIZE, 'expected a JPEG of 64x48 pixels, got 400 bytes'],
    ['is none', async () => new Uint8Array(100), SIZE, 'expected a JPEG'],
  ])('is refused when it %s', async (_what, jpeg, size, sentence) => {
    await expect(decoded(await jpeg(), size)).rejects.toMatchObject({ code: 'RECORD_INVALID', message: expect.stringContaining(sentence) });
  });
});
