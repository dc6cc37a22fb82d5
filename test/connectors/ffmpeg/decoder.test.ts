import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { DecodedFrame } from '../../../connectors/ffmpeg/decoder.ts';
import { beginsCell } from '../../../connectors/ffmpeg/time-cells.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { BUILDS } from '../builds.ts';
import { ffmpeg, makeClip, makeImages } from '../clips.ts';
import { decodeAll, MODEL } from './decode-all.ts';

const PLANE = MODEL.width * MODEL.height;

/** Red, green and blue of one pixel of a model frame. */
function pixel(pixels: ArrayBuffer, x: number, y: number): number[] {
  const bytes = new Uint8Array(pixels);
  return [0, 1, 2].map((plane) => bytes[plane * PLANE + y * MODEL.width + x] as number);
}

const secondsOf = ({ timeUs }: DecodedFrame) => Math.floor(timeUs / 2) * 2e-6;
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex').slice(0, 16);

describe.each(BUILDS)('a decoder with %s', (_name, build) => {
  it('gives every pixel of a picture in planes red, green, blue, between bars of the model’s grey', async () => {
    const folder = temporaryFolder();
    makeImages(folder, '%09d.png', 1, '320x180');
    const source = await sharp(join(folder, '000000001.png')).removeAlpha().raw().toBuffer();
    const pattern = join(folder, '%09d.png');
    const { frames } = await decodeAll(build, { input: { kind: 'images', pattern } });
    const [frame] = frames as [DecodedFrame];
    expect(frame.image).toEqual({ width: 320, height: 180 });
    expect(frame.letterbox).toEqual({ x: 0, y: 6, width: 320, height: 180 });
    const wrong = Array.from({ length: PLANE }, (_, i) => i).filter((i) => {
      const [x, y] = [i % MODEL.width, Math.floor(i / MODEL.width)];
      const inside = y >= 6 && y < 186;
      const at = ((y - 6) * 320 + x) * 3;
      const expected = inside ? [...source.subarray(at, at + 3)] : [114, 114, 114];
      return pixel(frame.pixels, x, y).some((value, plane) => value !== expected[plane]);
    });
    expect(wrong).toEqual([]);
  });

  it('shrinks by the mean of the area', async () => {
    const folder = temporaryFolder();
    makeImages(folder, '%09d.png', 1, '640x360');
    const source = await sharp(join(folder, '000000001.png')).removeAlpha().raw().toBuffer();
    const { frames } = await decodeAll(build, { input: { kind: 'images', pattern: join(folder, '%09d.png') } });
    const [frame] = frames as [DecodedFrame];
    let worst = 0;
    for (let y = 0; y < 180; y += 1) {
      for (let x = 0; x < 320; x += 1) {
        const came = pixel(frame.pixels, x, y + 6);
        for (let c = 0; c < 3; c += 1) {
          let sum = 0;
          for (let k = 0; k < 4; k += 1) sum += source[((y * 2 + (k >> 1)) * 640 + x * 2 + (k & 1)) * 3 + c] as number;
          worst = Math.max(worst, Math.abs(sum / 4 - (came[c] as number)));
        }
      }
    }
    expect(worst).toBeLessThanOrEqual(2);
  });

  it.each([12, 15, 20, 25, 30])('takes 10.0 frames a second of %i, the first of each tenth', async (fps) => {
    const path = makeClip(temporaryFolder(), 'clip.mp4', { fps, seconds: 3 });
    const { frames } = await decodeAll(build, { input: { kind: 'file', path } });
    expect(frames).toHaveLength(30);
    const all = Array.from({ length: 3 * fps }, (_, i) => i / fps);
    let taken: number | undefined;
    const expected = all.filter((time) => {
      if (!beginsCell(time, taken, 10)) return false;
      taken = time;
      return true;
    });
    for (const [i, frame] of frames.entries()) expect(secondsOf(frame)).toBeCloseTo(expected[i] as number, 4);
  });

  it('takes every frame of a source that is slower', async () => {
    const path = makeClip(temporaryFolder(), 'clip.mp4', { fps: 5, seconds: 2 });
    const { frames } = await decodeAll(build, { input: { kind: 'file', path } });
    expect(frames.map(secondsOf)).toEqual(Array.from({ length: 10 }, (_, i) => expect.closeTo(i / 5, 4)));
  });

  it('gives the same frames with the same times and pixels in every run', async () => {
    const path = makeClip(temporaryFolder(), 'clip.mp4', { size: '320x180' });
    const runs = await Promise.all([1, 2].map(() => decodeAll(build, { input: { kind: 'file', path } })));
    const [first, second] = runs.map(({ frames }) => frames.map(({ timeUs, pixels }) => `${timeUs} ${digest(new Uint8Array(pixels))}`));
    expect(first).toHaveLength(20);
    expect(first).toEqual(second);
  });

  it('gives each view with the frame of the same moment, thinned to its own rate', async () => {
    // Each picture is of one grey, its own, at least 4 levels from the next that is taken: frame and view must be of the same.
    const grey = "nullsrc=size=64x36:rate=25:duration=4,geq=lum='16+N*2':cb=128:cr=128";
    const path = join(temporaryFolder(), 'grey.mp4');
    const lossless = ['-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '0', '-bf', '0', '-pix_fmt', 'yuv420p'];
    ffmpeg(['-f', 'lavfi', '-i', grey, ...lossless, path]);
    const { frames } = await decodeAll(build, { input: { kind: 'file', path }, view: { width: 32, fps: 4 } });
    const withView = frames.filter(({ view }) => view !== undefined);
    expect(frames).toHaveLength(40);
    expect(withView).toHaveLength(16);
    for (const { pixels, view } of withView) {
      expect([view?.width, view?.height]).toEqual([32, 18]);
      expect(Math.abs((view?.pixels[0] as number) - (pixel(pixels, 0, 100)[0] as number))).toBeLessThanOrEqual(2);
    }
    expect(new Set(withView.map(({ view }) => view?.pixels[0])).size).toBe(16);
  });

  it('does not enlarge a view', async () => {
    const path = makeClip(temporaryFolder(), 'clip.mp4', { seconds: 1, size: '160x90' });
    const { frames } = await decodeAll(build, { input: { kind: 'file', path }, view: { width: 640, fps: 10 } });
    expect(frames.map(({ view }) => view && [view.width, view.height, view.pixels.length])).toEqual(
      Array(10).fill([160, 90, 160 * 90 * 3]),
    );
  });

  it('knows the size of each frame when it changes in mid-stream', async () => {
    const folder = temporaryFolder();
    const [wide, square] = ['320x180', '240x240'].map((size) => makeClip(folder, `${size}.h264`, { size, seconds: 1 }));
    const path = join(folder, 'both.h264');
    writeFileSync(path, Buffer.concat([wide, square, wide].map((file) => readFileSync(file as string))));
    const { frames } = await decodeAll(build, { input: { kind: 'file', path }, view: { width: 160, fps: 10 } }, waits);
    const bars = frames.map(({ pixels }) => (pixel(pixels, 2, 96).every((value) => value === 114) ? 'square' : 'wide'));
    const said = frames.map(({ image, letterbox }) => (image.width === 320 && letterbox.width === 320 ? 'wide' : 'square'));
    expect(new Set(said)).toEqual(new Set(['wide', 'square']));
    expect(said).toEqual(bars);
    if (build.flags.keepSize.length === 0) return;
    const shapes = frames.map(({ view }) => view && [view.width, view.height]);
    expect(shapes).toEqual(said.map((kind) => (kind === 'wide' ? [160, 90] : [160, 160])));
  });

  it('turns a picture as its file says', async () => {
    const folder = temporaryFolder();
    const flat = makeClip(folder, 'flat.mp4', { size: '320x180', seconds: 1 });
    const path = join(folder, 'turned.mp4');
    ffmpeg(['-i', flat, '-c', 'copy', '-metadata:s:v:0', 'rotate=90', path]);
    const { frames } = await decodeAll(build, { input: { kind: 'file', path } });
    expect(frames[0]?.image).toEqual({ width: 180, height: 320 });
    expect(frames[0]?.letterbox).toEqual({ x: 106, y: 0, width: 108, height: 192 });
  });

  it('says what the source is', async () => {
    const more = ['-metadata', 'creation_time=2026-03-04T05:06:07Z'];
    const path = makeClip(temporaryFolder(), 'clip.mp4', { size: '320x180', seconds: 2, more });
    const { media } = await decodeAll(build, { input: { kind: 'file', path } });
    const createdMs = Date.UTC(2026, 2, 4, 5, 6, 7);
    expect(media).toEqual({ codec: 'h264', size: { width: 320, height: 180 }, fps: 25, durationMs: 2000, createdMs });
  });

  it('loses nothing while the receiver takes his time', async () => {
    const path = makeClip(temporaryFolder(), 'clip.mp4', { seconds: 3, size: '320x180' });
    const view = { width: 320, fps: 10 };
    const quick = await decodeAll(build, { input: { kind: 'file', path }, view });
    const slow = await decodeAll(build, { input: { kind: 'file', path }, view }, waits);
    expect(slow.frames.map(({ timeUs }) => timeUs)).toEqual(quick.frames.map(({ timeUs }) => timeUs));
    expect(slow.frames.filter(({ view: has }) => has).length).toBe(30);
  });

  it('ends with another code than 0 on what is no video', async () => {
    const path = join(temporaryFolder(), 'text.mp4');
    writeFileSync(path, 'This is no film, it is a sentence.');
    const { exit, lines } = await decodeAll(build, { input: { kind: 'file', path } });
    expect(exit.code).not.toBe(0);
    expect(lines.at(-1)?.text).toContain('Invalid data found');
  });
});

/** Takes a millisecond or so for each frame, so that pipes fill up. */
function waits(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
