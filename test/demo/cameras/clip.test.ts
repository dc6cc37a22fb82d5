import { execFileSync } from 'node:child_process';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readClip } from '../../../demo/cameras/clip.ts';
import { NAL, nalType } from '../../../demo/cameras/h264.ts';
import { readVideoTrack } from '../../../demo/cameras/mp4-track.ts';
import { FFMPEG_BUILDS } from './ffmpeg-builds.ts';
import { makeClip, temporaryFolder } from './test-clips.ts';

const [{ path: ffmpeg }] = FFMPEG_BUILDS;
const folder = temporaryFolder();
let plain: string;

beforeAll(() => {
  plain = makeClip(folder, 'plain', { size: '320x180', seconds: 3 });
});

describe('the MP4 reader', () => {
  it('finds the same packets as ffmpeg: place in time, size, bytes and key frames', () => {
    expect(packetsByUs(plain)).toEqual(packetsByFfmpeg(plain));
    expect(packetsByUs(plain)).toHaveLength(45);
  });

  it('does so with a frame rate that is no whole number', () => {
    const file = makeClip(folder, 'ntsc', { size: '160x90', seconds: 2, encoder: ['-r', '30000/1001'] });
    expect(packetsByUs(file)).toEqual(packetsByFfmpeg(file));
  });

  it('does so with the index at the front and another track between the chunks', () => {
    const file = join(folder, 'sound.mp4');
    const sound = ['-f', 'lavfi', '-i', 'sine=duration=3', '-c:a', 'aac'];
    execFileSync(ffmpeg, ['-y', '-loglevel', 'error', '-i', plain, ...sound, '-c:v', 'copy', '-movflags', '+faststart', file]);
    expect(packetsByUs(file)).toEqual(packetsByFfmpeg(file));
  });

  it('knows size, rate and length of the clip', async () => {
    const { width, height, fps, ticks, frames } = await readClip(plain);
    expect({ width, height, fps, ticks, frames: frames.length }).toEqual({ width: 320, height: 180, fps: 15, ticks: 270_000, frames: 45 });
  });

  it('puts the parameter sets before every key frame and nowhere else', async () => {
    const { frames } = await readClip(plain);
    const begins = frames.map(({ nals }) => nals.slice(0, 2).map(nalType));
    const key = [NAL.sps, NAL.pps];
    expect(begins.filter((types) => types.includes(NAL.sps))).toEqual([key, key, key]);
    expect(frames.flatMap(({ key }, i) => (key ? [i] : []))).toEqual([0, 15, 30]);
  });
});

describe('a file that cannot be served', () => {
  it('is refused when it has B-frames', async () => {
    const file = makeClip(folder, 'b-frames', { size: '160x90', seconds: 1, encoder: ['-bf', '2', '-preset', 'medium'] });
    await expect(readClip(file)).rejects.toThrow(/b-frames\.mp4 cannot be served as a camera: the video has B-frames.*-bf 0/);
  });

  it('is refused when it is not H.264', async () => {
    const file = join(folder, 'mpeg4.mp4');
    execFileSync(ffmpeg, ['-y', '-loglevel', 'error', '-i', plain, '-c:v', 'mpeg4', file]);
    await expect(readClip(file)).rejects.toThrow(/the video is "mp4v", expected H\.264/);
  });

  it('is refused when it is fragmented', async () => {
    const file = join(folder, 'fragmented.mp4');
    execFileSync(ffmpeg, ['-y', '-loglevel', 'error', '-i', plain, '-c', 'copy', '-movflags', 'frag_keyframe+empty_moov', file]);
    await expect(readClip(file)).rejects.toThrow(/fragmented MP4 is not read; remux/);
  });

  it('is refused when it is cut off', async () => {
    const file = join(folder, 'cut.mp4');
    writeFileSync(file, readFileSync(plain));
    truncateSync(file, 5000);
    await expect(readClip(file)).rejects.toThrow(/the file is cut off or not an MP4/);
  });

  it('is refused when it is something else', async () => {
    const file = join(folder, 'text.mp4');
    writeFileSync(file, 'This is no film, it is a sentence.');
    await expect(readClip(file)).rejects.toThrow(/text\.mp4 cannot be served as a camera/);
  });
});

type Packet = { time: number; sizeBytes: number; checksum: number; key: boolean };

function packetsByUs(file: string): Packet[] {
  const bytes = readFileSync(file);
  const { samples, timescale } = readVideoTrack(bytes);
  return samples.map(({ offset, sizeBytes, time, key }) => ({
    time: Math.round((time / timescale) * 1e6),
    sizeBytes,
    checksum: adler32(bytes.subarray(offset, offset + sizeBytes)),
    key,
  }));
}

/** `framecrc` writes a line a packet: stream, dts, pts, duration, size, Adler-32, and flags where it is not a key frame. */
function packetsByFfmpeg(file: string): Packet[] {
  const text = execFileSync(ffmpeg, ['-loglevel', 'error', '-i', file, '-map', '0:v', '-c', 'copy', '-f', 'framecrc', '-'], {
    encoding: 'utf8',
  });
  const [, numerator, denominator] = /#tb 0: (\d+)\/(\d+)/.exec(text) ?? [];
  const lines = text.split('\n').filter((line) => /^0,/.test(line));
  return lines.map((line) => {
    const [, , pts, , sizeBytes, checksum, flags] = line.split(',').map((part) => part.trim());
    const time = Math.round((Number(pts) * Number(numerator) * 1e6) / Number(denominator));
    return { time, sizeBytes: Number(sizeBytes), checksum: Number(checksum), key: flags === undefined };
  });
}

/** RFC 1950, but from 0 instead of 1, as ffmpeg does. */
function adler32(bytes: Uint8Array): number {
  let a = 0;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  return b * 65_536 + a;
}
