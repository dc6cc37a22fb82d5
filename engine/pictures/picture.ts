import type { Sharp } from 'sharp';
import { OcelliError, sentenceOf } from '../errors.ts';
import type { ImageSize } from '../records/record.ts';
import { loadSharp } from './load-sharp.ts';

/** Packed RGB: 3 bytes a pixel, row by row. */
export interface Picture extends ImageSize {
  readonly pixels: Uint8Array<ArrayBuffer>;
}

/** 8192×8192: more than any camera sends, and 192 MiB of pixels. */
const MOST_PIXELS = 8192 * 8192;

/**
 * Decodes a JPEG or PNG as it is stored: an orientation in its EXIF data is not applied, since boxes refer to the stored picture.
 *
 * @throws RECORD_INVALID when it is neither, is damaged, or has more than 8192×8192 pixels.
 */
export async function decodePicture(bytes: Uint8Array): Promise<Picture> {
  const sharp = await loadSharp();
  try {
    const image = sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'error' });
    const { data, info } = await toRgb(image).toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, pixels: ownBytes(data) };
  } catch (error) {
    const sentence = `expected a JPEG or PNG of at most 8192x8192 pixels, got ${bytes.length} bytes: ${sentenceOf(error)}`;
    throw new OcelliError('RECORD_INVALID', `picture: ${sentence}.`, { cause: error });
  }
}

/** Encodes a JPEG, scaled down first to `width` pixels when that is less. `quality` 1…100. */
export async function encodeJpeg({ width, height, pixels }: Picture, quality: number, atWidth = width): Promise<Uint8Array<ArrayBuffer>> {
  const sharp = await loadSharp();
  const image = sharp(pixels, { raw: { width, height, channels: 3 } });
  const scaled = atWidth < width ? image.resize({ width: atWidth }) : image;
  return ownBytes(await scaled.jpeg({ quality }).toBuffer());
}

function toRgb(image: Sharp): Sharp {
  return image.removeAlpha().toColourspace('srgb').raw();
}

/** A buffer of its own memory, so that it can be transferred to a thread. */
function ownBytes(data: Buffer): Uint8Array<ArrayBuffer> {
  const whole = data.byteOffset === 0 && data.byteLength === data.buffer.byteLength && data.buffer instanceof ArrayBuffer;
  return whole ? new Uint8Array(data.buffer as ArrayBuffer) : Uint8Array.from(data);
}
