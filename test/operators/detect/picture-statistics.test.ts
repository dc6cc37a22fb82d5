import { describe, expect, it } from 'vitest';
import { pictureStatistics } from '../../../operators/detect/picture-statistics.ts';

/** A grey picture as a planar frame of its own size. */
function greyFrame(width: number, height: number, luma: (x: number, y: number) => number): Uint8Array {
  const plane = Array.from({ length: width * height }, (_, at) => luma(at % width, Math.floor(at / width)));
  return Uint8Array.from([...plane, ...plane, ...plane]);
}

function statisticsOf(size: number, luma: (x: number, y: number) => number) {
  return pictureStatistics(greyFrame(size, size, luma), size, size, { x: 0, y: 0, width: size, height: size });
}

/** Values of NumPy 2.4.6 and OpenCV 5.0.0: mean, std, cv2.Laplacian(g, CV_64F).var(). */
describe('picture statistics', () => {
  it.each([
    ['a slanted ramp', 8, (x: number, y: number) => (31 * x + 17 * y) % 256, 128, 73.502, 34018],
    ['a checkerboard', 16, (x: number, y: number) => (((x >> 1) + (y >> 1)) % 2 === 0 ? 0 : 255), 127.5, 127.5, 213363.281],
    ['a ramp', 16, (x: number) => 16 * x, 120, 73.756, 128],
    ['one grey', 16, () => 99, 99, 0, 0],
  ])('equal those of OpenCV on %s', (_name, size, luma, brightness, contrast, sharpness) => {
    expect(statisticsOf(size, luma)).toEqual({ brightness, contrast, sharpness });
  });

  it.each([
    [[255, 0, 0], 76],
    [[0, 255, 0], 150],
    [[0, 0, 255], 29],
    [[10, 200, 30], 124],
  ])('take %j for luma %i', ([red = 0, green = 0, blue = 0], luma) => {
    const frame = Uint8Array.from({ length: 12 }, (_, at) => [red, green, blue][Math.floor(at / 4)] ?? 0);
    expect(pictureStatistics(frame, 2, 2, { x: 0, y: 0, width: 2, height: 2 }).brightness).toBe(luma);
  });

  it('leave the grey bars out', () => {
    const [width, height, top] = [16, 24, 4];
    const inside = { x: 0, y: top, width, height: 16 };
    const frame = greyFrame(width, height, (x, y) => (y >= top && y < top + 16 ? 16 * x : 114));
    expect(pictureStatistics(frame, width, height, inside)).toEqual(statisticsOf(16, (x) => 16 * x));
  });
});
