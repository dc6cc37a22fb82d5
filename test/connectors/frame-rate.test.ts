import { expect, it } from 'vitest';
import { FrameRate } from '../../connectors/frame-rate.ts';

function rateAfter(times: readonly number[], nowMs = times.at(-1) as number): number {
  const rate = new FrameRate();
  for (const time of times) rate.frame(time);
  return rate.at(nowMs);
}

const every = (intervalMs: number, count: number) => Array.from({ length: count }, (_, index) => index * intervalMs);

it('a rate is that of the camera, whenever somebody asks', () => {
  expect(rateAfter(every(100, 200))).toBeCloseTo(10, 6);
  expect(rateAfter(every(100, 200), 19_900 + 90)).toBeCloseTo(10, 6);
});

it('two frames that come quickly are no rate above that of the camera', () => {
  const jittered = [0, 60, 200, 260, 400];
  for (const count of [2, 3, 4, 5]) expect(rateAfter(jittered.slice(0, count), 500)).toBeLessThanOrEqual(10);
});

it('frames that are thinned unevenly, from 25 to 10 a second, are 10 a second', () => {
  const thinned = every(200, 60).flatMap((time) => [time, time + 80]);
  expect(rateAfter(thinned)).toBeGreaterThan(9.95);
  expect(rateAfter(thinned)).toBeLessThan(10.05);
});

it('a camera of one frame in seven seconds has a rate', () => {
  expect(rateAfter(every(7000, 10))).toBeCloseTo(1 / 7, 6);
});

it('a rate falls when nothing comes, and is nothing after ten seconds', () => {
  const times = every(100, 200);
  expect(rateAfter(times, 19_900 + 5000)).toBeCloseTo(100 / 15, 1);
  expect(rateAfter(times, 19_900 + 11_001)).toBe(0);
});

it('a camera that was opened anew has none until it gives frames', () => {
  const rate = new FrameRate();
  for (const time of every(100, 200)) rate.frame(time);
  rate.begin();
  rate.frame(30_000);
  expect(rate.at(30_000)).toBe(0);
});
