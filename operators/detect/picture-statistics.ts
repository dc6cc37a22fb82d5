import type { Letterbox } from '../../engine/frames/frame.ts';

/** What a picture looks like as a whole, from its luma (0…255). */
export interface PictureStatistics {
  /** Mean luma, 0…255. */
  readonly brightness: number;
  /** Population standard deviation of luma, 0…127.5. */
  readonly contrast: number;
  /** Variance of the Laplacian [[0, 1, 0], [1, −4, 1], [0, 1, 0]] with reflected borders (the border pixel itself is not repeated). */
  readonly sharpness: number;
}

/**
 * Statistics of the picture inside the letterbox of a planar RGB frame; the grey bars do not count. Luma is
 * `round(0.299 R + 0.587 G + 0.114 B)` (ITU-R BT.601). Sharpness depends on the scale: compare pictures of one size only. Rounded to
 * 3 decimals. At least 2×2 pixels. About 0.5 ms for 320×180: for a frame a second, not for each.
 */
export function pictureStatistics(frame: Uint8Array, width: number, height: number, letterbox: Letterbox): PictureStatistics {
  const luma = lumaInside(frame, width, height, letterbox);
  const brightness = momentsOf(luma);
  const edges = momentsOf(laplacian(luma, letterbox.width, letterbox.height));
  return { brightness: round(brightness.mean), contrast: round(Math.sqrt(brightness.variance)), sharpness: round(edges.variance) };
}

function lumaInside(frame: Uint8Array, width: number, height: number, inside: Letterbox): Uint8Array {
  const plane = width * height;
  const luma = new Uint8Array(inside.width * inside.height);
  for (let y = 0, to = 0; y < inside.height; y++) {
    for (let x = 0, from = (inside.y + y) * width + inside.x; x < inside.width; x++, from++, to++) {
      luma[to] = (299 * at(frame, from) + 587 * at(frame, from + plane) + 114 * at(frame, from + 2 * plane) + 500) / 1000;
    }
  }
  return luma;
}

function laplacian(luma: Uint8Array, width: number, height: number): Int16Array {
  const edges = new Int16Array(luma.length);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const above = (y === 0 ? 1 : y - 1) * width;
    const below = (y === height - 1 ? height - 2 : y + 1) * width;
    for (let x = 0; x < width; x++) {
      const left = x === 0 ? 1 : x - 1;
      const right = x === width - 1 ? width - 2 : x + 1;
      edges[row + x] = at(luma, above + x) + at(luma, below + x) + at(luma, row + left) + at(luma, row + right) - 4 * at(luma, row + x);
    }
  }
  return edges;
}

function at(pixels: Uint8Array, index: number): number {
  return pixels[index] as number;
}

function momentsOf(values: Uint8Array | Int16Array): { mean: number; variance: number } {
  let sum = 0;
  let squares = 0;
  // An index, since iterating a typed array takes five times as long (measured: 0.66 against 0.14 ms).
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    sum += value;
    squares += value * value;
  }
  const mean = sum / values.length;
  return { mean, variance: Math.max(0, squares / values.length - mean * mean) };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
