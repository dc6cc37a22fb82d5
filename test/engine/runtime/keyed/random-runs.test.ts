import { expect, it } from 'vitest';
import { differenceOf, seedsUpTo } from './random-run.ts';

it('brings out exactly what was written, over 240 random streams with crashes, takeovers, repeated places, holes and poison', async () => {
  const differences = [];
  for (const seed of seedsUpTo(240)) differences.push(await differenceOf(seed));
  expect(differences.filter((difference) => difference !== undefined)).toEqual([]);
});

it('would not without the fence (negative control)', async () => {
  const differences = [];
  for (const seed of seedsUpTo(40)) differences.push(await differenceOf(seed, { fenced: false }));
  expect(differences.filter((difference) => difference !== undefined).length).toBeGreaterThan(10);
});
