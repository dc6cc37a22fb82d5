import { OcelliError, sentenceOf } from '../errors.ts';
import type { ImageSize } from '../records/record.ts';
import { loadSharp } from './load-sharp.ts';

/** Planar RGB `uint8`: all red, then all green, then all blue. */
export interface PlanarPicture extends ImageSize {
  readonly pixels: Uint8Array;
}

/**
 * Encodes planar pixels as a JPEG, `quality` 1…100. The codec works in threads of libuv, not in this one; what is done here is to bring
 * the three planes together in `packed`, which has room for all pixels and is free again when the promise is settled.
 */
export async function encodePlanarJpeg(
  { width, height, pixels }: PlanarPicture,
  quality: number,
  packed: Uint8Array,
): Promise<Uint8Array<ArrayBufferLike>> {
  const sharp = await loadSharp();
  pack(pixels, packed);
  return sharp(packed, { raw: { width, height, channels: 3 } })
    .jpeg({ quality })
    .toBuffer();
}

/**
 * Decodes a JPEG of exactly this size into `planar`, which has room for its pixels.
 * @throws OcelliError RECORD_INVALID when it is no JPEG, is damaged, or has another size
 */
export async function decodePlanarJpeg(jpeg: Uint8Array, { width, height }: ImageSize, planar: Uint8Array): Promise<void> {
  const sharp = await loadSharp();
  try {
    const image = sharp(jpeg, { limitInputPixels: width * height, failOn: 'error' });
    const { data, info } = await image.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
    if (info.width !== width || info.height !== height || info.channels !== 3)
      throw new Error(`it has ${info.width}x${info.height} pixels and ${info.channels} channels`);
    unpack(data, planar);
  } catch (error) {
    const sentence = `expected a JPEG of ${width}x${height} pixels, got ${jpeg.length} bytes: ${sentenceOf(error)}`;
    throw new OcelliError('RECORD_INVALID', `picture: ${sentence}.`, { cause: error });
  }
}

function pack(planar: Uint8Array, packed: Uint8Array): void {
  const plane = planar.length / 3;
  const [red, green, blue] = [planar.subarray(0, plane), planar.subarray(plane, 2 * plane), planar.subarray(2 * plane)];
  for (let pixel = 0, to = 0; pixel < plane; pixel += 1, to += 3) {
    packed[to] = red[pixel] as number;
    packed[to + 1] = green[pixel] as number;
    packed[to + 2] = blue[pixel] as number;
  }
}

function unpack(packed: Uint8Array, planar: Uint8Array): void {
  const plane = packed.length / 3;
  const [red, green, blue] = [planar.subarray(0, plane), planar.subarray(plane, 2 * plane), planar.subarray(2 * plane)];
  for (let pixel = 0, from = 0; pixel < plane; pixel += 1, from += 3) {
    red[pixel] = packed[from] as number;
    green[pixel] = packed[from + 1] as number;
    blue[pixel] = packed[from + 2] as number;
  }
}
