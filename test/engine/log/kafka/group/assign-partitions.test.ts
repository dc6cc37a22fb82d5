import { describe, expect, it } from 'vitest';
import { assignPartitions, type Claim } from '../../../../../engine/log/kafka/group/assign-partitions.ts';

const claim = (member: string, owned: number[] = [], generation = 1): Claim => ({ member, owned, generation });
const assigned = (partitions: number, ...claims: Claim[]) => Object.fromEntries(assignPartitions(partitions, claims));

/** Joins until nobody must give anything back; the rounds that it took, the last assignment first. */
function settle(partitions: number, claims: readonly Claim[]): { rounds: number; claims: Claim[] } {
  let now = [...claims];
  for (let rounds = 1; ; rounds += 1) {
    const next = assignPartitions(partitions, now);
    const given = [...next.values()].flat();
    now = now.map(({ member, generation }) => ({ member, owned: next.get(member) ?? [], generation: generation + 1 }));
    if (given.length === partitions) return { rounds, claims: now };
  }
}

describe('the partitions of a group', () => {
  it('are shared evenly by members that come at once', () => {
    expect(assigned(8, claim('a'), claim('b'), claim('c'))).toEqual({ a: [0, 3, 6], b: [1, 4, 7], c: [2, 5] });
  });

  it('stay where they are when nothing changes', () => {
    expect(assigned(4, claim('a', [1, 3]), claim('b', [0, 2]))).toEqual({ a: [1, 3], b: [0, 2] });
  });

  it('go to those that stay when a member leaves, and those of the others do not move', () => {
    expect(assigned(6, claim('a', [0, 3]), claim('b', [1, 4]))).toEqual({ a: [0, 3, 2], b: [1, 4, 5] });
  });

  it('are given to a newcomer only when their owner has joined without them', () => {
    const first = assigned(4, claim('a', [0, 1, 2, 3]), claim('b'));
    expect(first).toEqual({ a: [0, 2], b: [] });
    expect(assigned(4, claim('a', [0, 2], 2), claim('b', [], 2))).toEqual({ a: [0, 2], b: [1, 3] });
  });

  it('are given up over the whole range, since those with low numbers have the most cameras', () => {
    expect(assigned(8, claim('a', [0, 1, 2, 3, 4, 5, 6, 7]), claim('b'), claim('c')).a).toEqual([0, 2, 5]);
  });

  it('are the same in whatever order members join', () => {
    const claims = [claim('a', [0, 5]), claim('b', [2]), claim('c'), claim('d', [1, 3])];
    expect(assigned(7, ...claims.toReversed())).toEqual(assigned(7, ...claims));
  });

  it('belong to the newer of two claims', () => {
    expect(assigned(2, claim('a', [0, 1], 4), claim('b', [1], 5))).toEqual({ a: [0], b: [1] });
  });

  it('leave a member without any when there are more members than partitions', () => {
    expect(assigned(2, claim('a', [1]), claim('b'), claim('c', [0]))).toEqual({ a: [1], b: [], c: [0] });
  });

  it('are those that there are, whatever a member of another size claims', () => {
    expect(assigned(2, claim('a', [0, 1, 2, 3]))).toEqual({ a: [0, 1] });
  });

  it.each([
    [8, ['a'], ['a', 'b'], 4],
    [8, ['a', 'b', 'c'], ['a', 'b', 'c', 'd'], 2],
    [9, ['a', 'b'], ['a'], 4],
    [16, ['a', 'b', 'c', 'd'], ['b', 'c', 'd'], 4],
  ])('move no more often than must, of %i with %j to %j: %i', (partitions, before, after, moves) => {
    const start = settle(
      partitions,
      before.map((member) => claim(member)),
    );
    const kept = start.claims.filter(({ member }) => after.includes(member));
    const newcomers = after.filter((member) => !before.includes(member)).map((member) => claim(member));
    const end = settle(partitions, [...kept, ...newcomers]);
    const owner = (claims: readonly Claim[], partition: number) => claims.find(({ owned }) => owned.includes(partition))?.member;
    const moved = Array.from({ length: partitions }, (_, partition) => partition).filter(
      (partition) => owner(start.claims, partition) !== owner(end.claims, partition),
    );
    expect(moved).toHaveLength(moves);
    expect(end.rounds).toBeLessThanOrEqual(2);
    const counts = end.claims.map(({ owned }) => owned.length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });
});
