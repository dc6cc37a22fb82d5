import type { Letterbox } from '../../engine/frames/frame.ts';
import type { Picture } from '../../engine/pictures/picture.ts';
import type { ImageSize } from '../../engine/records/record.ts';

/** A model's frame made from a picture: planar RGB, and where the picture lies in it. */
export interface LetterboxedFrame {
  readonly pixels: Uint8Array<ArrayBuffer>;
  readonly letterbox: Letterbox;
}

/** One target pixel of an axis: it covers the source pixels from `first` on, with these weights. */
interface Share {
  readonly first: number;
  readonly weights: readonly number[];
}

/**
 * Brings a picture into a model's input as `models/recipe/README.md` specifies it ("Specification of the preprocessing"): fitted inside
 * with its proportions, exact area average in integers rounded half up, centred, the rest `pad`.
 */
export function letterboxedFrame(picture: Picture, input: ImageSize & { readonly pad: number }): LetterboxedFrame {
  const letterbox = fitInside(picture, input);
  const pixels = new Uint8Array(3 * input.width * input.height).fill(input.pad);
  for (let channel = 0; channel < 3; channel++) {
    const plane = shrunkChannel(picture, channel, letterbox);
    for (let row = 0; row < letterbox.height; row++) {
      const to = (channel * input.height + letterbox.y + row) * input.width + letterbox.x;
      pixels.set(plane.subarray(row * letterbox.width, (row + 1) * letterbox.width), to);
    }
  }
  return { pixels, letterbox };
}

/** The largest placement with the source's proportions: sizes rounded half up, offsets rounded down. */
export function fitInside({ width, height }: ImageSize, input: ImageSize): Letterbox {
  const wide = width * input.height >= height * input.width;
  const fitted = wide
    ? { width: input.width, height: roundedRatio(height * input.width, width) }
    : { width: roundedRatio(width * input.height, height), height: input.height };
  return { x: Math.floor((input.width - fitted.width) / 2), y: Math.floor((input.height - fitted.height) / 2), ...fitted };
}

function roundedRatio(above: number, below: number): number {
  return Math.max(1, Math.floor((2 * above + below) / (2 * below)));
}

function shrunkChannel(picture: Picture, channel: number, target: ImageSize): Uint8Array {
  const rows = shrunkRows(picture, channel, sharesOf(picture.width, target.width));
  const area = picture.width * picture.height;
  const plane = new Uint8Array(target.width * target.height);
  sharesOf(picture.height, target.height).forEach(({ first, weights }, y) => {
    for (let x = 0; x < target.width; x++) {
      let sum = Math.floor(area / 2);
      for (let tap = 0; tap < weights.length; tap++) sum += (weights[tap] as number) * (rows[(first + tap) * target.width + x] as number);
      plane[y * target.width + x] = Math.floor(sum / area);
    }
  });
  return plane;
}

/** Every row of the picture, summed along x only. */
function shrunkRows({ pixels, width, height }: Picture, channel: number, shares: readonly Share[]): Float64Array {
  const rows = new Float64Array(shares.length * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < shares.length; x++) {
      const { first, weights } = shares[x] as Share;
      let sum = 0;
      for (let tap = 0; tap < weights.length; tap++)
        sum += (weights[tap] as number) * (pixels[(y * width + first + tap) * 3 + channel] as number);
      rows[y * shares.length + x] = sum;
    }
  }
  return rows;
}

/** How much of each source pixel lies in each target pixel, in 1/target pixels; the weights of one target pixel add up to `source`. */
function sharesOf(source: number, target: number): Share[] {
  return Array.from({ length: target }, (_, t) => {
    const first = Math.floor((t * source) / target);
    const end = Math.ceil(((t + 1) * source) / target);
    const weights = Array.from({ length: end - first }, (_, tap) => {
      const s = first + tap;
      return Math.min((t + 1) * source, (s + 1) * target) - Math.max(t * source, s * target);
    });
    return { first, weights };
  });
}
