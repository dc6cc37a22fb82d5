import { describe, expect, it } from 'vitest';
import { fairShare } from '../../../engine/state/index.ts';

const cameras = (count: number) => Array.from({ length: count }, (_, index) => `camera-${index}`);

/** Holders by name: `{ a: 3 }` holds the first three. */
function held(counts: Readonly<Record<string, number>>): Map<string, string> {
  const owners = Object.entries(counts).flatMap(([member, count]) => Array.from({ length: count }, () => member));
  return new Map(owners.map((member, index) => [`camera-${index}`, member]));
}

/** Each member looks and acts in turn, until nobody wants anything; what is given back is free for the next one. */
function settle(members: readonly string[], names: readonly string[], holders: Map<string, string>) {
  let moves = 0;
  for (let round = 0; round < 10; round++) {
    const before = moves;
    for (const me of members) {
      const { take, give } = fairShare({ me, members, names, holders });
      for (const name of give) holders.delete(name);
      for (const name of take) holders.set(name, me);
      moves += give.length;
      if (take.length > 0) moves += 0.001;
    }
    if (moves === before) break;
  }
  const counts = members.map((me) => [...holders.values()].filter((holder) => holder === me).length);
  return { counts, given: Math.floor(moves) };
}

describe('a fair share', () => {
  it('is everything for who is alone', () => {
    expect(fairShare({ me: 'a', members: [], names: cameras(3), holders: new Map() })).toEqual({ take: cameras(3), give: [] });
  });

  it('leaves to others what is theirs', () => {
    const { take, give } = fairShare({ me: 'a', members: ['a', 'b'], names: cameras(5), holders: new Map() });
    expect([take.length, give]).toEqual([3, []]);
    expect(fairShare({ me: 'b', members: ['a', 'b'], names: cameras(5), holders: held({ a: 3 }) }).take).toEqual(['camera-3', 'camera-4']);
  });

  it('gives back what a newcomer lacks, and no more', () => {
    expect(fairShare({ me: 'a', members: ['a', 'b'], names: cameras(5), holders: held({ a: 5 }) })).toEqual({
      take: [],
      give: ['camera-3', 'camera-4'],
    });
  });

  it('gives nothing back while there are free ones for who lacks some', () => {
    const holders = held({ a: 4 });
    expect(fairShare({ me: 'a', members: ['a', 'b'], names: cameras(7), holders }).give).toEqual([]);
    expect(fairShare({ me: 'b', members: ['a', 'b'], names: cameras(7), holders }).take).toHaveLength(3);
  });

  it('moves nothing while all have theirs, whoever has one more', () => {
    for (const holders of [held({ a: 3, b: 2 }), held({ a: 2, b: 3 })]) {
      for (const me of ['a', 'b'])
        expect(fairShare({ me, members: ['a', 'b'], names: cameras(5), holders })).toEqual({ take: [], give: [] });
    }
  });

  it('takes over from who is gone', () => {
    expect(settle(['a', 'b'], cameras(9), held({ a: 3, b: 3 })).counts.toSorted()).toEqual([4, 5]);
  });

  it('leaves a holder alone who is not announced, until its leases end', () => {
    expect(fairShare({ me: 'a', members: ['a'], names: cameras(4), holders: held({ ghost: 2 }) }).take).toEqual(['camera-2', 'camera-3']);
  });

  it.each([
    [['a', 'b', 'c'], 64, { a: 64 }],
    [['a', 'b', 'c'], 64, {}],
    [['a', 'b', 'c', 'd', 'e'], 3, { a: 3 }],
    [['a', 'b', 'c', 'd'], 10, { a: 1, b: 7, c: 2 }],
    [['a'], 0, {}],
  ] as const)('settles at shares that differ by one at most, moving as few as possible: %j, %i', (members, count, before) => {
    const starting: Readonly<Record<string, number>> = before;
    const { counts, given } = settle(members, cameras(count), held(starting));
    expect(counts.reduce((sum, one) => sum + one, 0)).toBe(count);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    const most = Math.ceil(count / members.length);
    const tooMany = Object.values(starting).reduce((sum, one) => sum + Math.max(0, one - most), 0);
    expect(given).toBeLessThanOrEqual(tooMany + members.length);
  });
});
