import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../bench/tracking/seeded-random.ts';
import { FILTER_SIZE, freezeSize, initiateFilter, predictFilter, updateFilter, writeBox } from '../../../operators/track/kalman.ts';
import { FullKalman } from './full-kalman.ts';

/** Left, top, right, bottom from centre and size. */
function corners([x, y, width, height]: readonly number[]): Float64Array {
  return Float64Array.of(x - width / 2, y - height / 2, x + width / 2, y + height / 2);
}

function started(measured: readonly number[]): Float64Array {
  const filter = new Float64Array(FILTER_SIZE);
  initiateFilter(filter, 0, corners(measured), 0);
  return filter;
}

function pairOf(full: FullKalman, i: number): number[] {
  const { mean, covariance } = full;
  return [mean[i], mean[i + 4], covariance[i][i], covariance[i][i + 4], covariance[i + 4][i + 4]];
}

function expectEqual(filter: Float64Array, full: FullKalman): void {
  for (let i = 0; i < 4; i++) {
    pairOf(full, i).forEach((value, k) => {
      expect(filter[5 * i + k]).toBeCloseTo(value, 12);
    });
  }
}

describe('the motion filter', () => {
  it('equals the filter with full 8 × 8 matrices over 300 steps of one to four frames', () => {
    const random = seededRandom(1);
    const measured = [0.5, 0.4, 0.1, 0.2];
    const filter = started(measured);
    const full = new FullKalman(measured);
    for (let step = 0; step < 300; step++) {
      const frames = 1 + Math.floor(random.next() * 4);
      predictFilter(filter, 0, frames);
      full.predict(frames);
      const next = [full.mean[0], full.mean[1], 0.1, 0.2].map((value) => value * random.between(0.97, 1.03));
      updateFilter(filter, 0, corners(next), 0);
      full.update(next);
      expectEqual(filter, full);
    }
  });

  it('keeps the pairs apart in the full matrices, so that nothing is lost by splitting', () => {
    const full = new FullKalman([0.5, 0.4, 0.1, 0.2]);
    for (let step = 0; step < 20; step++) {
      full.predict(1);
      full.update([0.5 + 0.01 * step, 0.4, 0.1 + 0.002 * step, 0.2]);
    }
    const across = full.covariance.flatMap((row, i) => row.filter((_, j) => i % 4 !== j % 4));
    expect(Math.max(...across.map(Math.abs))).toBe(0);
  });

  it('says the same after one long step and after short ones of equal length', () => {
    const random = seededRandom(2);
    for (let run = 0; run < 50; run++) {
      const once = started([0.5, 0.5, random.between(0.05, 0.3), random.between(0.05, 0.3)]);
      once[1] = random.between(-0.02, 0.02);
      const often = once.slice();
      const steps = [random.between(0.1, 3), random.between(0.1, 3), random.between(0.1, 3)];
      predictFilter(once, 0, steps[0] + steps[1] + steps[2]);
      for (const step of steps) predictFilter(often, 0, step);
      once.forEach((value, i) => {
        expect(often[i]).toBeCloseTo(value, 12);
      });
    }
  });

  it('finds the rate of an even motion', () => {
    const filter = started([0.1, 0.5, 0.1, 0.1]);
    for (let step = 1; step <= 40; step++) {
      predictFilter(filter, 0, 2);
      updateFilter(filter, 0, corners([0.1 + 0.01 * step, 0.5, 0.1, 0.1]), 0);
    }
    expect(filter[1]).toBeCloseTo(0.005, 5);
    expect(filter[6]).toBeCloseTo(0, 9);
  });

  it('never turns a shrinking box inside out, however long the step', () => {
    const filter = started([0.5, 0.5, 0.1, 0.1]);
    filter[11] = -0.02;
    filter[16] = -0.02;
    predictFilter(filter, 0, 60);
    const box = new Float64Array(4);
    writeBox(filter, 0, box, 0);
    expect(box[2] - box[0]).toBeCloseTo(0.1, 12);
    expect(box[3] - box[1]).toBeCloseTo(0.1, 12);
  });

  it('keeps the size of a frozen box', () => {
    const filter = started([0.5, 0.5, 0.1, 0.1]);
    filter[11] = -0.001;
    filter[16] = 0.001;
    freezeSize(filter, 0);
    predictFilter(filter, 0, 10);
    expect([filter[10], filter[15]]).toEqual([started([0.5, 0.5, 0.1, 0.1])[10], started([0.5, 0.5, 0.1, 0.1])[15]]);
  });
});
