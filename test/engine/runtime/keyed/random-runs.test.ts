import { expect, it } from 'vitest';
import { differenceOf, seedsUpTo } from './random-run.ts';

/** Over crashes, takeovers, late commits, repeated places inside other gaps, holes and poison. */
it.each([0, 50, 100, 150])('brings out exactly what was written: 50 random streams from seed %i on', async (first) => {
  const differences = [];
  for (const seed of seedsUpTo(50)) differences.push(await differenceOf(first + seed));
  expect(differences.filter((difference) => difference !== undefined)).toEqual([]);
});

it('would not without the fence (negative control)', async () => {
  const differences = [];
  for (const seed of seedsUpTo(20)) differences.push(await differenceOf(seed, { fenced: false }));
  expect(differences.filter((difference) => difference !== undefined).length).toBeGreaterThanOrEqual(5);
});
