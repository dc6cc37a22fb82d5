import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AccessUnit } from '../../../connectors/rtsp/access-unit.ts';
import { codecOf } from '../../../connectors/rtsp/codecs.ts';
import { has } from '../../requirements.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { FFMPEG } from '../builds.ts';
import { collect, packet } from './collected.ts';
import { packetsOfFfmpeg, packetsOfGstreamer, type SentStream } from './rtp-senders.ts';

interface Case {
  readonly codec: string;
  /** Ending of a bare stream of it. */
  readonly ending: string;
  readonly encoder: string;
  readonly gstreamer: readonly string[];
}

const CASES: readonly Case[] = [
  {
    codec: 'H264',
    ending: 'h264',
    encoder: 'libx264 -preset ultrafast -bf 0 -g 10 -x264-params slices=2',
    gstreamer: ['h264parse', 'rtph264pay mtu=500 config-interval=-1 aggregate-mode=zero-latency'],
  },
  {
    codec: 'H265',
    ending: 'hevc',
    encoder: 'libx265 -preset ultrafast -x265-params log-level=error:bframes=0:keyint=10',
    gstreamer: ['h265parse', 'rtph265pay mtu=500 config-interval=-1 aggregate-mode=zero-latency'],
  },
  {
    codec: 'JPEG',
    ending: 'mjpeg',
    encoder: 'mjpeg -pix_fmt yuvj420p -huffman default -force_duplicated_matrix 1 -q:v 4',
    gstreamer: ['jpegparse', 'rtpjpegpay mtu=500'],
  },
  {
    codec: 'MP4V-ES',
    ending: 'm4v',
    encoder: 'mpeg4 -bf 0 -g 10',
    gstreamer: ['mpeg4videoparse', 'rtpmp4vpay mtu=500 config-interval=1'],
  },
];

const FRAMES = 20;

/** Moving pictures, 160 × 96. Matroska keeps when each is to be shown, which payloaders need. */
function encoded({ encoder }: Case): string {
  const path = join(temporaryFolder(), 'a.mkv');
  const source = ['-f', 'lavfi', '-i', `testsrc2=size=160x96:rate=10:duration=${FRAMES / 10}`, '-pix_fmt', 'yuv420p'];
  execFileSync(FFMPEG.path, ['-loglevel', 'error', ...source, '-c:v', ...encoder.split(' '), path]);
  return path;
}

/** A checksum for each decoded picture, by ffmpeg. */
function pictures(path: string): string[] {
  const text = execFileSync(FFMPEG.path, ['-loglevel', 'error', '-i', path, ...FFMPEG.flags.passthrough, '-f', 'framemd5', '-'], {
    encoding: 'utf8',
  });
  return text
    .split('\n')
    .filter((line) => /^0,/.test(line))
    .map((line) => line.split(',').at(-1)?.trim() as string);
}

function expectSamePictures(path: string, { parameters, packets }: SentStream, { codec, ending }: Case): void {
  const description = { codec, payloadType: 96, clockRate: 90_000, parameters, setupUrl: '', playUrl: '' };
  const { units, damaged, changedAfter } = collect(codecOf(description).depacketizer, packets);
  const copy = join(temporaryFolder(), `copy.${ending}`);
  writeFileSync(copy, Buffer.concat(units.map(({ bytes }) => bytes)));
  expect(units).toHaveLength(FRAMES);
  expect([damaged, changedAfter]).toEqual([0, undefined]);
  expect(units.map(({ key }) => key)).toEqual(keysOf(codec));
  expectEachIsOnePicture(units, packets);
  expect(pictures(copy)).toEqual(pictures(path));
}

function keysOf(codec: string): boolean[] {
  return Array.from({ length: FRAMES }, (_, n) => codec === 'JPEG' || n % 10 === 0);
}

/** The time of a unit is that of its packets, its arrival that of the first of them. */
function expectEachIsOnePicture(units: readonly AccessUnit[], packets: SentStream['packets']): void {
  for (const { timestamp, arrivedMs } of units) {
    expect(packets[arrivedMs]?.timestamp).toBe(timestamp);
    if (arrivedMs > 0) expect(packets[arrivedMs - 1]?.timestamp).not.toBe(timestamp);
  }
}

describe('packets give the pictures that were sent', () => {
  it.each(CASES.map((one) => [one.codec, one] as const))('of %s, by ffmpeg and by GStreamer', async (_, one) => {
    const path = encoded(one);
    expectSamePictures(path, await packetsOfFfmpeg(path), one);
    if (has('gstreamer')) expectSamePictures(path, packetsOfGstreamer(path, 'matroskademux', ...one.gstreamer), one);
  });
});

describe('a camera that is set to another codec while it plays', () => {
  it.each([
    ['H264', 'H265'],
    ['H265', 'H264'],
    ['H264', 'JPEG'],
  ])('is noticed at once, though it sends under the former number: from %s to %s', async (before, after) => {
    const [own, others] = await Promise.all([before, after].map((name) => packetsOfFfmpeg(encoded(caseOf(name)))));
    const { packets, parameters } = own as SentStream;
    const description = { codec: before, payloadType: 96, clockRate: 90_000, parameters, setupUrl: '', playUrl: '' };
    const { changedAfter = Number.NaN } = collect(codecOf(description).depacketizer, [...packets, ...(others as SentStream).packets]);
    expect(changedAfter - packets.length).toBeGreaterThanOrEqual(20);
    expect(changedAfter - packets.length).toBeLessThanOrEqual(60);
  });
});

function caseOf(codec: string): Case {
  return CASES.find((one) => one.codec === codec) as Case;
}

describe('a picture with a hole', () => {
  const make = (codec: string) =>
    codecOf({ codec, payloadType: 96, clockRate: 90_000, parameters: new Map(), setupUrl: '', playUrl: '' }).depacketizer;
  /** Three packets a picture; the first begins it. */
  const payloads: Record<string, (part: number) => number[]> = {
    JPEG: (part) => [0, 0, 0, 2 * part, 1, 50, 2, 2, 0xaa, 0xbb],
    'MP4V-ES': (part) => (part === 0 ? [0, 0, 1, 0xb6, 0x10, 1] : [2, 3]),
  };

  it.each(['JPEG', 'MP4V-ES'])('is dropped and told once, and the next is whole: %s', (codec) => {
    const all = Array.from({ length: 9 }, (_, i) =>
      packet({ sequence: i, timestamp: Math.floor(i / 3), marker: i % 3 === 2, payload: payloads[codec]?.(i % 3) as number[] }),
    );
    for (const missing of [3, 4, 5]) {
      const { units, damaged } = collect(
        make(codec),
        all.filter(({ sequence }) => sequence !== missing),
      );
      expect(units.map(({ timestamp }) => timestamp)).toEqual([0, 2]);
      expect(damaged).toBe(1);
    }
  });

  it('of JPEG is also one whose tables never came, whose size is not told, or which is progressive', () => {
    const heads = {
      tables: [0, 0, 0, 0, 1, 255, 2, 2],
      size: [0, 0, 0, 0, 1, 50, 0, 2],
      type: [0, 0, 0, 0, 5, 50, 2, 2],
      short: [0, 0, 0],
    };
    for (const head of Object.values(heads)) {
      const sent = [packet({ sequence: 0, payload: [...head, 1], marker: true })];
      expect(collect(make('JPEG'), sent)).toEqual({ units: [], damaged: 1 });
    }
  });
});
