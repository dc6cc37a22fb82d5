import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type FrameTarget, NutReader } from '../../../connectors/ffmpeg/nut-reader.ts';
import { BUILDS } from '../builds.ts';

/** Keeps what it is given: times, and the bytes of the frames. */
class Keeper implements FrameTarget {
  readonly times: number[] = [];
  readonly frames: Buffer[] = [];
  private current = Buffer.alloc(0);

  begin(sizeBytes: number): void {
    this.current = Buffer.alloc(sizeBytes, 0xee);
  }

  write(bytes: Uint8Array, offset: number): void {
    this.current.set(bytes, offset);
  }

  finish(timeUs: number): void {
    this.times.push(timeUs);
    this.frames.push(this.current);
  }
}

function read(bytes: Buffer, chunkBytes: number): { keeper: Keeper; reader: NutReader } {
  const keeper = new Keeper();
  const reader = new NutReader(keeper);
  for (let at = 0; at < bytes.length; at += chunkBytes) reader.push(bytes.subarray(at, at + chunkBytes));
  return { keeper, reader };
}

describe.each(BUILDS)('NUT from %s', (_name, { path }) => {
  const make = (...argv: string[]) => execFileSync(path, ['-loglevel', 'error', ...argv, 'pipe:1'], { maxBuffer: 1 << 26 });
  const source = ['-f', 'lavfi', '-i', 'testsrc2=size=32x18:rate=30000/1001:duration=2', '-c:v', 'rawvideo'];
  const nut = make(...source, '-pix_fmt', 'gbrp', '-f', 'nut');
  const raw = make(...source, '-pix_fmt', 'gbrp', '-f', 'rawvideo');

  it('gives the bytes that the same ffmpeg writes without a container', () => {
    const { keeper, reader } = read(nut, 65_536);
    expect(Buffer.concat(keeper.frames).equals(raw)).toBe(true);
    expect(reader.insideFrame).toBe(false);
  });

  it('gives the times of the frames', () => {
    const { keeper } = read(nut, 65_536);
    expect(keeper.times).toEqual(Array.from({ length: 60 }, (_, i) => Math.round((i * 1001 * 1e6) / 30_000)));
  });

  it.each([1, 2, 7, 100, 1727, 1728, 1729])('does not care where the pipe cuts: every %i bytes', (chunkBytes) => {
    const { keeper } = read(nut, chunkBytes);
    expect(keeper.times).toHaveLength(60);
    expect(Buffer.concat(keeper.frames).equals(raw)).toBe(true);
  });

  it('keeps times of this century in microseconds, with jumps to and fro', () => {
    const jumps = 'setpts=PTS+(1766400000+mod(N\\,3)*100)/TB';
    const live = make(
      ...source,
      '-vf',
      `settb=1/1000000,${jumps}`,
      '-vsync',
      '0',
      '-enc_time_base',
      '1:1000000',
      '-pix_fmt',
      'gray',
      '-f',
      'nut',
    );
    const { keeper } = read(live, 1000);
    // Muxers do not let times fall: ffmpeg raises them; the first three are as asked.
    expect(keeper.times.slice(0, 3)).toEqual([0, 1, 2].map((i) => 1_766_400_000e6 + i * 100e6 + Math.round((i * 1001e6) / 30_000)));
    expect(keeper.times.every((time, i) => i === 0 || time > (keeper.times[i - 1] as number))).toBe(true);
  });

  it('knows when the pipe ended inside a frame', () => {
    const { keeper, reader } = read(nut.subarray(0, nut.length - 1000), 65_536);
    expect(keeper.frames).toHaveLength(59);
    expect(reader.insideFrame).toBe(true);
  });

  it('refuses what is no NUT', () => {
    expect(() => read(Buffer.from('RIFF and so on, not at all what is due here'), 100)).toThrow(
      /Expected the beginning of a NUT stream from ffmpeg, got "RIFF/,
    );
  });

  it('refuses frames of a stream whose headers are missing', () => {
    expect(() => read(Buffer.concat([nut.subarray(0, 25), Buffer.alloc(100, 1)]), 200)).toThrow(/headers of a NUT stream/);
  });
});
