import { describe, expect, it } from 'vitest';
import { Bisection } from '../../../engine/log/bisection.ts';

const START = 10;
const END = 42;
/** Where records of the camera stand; others stand between them. */
const RECORDS = [10, 11, 17, 18, 25, 40];

function bisect(isFarEnough: (position: number) => boolean): { found: number; looks: number } {
  const search = new Bisection({ start: START, end: END });
  let looks = 0;
  for (let middle = search.middle; middle !== undefined; middle = search.middle) {
    const [from, below] = [middle, search.below];
    const record = RECORDS.find((position) => position >= from && position < below);
    search.take(record, record === undefined || isFarEnough(record));
    looks += 1;
  }
  return { found: search.found, looks };
}

describe('a bisection of positions', () => {
  it.each(Array.from({ length: END - START + 2 }, (_, index) => START + index))(
    'finds the first record from %d on as a walk does',
    (wanted) => {
      const isFarEnough = (position: number) => position >= wanted;
      expect(bisect(isFarEnough).found).toBe(RECORDS.find(isFarEnough) ?? END);
    },
  );

  it('takes no more looks than halving the positions does', () => {
    const looks = RECORDS.map((wanted) => bisect((position) => position >= wanted).looks);
    expect(Math.max(...looks)).toBeLessThanOrEqual(Math.ceil(Math.log2(END - START)) + 1);
  });

  it('finds the end where there is nothing', () => {
    expect(new Bisection({ start: 7, end: 7 })).toMatchObject({ middle: undefined, found: 7 });
  });
});
