import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { crc8, drawBarcode, type Picture, type PixelFormat, readBarcode } from '../../../demo/cameras/barcode.ts';
import { barcodeClip } from '../../../demo/cameras/barcode-clip.ts';
import { readClip } from '../../../demo/cameras/clip.ts';
import { FFMPEG_BUILDS } from './ffmpeg-builds.ts';
import { makeClip, makeNumberedClip, temporaryFolder } from './test-clips.ts';

const [{ path: ffmpeg }] = FFMPEG_BUILDS;
const FORMATS: Readonly<Record<PixelFormat, number>> = { gray: 1, yuv420p: 1.5, gbrp: 3, rgbp: 3, rgb24: 3, rgba: 4 };

function picture(format: PixelFormat, width: number, height: number, fill: (i: number) => number = () => 90): Picture {
  return { pixels: Uint8Array.from({ length: width * height * FORMATS[format] }, (_, i) => fill(i)), width, height, format };
}

describe('the bar code', () => {
  it.each(Object.keys(FORMATS) as PixelFormat[])('is read back from a picture in %s', (format) => {
    const drawn = picture(format, 320, 180);
    for (const number of [0, 1, 299, 0xaaaa, 0xffff]) {
      drawBarcode(drawn, number);
      expect(readBarcode(drawn)).toBe(number);
    }
  });

  it('holds every number that it can', () => {
    const drawn = picture('gray', 160, 90);
    const read = Array.from({ length: 256 }, (_, i) => i * 257).filter((number) => {
      drawBarcode(drawn, number);
      return readBarcode(drawn) === number;
    });
    expect(read).toHaveLength(256);
  });

  it('covers the top left corner alone: 36×20 of 320×180', () => {
    const drawn = picture('gray', 320, 180);
    drawBarcode(drawn, 77);
    const outside = [...drawn.pixels.keys()].filter((i) => i % 320 >= 36 || i >= 20 * 320);
    expect(outside.every((i) => drawn.pixels[i] === 90)).toBe(true);
  });

  it('is found where the picture lies in a padded one', () => {
    const inner = picture('gray', 320, 180);
    drawBarcode(inner, 4711);
    const padded = picture('gray', 320, 192, () => 114);
    padded.pixels.set(inner.pixels, 6 * 320);
    expect(readBarcode(padded, { x: 0, y: 6, width: 320, height: 180 })).toBe(4711);
    expect(readBarcode(padded)).toBeNull();
  });

  it('is not seen where there is none', () => {
    let seed = 1;
    const noise = () => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed >>> 24;
    };
    expect(readBarcode(picture('rgb24', 320, 180))).toBeNull();
    for (let i = 0; i < 20; i++) expect(readBarcode(picture('gray', 320, 180, noise))).toBeNull();
  });

  it('is not believed when one cell is wrong', () => {
    const drawn = picture('gray', 320, 180);
    drawBarcode(drawn, 1000);
    for (let y = 14; y < 18; y++) drawn.pixels.fill(drawn.pixels[16 * 320 + 4] > 128 ? 0 : 255, y * 320 + 2, y * 320 + 6);
    expect(readBarcode(drawn)).toBeNull();
  });

  it('checks itself with CRC-8/SMBUS', () => {
    expect(crc8(Buffer.from('123456789'))).toBe(0xf4);
  });

  it('refuses a number or a picture that cannot hold it', () => {
    expect(() => drawBarcode(picture('gray', 320, 180), 65_536)).toThrow(/from 0 to 65535, got 65536/);
    expect(() => drawBarcode(picture('gray', 80, 60), 1)).toThrow(/160×90 or more, got 80×60/);
  });

  it('survives a JPEG of low quality at 640×360', async () => {
    const drawn = picture('rgb24', 640, 360, (i) => (i * 7) % 256);
    drawBarcode(drawn, 54_321);
    const jpeg = await sharp(drawn.pixels, { raw: { width: 640, height: 360, channels: 3 } })
      .jpeg({ quality: 30 })
      .toBuffer();
    const { data, info } = await sharp(jpeg).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    expect(readBarcode({ pixels: data, width: info.width, height: info.height, format: 'rgba' })).toBe(54_321);
  });
});

describe('a clip with bar codes', () => {
  const folder = temporaryFolder();
  let numbered: string;
  let low: string;

  beforeAll(async () => {
    numbered = await makeNumberedClip(folder, 'numbered', { size: '960x540', seconds: 3 });
    low = numbered.replace('.mp4', '-low.mp4');
    const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-g', '15', '-crf', '45'];
    execFileSync(ffmpeg, ['-y', '-loglevel', 'error', '-i', numbered, '-vf', 'noise=alls=12:allf=t', ...coding, low]);
  });

  it.each([
    ['the view', 640, 360, 'rgb24', 'area'],
    ['the frame of the model', 320, 180, 'gbrp', 'area'],
    ['a small one, sloppily shrunk', 240, 136, 'gray', 'fast_bilinear'],
  ] as const)('shows each number in %s after noise and H.264 at low bit rate', (_, width, height, format, flags) => {
    expect(numbersIn(low, width, height, format, flags)).toEqual(Array.from({ length: 45 }, (_, i) => i));
  });

  it('keeps size, rate, length and key frames', async () => {
    const { width, height, fps, ticks, frames } = await readClip(numbered);
    expect({ width, height, fps, ticks }).toEqual({ width: 960, height: 540, fps: 15, ticks: 270_000 });
    expect(frames.flatMap(({ key }, i) => (key ? [i] : []))).toEqual([0, 15, 30]);
  });

  it('is made once', async () => {
    const source = makeClip(folder, 'once', { size: '160x90', seconds: 1 });
    const first = await barcodeClip({ source, folder, ffmpeg });
    const { mtimeMs } = statSync(first);
    expect(await barcodeClip({ source, folder, ffmpeg })).toBe(first);
    expect(statSync(first).mtimeMs).toBe(mtimeMs);
  });

  it('is not made without an ffmpeg, and says which is missing', async () => {
    const source = makeClip(folder, 'without', { size: '160x90', seconds: 1, source: 'smptebars' });
    await expect(barcodeClip({ source, folder, ffmpeg: '/no/ffmpeg' })).rejects.toThrow(/cannot start "\/no\/ffmpeg".*FFMPEG_PATH/);
    expect(readFileSync(source).length).toBeGreaterThan(0);
  });
});

function numbersIn(file: string, width: number, height: number, format: 'gray' | 'gbrp' | 'rgb24', flags: string): (number | null)[] {
  const scale = ['-vf', `scale=${width}:${height}:flags=${flags}`, '-f', 'rawvideo', '-pix_fmt', format, '-'];
  const bytes = execFileSync(ffmpeg, ['-loglevel', 'error', '-i', file, ...scale], { maxBuffer: 2 ** 30 });
  const size = width * height * FORMATS[format];
  return Array.from({ length: bytes.length / size }, (_, i) =>
    readBarcode({ pixels: bytes.subarray(i * size, (i + 1) * size), width, height, format }),
  );
}
