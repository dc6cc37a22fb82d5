import { describe, expect, it } from 'vitest';
import { PictureTimes } from '../../../connectors/rtsp/picture-times.ts';

const INTERVAL = 9000; // ticks: a tenth of a second

/** Pictures as they are decoded, each with its place in what is shown; one comes every 100 ms. */
function times(shown: readonly number[], first = 0): number[] {
  const clock = new PictureTimes(90_000);
  return shown.map((place, i) => clock.next({ timestamp: (first + place * INTERVAL) >>> 0, arrivedMs: 1000 + 100 * i, key: i === 0 }));
}

describe('the time of a picture', () => {
  it('is that of its arrival, whatever the clock of the camera says', () => {
    expect(times([0, 1, 2, 500, 3, 1000])).toEqual([1000, 1100, 1200, 1300, 1400, 1500]);
  });

  it('rises, though pictures came in one moment', () => {
    const clock = new PictureTimes(90_000);
    const came = [5, 5, 5, 4].map((arrivedMs, i) => clock.next({ timestamp: i * INTERVAL, arrivedMs, key: true }));
    expect(came.map((ms) => Math.round(ms * 1000))).toEqual([5000, 5002, 5004, 5006]);
  });

  it('of a camera that reorders follows the order in which pictures are shown', () => {
    // I, then P before the two B that are shown before it, and so on.
    const shown = [0, 3, 1, 2, 6, 4, 5, 9, 7, 8];
    const all = times(shown);
    expect(all.slice(0, 4).map(Math.round)).toEqual([1000, 1100, 1033, 1067]);
    expect(all.slice(4).map((time, i) => time - 1000 - 100 * (shown[i + 4] as number))).toEqual(Array(6).fill(0));
  });

  it('of a camera that reorders begins anew at each key frame, and where its clock is set', () => {
    const clock = new PictureTimes(90_000);
    const next = (place: number, arrivedMs: number, key = false) => clock.next({ timestamp: place * INTERVAL, arrivedMs, key });
    for (const [i, place] of [0, 2, 1].entries()) next(place, 1000 + 100 * i, i === 0);
    expect(next(3, 1340, true)).toBe(1340);
    expect(next(5, 1400)).toBe(1540);
    expect(next(500, 1500)).toBe(1500);
    expect(next(502, 1600)).toBe(1700);
  });

  it('does not notice that the clock of the camera wraps around', () => {
    const wrapping = times([0, 3, 1, 2, 6, 4, 5], 0xffff_ffff - 2 * INTERVAL);
    expect(wrapping).toEqual(times([0, 3, 1, 2, 6, 4, 5]));
  });
});
