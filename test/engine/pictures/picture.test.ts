import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePicture, encodeJpeg, type Picture } from '../../../engine/pictures/picture.ts';

/** A slanted ramp in three colours. */
function ramp(width: number, height: number): Picture {
  const pixels = new Uint8Array(3 * width * height);
  for (let at = 0; at < pixels.length; at++) {
    const [pixel, channel] = [Math.floor(at / 3), at % 3];
    pixels[at] = channel === 0 ? ((pixel % width) * 255) / width : channel === 1 ? (Math.floor(pixel / width) * 255) / height : 128;
  }
  return { width, height, pixels };
}

function differenceOf(a: Uint8Array, b: Uint8Array): number {
  return Math.max(...a.map((value, at) => Math.abs(value - (b[at] ?? 0))));
}

describe('decoding a picture', () => {
  it('gives packed RGB of a JPEG', async () => {
    const picture = ramp(64, 48);
    const decoded = await decodePicture(await encodeJpeg(picture, 95));
    expect([decoded.width, decoded.height, decoded.pixels.length]).toEqual([64, 48, 3 * 64 * 48]);
    expect(differenceOf(decoded.pixels, picture.pixels)).toBeLessThan(16);
  });

  it('gives a PNG exactly, without its transparency', async () => {
    const { pixels, width, height } = ramp(20, 10);
    const png = await sharp(pixels, { raw: { width, height, channels: 3 } })
      .ensureAlpha(0.5)
      .png()
      .toBuffer();
    expect(Buffer.from((await decodePicture(png)).pixels).equals(Buffer.from(pixels))).toBe(true);
  });

  it.each([
    ['grey', (image: Sharp) => image.greyscale().jpeg()],
    ['progressive', (image: Sharp) => image.jpeg({ progressive: true })],
    ['in CMYK', (image: Sharp) => image.toColourspace('cmyk').jpeg()],
  ])('gives RGB of a JPEG that is %s', async (_kind, encode) => {
    const { pixels, width, height } = ramp(32, 16);
    const decoded = await decodePicture(await encode(sharp(pixels, { raw: { width, height, channels: 3 } })).toBuffer());
    expect([decoded.width, decoded.height, decoded.pixels.length]).toEqual([32, 16, 3 * 32 * 16]);
  });

  it('does not turn a picture that says it lies on its side', async () => {
    const { pixels, width, height } = ramp(32, 16);
    const turned = await sharp(pixels, { raw: { width, height, channels: 3 } })
      .jpeg()
      .withMetadata({ orientation: 6 })
      .toBuffer();
    expect(await decodePicture(turned)).toMatchObject({ width: 32, height: 16 });
  });

  it('takes a picture of one pixel', async () => {
    expect(await decodePicture(await encodeJpeg({ width: 1, height: 1, pixels: Uint8Array.of(255, 255, 255) }, 90))).toEqual({
      width: 1,
      height: 1,
      pixels: Uint8Array.of(255, 255, 255),
    });
  });

  it('gives pixels that can be transferred', async () => {
    const { pixels } = await decodePicture(await encodeJpeg(ramp(8, 8), 90));
    expect(pixels.buffer.byteLength).toBe(3 * 8 * 8);
  });
});

describe('a picture is refused', () => {
  async function jpegOf(size: number): Promise<Buffer> {
    return Buffer.from(await encodeJpeg(ramp(size, size), 90));
  }

  it('when it is empty or junk', async () => {
    for (const bytes of [new Uint8Array(0), Buffer.from('GIF? no'), Buffer.alloc(5000, 0xff)]) {
      await expect(decodePicture(bytes)).rejects.toMatchObject({
        code: 'RECORD_INVALID',
        message: expect.stringContaining('expected a JPEG or PNG'),
      });
    }
  });

  it('when it is cut off', async () => {
    const whole = await jpegOf(64);
    await expect(decodePicture(whole.subarray(0, Math.floor(whole.length / 2)))).rejects.toMatchObject({ code: 'RECORD_INVALID' });
  });

  it('when its header claims 60 000 x 60 000 pixels', async () => {
    const huge = await jpegOf(16);
    const frameHeader = huge.indexOf(Buffer.from([0xff, 0xc0]));
    huge.writeUInt16BE(60_000, frameHeader + 5);
    huge.writeUInt16BE(60_000, frameHeader + 7);
    await expect(decodePicture(huge)).rejects.toMatchObject({ code: 'RECORD_INVALID', message: expect.stringContaining('8192x8192') });
  });

  it.each(['gif', 'webp', 'tiff', 'svg'])('when it is a %s', async (format) => {
    const { pixels, width, height } = ramp(8, 8);
    const other = sharp(pixels, { raw: { width, height, channels: 3 } });
    const bytes =
      format === 'svg'
        ? Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
        : await other.toFormat(format as 'gif').toBuffer();
    await expect(decodePicture(bytes)).rejects.toMatchObject({ code: 'RECORD_INVALID' });
  });
});

describe('encoding a JPEG', () => {
  it('scales down to a width, and never up', async () => {
    expect(await decodePicture(await encodeJpeg(ramp(64, 48), 80, 32))).toMatchObject({ width: 32, height: 24 });
    expect(await decodePicture(await encodeJpeg(ramp(64, 48), 80, 100))).toMatchObject({ width: 64, height: 48 });
  });

  it('takes more bytes for more quality', async () => {
    const picture = ramp(128, 96);
    expect((await encodeJpeg(picture, 95)).length).toBeGreaterThan((await encodeJpeg(picture, 40)).length);
  });
});
