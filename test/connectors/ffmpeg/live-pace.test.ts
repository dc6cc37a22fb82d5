import { describe, expect, it } from 'vitest';
import { paceFilter } from '../../../connectors/ffmpeg/live-pace.ts';
import { ffmpeg } from '../clips.ts';

/** Times in seconds of what the filter takes of a source whose frames come up to `jitterMs` early or late, by a fixed dice. */
function taken(sourceFps: number, jitterMs: number, phase: number): number[] {
  const times = `setpts=(1000+(N+${phase})/${sourceFps}+${jitterMs / 1000}*sin(N*N*12.9898))/TB`;
  const graph = `testsrc=size=16x16:rate=25:duration=${(30 * sourceFps) / 25},settb=1/1000000,${times},${paceFilter(10)}`;
  const argv = ['-f', 'lavfi', '-i', graph, '-vsync', '0', '-enc_time_base', '1:1000000', '-c:v', 'rawvideo', '-f', 'framecrc', 'pipe:1'];
  const lines = ffmpeg(argv).toString().split('\n');
  return lines.filter((line) => /^0,/.test(line)).map((line) => Number(line.split(',')[2]) / 1e6);
}

describe('ten frames a second', () => {
  it.each([10, 12, 15, 20, 25, 30])('are taken of a camera with %i, however its frames jitter', (fps) => {
    for (const [jitterMs, phase] of [
      [0, 0],
      [3, 0],
      [10, 0.5],
    ] as const) {
      expect(Math.abs(taken(fps, jitterMs, phase).length - 300)).toBeLessThanOrEqual(2);
    }
  });

  it('are not exceeded after a pause: nothing is made up for', () => {
    const graph = `testsrc=size=16x16:rate=50:duration=4,settb=1/1000000,setpts=PTS+gte(N\\,100)*5/TB,${paceFilter(10)}`;
    const lines = ffmpeg(['-f', 'lavfi', '-i', graph, '-vsync', '0', '-enc_time_base', '1:1000000', '-f', 'framecrc', 'pipe:1']).toString();
    const after = lines.split('\n').filter((line) => /^0,/.test(line) && Number(line.split(',')[2]) >= 7e6);
    expect(after.length).toBeLessThanOrEqual(21);
  });

  it('are all frames of a slower camera', () => {
    expect(taken(4, 20, 0)).toHaveLength(120);
  });
});
