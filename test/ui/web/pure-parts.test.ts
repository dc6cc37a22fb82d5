import { describe, expect, it } from 'vitest';
import type { HistorySecond } from '../../../ui/history.ts';
import type { CameraFacts } from '../../../ui/protocol.ts';
import { SampleWindow } from '../../../ui/server/live/sample-window.ts';
import { largestTiles } from '../../../ui/web/src/grid.ts';
import { type Alert, recentAlerts } from '../../../ui/web/src/live/alert-list.ts';
import { ServerClock } from '../../../ui/web/src/live/server-clock.ts';
import { readRoute } from '../../../ui/web/src/read-route.ts';
import { silentAfterMs } from '../../../ui/web/src/silence.ts';
import { alertAt, alertSpans, lossRuns, timeScale } from '../../../ui/web/src/time-scale.ts';
import { trackColour } from '../../../ui/web/src/track-colour.ts';
import { ageWords, bytesWords, fpsWords, lookedWords, silenceWords } from '../../../ui/web/src/words.ts';
import { backOffMs } from '../../../ui/web/src/worker/back-off.ts';
import { SleepWatch } from '../../../ui/web/src/worker/sleep-watch.ts';
import { Trails } from '../../../ui/web/src/worker/trails.ts';
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

  it('says rates without tenths where there are many', () => {
    expect([fpsWords(10.1, 10), fpsWords(1.4, 2), fpsWords(0, 10)]).toEqual(['10 of 10 fps', '1.4 of 2 fps', '0 of 10 fps']);
  });

  it('says how many of the frames that came in the last minute were looked at', () => {
    const second = (offset: number, frames: number, gaps: HistorySecond['gaps'] = {}) => ({
      ...{ time: START_MS + offset * 1000, frames, objects: 0 },
      gaps,
    });
    const minute = [second(0, 500), second(1, 1, { overload: 30 }), second(60, 1, { stale: 40, failed: 2 })];
    expect(lookedWords(minute)).toBe('2 of 74');
    expect(lookedWords([])).toBeUndefined();
  });

  it.each([
    ['#/camera/dock%201?at=5', { page: 'camera', id: 'dock 1', at: 5 }],
    ['#/camera/%', { page: 'camera', id: '%', at: undefined }],
    ['#/health', { page: 'health' }],
    ['#/nowhere', { page: 'wall' }],
  ])('reads the link %s', (hash, expected) => {
    expect(readRoute(hash)).toEqual(expected);
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
    const { nextTryAt: _nextTry, ...again } = { ...camera, state: 'starting' } as const;
    expect(silenceWords(again, START_MS - 5000, START_MS)).toMatchObject({
      cause: 'The camera refuses the connection.',
      next: 'Trying again now.',
    });
    const { detail: _detail, nextTryAt: _nextTryAt, cause: _cause, ...running } = { ...camera, state: 'running' } as const;
    expect(silenceWords({ ...running, lastFrameAt: START_MS - 2400 }, START_MS - 9000, START_MS).cause).toMatch(/looked at 2\.4 s late/);
    expect(silenceWords({ ...running, lastFrameAt: START_MS - 300 }, START_MS - 1300, START_MS)).not.toHaveProperty('cause');
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

describe('the time line', () => {
  const second = (offset: number, gaps: HistorySecond['gaps'] = {}): HistorySecond => ({
    ...{ time: START_MS + offset * 1000, frames: 10, objects: 25 },
    gaps,
  });
  const alert = (id: string, sinceS: number, closedS?: number): Alert => ({
    ...{ v: 1, type: 'alert', id, camera: 'dock-1', session: 1, seq: 1, alert: id, kind: 'camera-down', sentence: '', problem: '' },
    ...{ since: START_MS + sinceS * 1000, time: START_MS + (closedS ?? sinceS) * 1000, state: closedS === undefined ? 'opened' : 'closed' },
  });

  it('shows the ten minutes that end with the newest second', () => {
    const scale = timeScale(START_MS + 600_000);
    expect([scale.startMs, scale.endMs, scale.share(START_MS + 301_000)]).toEqual([START_MS + 1000, START_MS + 601_000, 0.5]);
  });

  it('joins seconds of loss that follow each other for one kind of reason, by what most frames were lost for', () => {
    const runs = lossRuns([
      second(0, { stale: 1 }),
      second(1, { overload: 3, decode: 1 }),
      second(2),
      second(3, { decode: 2 }),
      second(4, { still: 9 }),
    ]);
    expect(runs.map(({ kind, fromMs, toMs }) => [kind, fromMs - START_MS, toMs - START_MS])).toEqual([
      ['busy', 0, 2000],
      ['broken', 3000, 4000],
      ['wanted', 4000, 5000],
    ]);
  });

  it('has the alerts of its camera that reach into it, an open one to its end', () => {
    const other = { ...alert('c', 700), camera: 'gate-2' };
    const spans = alertSpans(
      [alert('b', 650), alert('a', 2, 4), alert('long ago', -90, -80), other],
      'dock-1',
      timeScale(START_MS + 700_000),
    );
    expect(spans.map((span) => [span.alert.id, span.toMs - START_MS])).toEqual([['b', 701_000]]);
    const wider = alertSpans([alert('b', 650), alert('a', 90, 120)], 'dock-1', timeScale(START_MS + 700_000));
    expect(wider.map((span) => span.alert.id)).toEqual(['a', 'b']);
  });

  it('knows the alert that was open at a moment, the newest of several', () => {
    const alerts = [alert('a', 0, 50), alert('b', 20, 30), alert('c', 60)];
    const at = (s: number) => alertAt(alerts, 'dock-1', START_MS + s * 1000)?.id;
    expect([at(-1), at(10), at(25), at(40), at(55), at(99)]).toEqual([undefined, 'a', 'b', 'a', undefined, 'c']);
  });
});

describe('the alerts beside the wall', () => {
  const alert = (id: string, state: Alert['state'], since: number, time: number): Alert => ({
    ...{ v: 1, type: 'alert', id, camera: 'dock-1', session: 1, seq: 1, alert: id, kind: 'camera-down', sentence: '', problem: '' },
    ...{ state, since, time },
  });

  it('are those that are open, then those that were closed in the last ten minutes, the latest first', () => {
    const now = START_MS + 3_600_000;
    const alerts = [
      alert('open', 'updated', now - 5000, now),
      alert('just closed', 'closed', now - 900_000, now - 1000),
      alert('closed before', 'closed', now - 800_000, now - 599_000),
      alert('long closed', 'closed', now - 800_000, now - 600_000),
    ];
    expect(recentAlerts(alerts, now).map(({ id }) => id)).toEqual(['open', 'just closed', 'closed before']);
  });
});

describe('a laptop that slept', () => {
  it('is noticed when the wall clock went on and the clock of the page did not, or when the clock was set', () => {
    const watch = new SleepWatch();
    const looks = [
      [0, 0],
      [1000, 1000],
      [2100, 2000],
      [63_000, 3000],
      [64_000, 4000],
      [9000, 5000],
    ] as const;
    expect(looks.map(([wallMs, pageMs]) => watch.look(wallMs, pageMs))).toEqual([false, false, false, true, false, true]);
  });
});
