import { describe, expect, it } from 'vitest';
import type { CameraFacts } from '../../../ui/protocol.ts';
import { SampleWindow } from '../../../ui/server/live/sample-window.ts';
import { largestTiles } from '../../../ui/web/src/grid.ts';
import { backOffMs } from '../../../ui/web/src/live/back-off.ts';
import { ServerClock } from '../../../ui/web/src/live/server-clock.ts';
import { Trails } from '../../../ui/web/src/live/trails.ts';
import { silentAfterMs } from '../../../ui/web/src/silence.ts';
import { trackColour } from '../../../ui/web/src/track-colour.ts';
import { ageWords, bytesWords, silenceWords } from '../../../ui/web/src/words.ts';
import { START_MS, timeOf, tracked } from '../../records.ts';

const TILE = { aspect: 16 / 9, caption: 32, gap: 16 };

describe('the grid of the wall', () => {
  it('has no arrangement with larger tiles, for any number of cameras and any window', () => {
    for (let count = 1; count <= 24; count += 1) {
      for (const space of [
        { width: 1400, height: 830 },
        { width: 2500, height: 1300 },
        { width: 900, height: 1200 },
      ]) {
        const grid = largestTiles(count, space, TILE);
        if (grid.scrolls) continue;
        for (let columns = 1; columns <= count; columns += 1) {
          const fits = tileThatFits(count, columns, space);
          expect(grid.tileWidth, `${count} cameras in ${space.width}×${space.height}, ${columns} columns`).toBeGreaterThanOrEqual(fits);
        }
      }
    }
  });

  it('never makes tiles too small to see, but scrolls', () => {
    const grid = largestTiles(100, { width: 1400, height: 830 }, TILE);
    expect(grid).toMatchObject({ scrolls: true, columns: 5 });
    expect(grid.tileWidth).toBeGreaterThanOrEqual(260);
  });

  it('fills the width of a telephone', () => {
    expect(largestTiles(4, { width: 366, height: 780 }, TILE)).toEqual({ columns: 1, tileWidth: 366, scrolls: true });
  });
});

/** The widest tile, pixel by pixel, with which so many columns fit. */
function tileThatFits(count: number, columns: number, { width, height }: { width: number; height: number }): number {
  const rows = Math.ceil(count / columns);
  let tile = 0;
  const fits = (w: number) => columns * w + (columns - 1) * 16 <= width && rows * (w / (16 / 9) + 32) + (rows - 1) * 16 <= height;
  while (fits(tile + 1)) tile += 1;
  return tile;
}

describe("the server's clock on the page", () => {
  it('is unknown before the first answer', () => {
    expect(new ServerClock().at(5)).toBeUndefined();
  });

  it('takes half of the way there and back off, and believes the shortest way', () => {
    const clock = new ServerClock();
    clock.answered(1000, 1400, START_MS);
    expect(clock.at(1200)).toBe(START_MS);
    clock.answered(2000, 2010, START_MS + 1000);
    expect(clock.at(2005)).toBe(START_MS + 1000);
    clock.answered(3000, 3900, START_MS + 9999);
    expect(clock.at(2005)).toBe(START_MS + 1000);
  });

  it('forgets what was known before the laptop slept', () => {
    const clock = new ServerClock();
    clock.answered(1000, 1001, START_MS);
    clock.forget();
    expect(clock.at(1000)).toBeUndefined();
  });
});

describe('small rules of the page', () => {
  it('a camera is silent after one second, or after three frame times where they are longer', () => {
    expect([silentAfterMs(10), silentAfterMs(3), silentAfterMs(1), silentAfterMs(0.5)]).toEqual([1000, 1000, 3000, 6000]);
  });

  it('waits longer from attempt to attempt, never above 12 s, and not all pages the same', () => {
    const waits = [0, 1, 2, 3, 4, 5, 20].map((attempt) => backOffMs(attempt, () => 0.5));
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
    expect([backOffMs(9, () => 0), backOffMs(9, () => 1)]).toEqual([8000, 12_000]);
  });

  it('gives a track one colour for good, and twelve tracks in a row twelve colours', () => {
    expect(trackColour('dock-1/1766400000/17')).toBe(trackColour('gate-2/1/17'));
    expect(new Set(Array.from({ length: 12 }, (_, n) => trackColour(`dock-1/1/${n}`))).size).toBe(12);
  });

  it('trails reach back a second and a half, and end with their track', () => {
    const trails = new Trails();
    const object = {
      label: 'parcel',
      score: 1,
      box: [0.2, 0.2, 0.2, 0.2],
      track: 'dock-1/1/1',
      state: 'confirmed',
      since: START_MS,
    } as const;
    for (let seq = 0; seq <= 20; seq += 1) trails.take(tracked(seq, [{ ...object, box: [0.2, 0.2, 0.2, 0.2] }]));
    const points = trails.of('dock-1/1/1');
    expect([points.length, points[0]?.time, points[0]?.x]).toEqual([15, timeOf(6), 0.30000000000000004]);
    for (let seq = 21; seq <= 40; seq += 1) trails.take(tracked(seq));
    expect(trails.of('dock-1/1/1')).toEqual([]);
  });

  it('says ages and sizes in units that fit', () => {
    expect([184.4, 9999, 10_000, 200_000, 8_000_000].map(ageWords)).toEqual(['184 ms', '9999 ms', '10 s old', '3 min old', '2 h old']);
    expect([0, 1023, 1536, 4 * 2 ** 30].map(bytesWords)).toEqual(['0 B', '1023 B', '1.5 KiB', '4.0 GiB']);
  });

  it('says what happened, why, and what is done about it', () => {
    const camera: CameraFacts = {
      ...{ id: 'gate-3', kind: 'live', address: 'rtsp://192.0.2.9/', targetFps: 10, fps: 0, freshnessMs: 500, viewWidth: 640, shed: {} },
      ...{
        state: 'backing-off',
        since: START_MS,
        cause: 'refused',
        detail: 'the camera refuses the connection',
        nextTryAt: START_MS + 8000,
      },
    };
    expect(silenceWords(camera, START_MS - 5000, START_MS)).toMatchObject({
      title: expect.stringMatching(/^No picture since \d\d:\d\d:\d\d$/),
      cause: 'The camera refuses the connection.',
      next: 'Next try in 8 s.',
    });
    expect(silenceWords({ ...camera, state: 'disabled' }, undefined, START_MS).title).toBe('Disabled');
  });
});

describe('percentiles of the newest samples', () => {
  it('are samples that were there, by nearest rank', () => {
    const window = new SampleWindow(100);
    expect(window.percentiles()).toBeUndefined();
    for (let sample = 1000; sample >= 1; sample -= 1) window.add(sample);
    expect(window.percentiles()).toEqual({ p50: 50, p95: 95, p99: 99, samples: 100 });
  });
});
