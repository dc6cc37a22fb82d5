import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type FrameTarget, NutReader } from '../../../connectors/ffmpeg/nut-reader.ts';
import { nutFrameHead, nutHeader } from '../../../connectors/ffmpeg/nut-writer.ts';
import { BUILDS } from '../builds.ts';

/** Microseconds, of a machine that has been up for a month. */
const TIMES = [0, 2, 1_000_000, 1_000_002, 60_000_000].map((us) => 2_600_000_000_000 + us);

/** What stands in the packets is no matter: nothing is decoded. */
const pictures = TIMES.map((timeUs, i) => ({ timeUs, key: i % 2 === 0, bytes: Buffer.alloc(i * 70_000 + 3, i) }));
const nut = Buffer.concat([
  nutHeader('MJPG'),
  ...pictures.flatMap(({ timeUs, key, bytes }) => [nutFrameHead(timeUs, key, bytes.length), bytes]),
]);

describe.each(BUILDS)('pictures in NUT', (_, { path }) => {
  it('are read by ffmpeg with their times, bytes and whether they are key frames', () => {
    const input = ['-nofind_stream_info', '-copyts', '-f', 'nut', '-i', 'pipe:0'];
    const argv = ['-loglevel', 'error', ...input, '-c', 'copy', '-copyinkf', '-f', 'framemd5', '-'];
    const text = execFileSync(path, argv, { input: nut, encoding: 'utf8' });
    const lines = text
      .split('\n')
      .filter((line) => /^0,/.test(line))
      .map((line) => line.split(',').map((field) => field.trim()));
    expect(text).toContain('#tb 0: 1/1000000');
    expect(lines.map(([, , pts]) => Number(pts))).toEqual(TIMES);
    expect(lines.map(([, , , , size]) => Number(size))).toEqual(pictures.map(({ bytes }) => bytes.length));
  });
});

describe('pictures in NUT', () => {
  it('are read by our own reader', () => {
    const came: { timeUs: number; bytes: Buffer }[] = [];
    let bytes = Buffer.alloc(0);
    const target: FrameTarget = {
      begin: (sizeBytes) => {
        bytes = Buffer.alloc(sizeBytes);
      },
      write: (part, offset) => bytes.set(part, offset),
      finish: (timeUs) => void came.push({ timeUs, bytes }),
    };
    new NutReader(target).push(nut);
    expect(came.map(({ timeUs }) => timeUs)).toEqual(TIMES);
    expect(came.every(({ bytes: picture }, i) => picture.equals(pictures[i]?.bytes as Buffer))).toBe(true);
  });
});
