import { evenShares } from '../../even-shares.ts';

/** What a member says when it joins: what it works on, and since which generation of the group it may. */
export interface Claim {
  readonly member: string;
  readonly owned: readonly number[];
  readonly generation: number;
}

/**
 * Who works on which partitions (0 to `partitions` − 1) from now on. Each keeps what it has, up to its even share; what nobody has goes
 * to those with the least. What is above a share is taken from its owner and given to nobody yet: the owner ends its work first, joins
 * again, and then it is free. So no partition ever has two owners that know what is going on, and no more of them move than must.
 *
 * The same claims give the same answer, in whatever order they come. Of two claims for one partition the newer generation counts.
 */
export function assignPartitions(partitions: number, claims: readonly Claim[]): Map<string, number[]> {
  const owners = ownersOf(partitions, claims);
  const owned = new Map(claims.map(({ member }) => [member, partitionsOf(owners, member)]));
  const shares = evenShares(partitions, new Map([...owned].map(([member, has]) => [member, has.length])));
  const assigned = new Map([...owned].map(([member, has]) => [member, spread(has, shares.get(member) ?? 0)]));
  for (let partition = 0; partition < partitions; partition += 1) {
    if (!owners.has(partition)) poorest(assigned, shares)?.push(partition);
  }
  return assigned;
}

function ownersOf(partitions: number, claims: readonly Claim[]): Map<number, string> {
  const owners = new Map<number, string>();
  const newestFirst = [...claims].sort((a, b) => b.generation - a.generation || (a.member < b.member ? -1 : 1));
  for (const { member, owned } of newestFirst) {
    for (const partition of owned) if (partition < partitions && !owners.has(partition)) owners.set(partition, member);
  }
  return owners;
}

function partitionsOf(owners: ReadonlyMap<number, string>, member: string): number[] {
  return [...owners].flatMap(([partition, owner]) => (owner === member ? [partition] : [])).sort((a, b) => a - b);
}

/** So many of them, over the whole range: cameras fill partitions from the lowest on, so that a run of them is busier than another. */
function spread(partitions: readonly number[], share: number): number[] {
  const kept = Math.min(share, partitions.length);
  return Array.from({ length: kept }, (_, index) => partitions[Math.floor((index * partitions.length) / kept)] as number);
}

/** The partitions of whoever has the least and is below its share. */
function poorest(assigned: ReadonlyMap<string, number[]>, shares: ReadonlyMap<string, number>): number[] | undefined {
  const below = [...assigned].filter(([member, has]) => has.length < (shares.get(member) ?? 0));
  const [first] = below.sort(([a, hasA], [b, hasB]) => hasA.length - hasB.length || (a < b ? -1 : 1));
  return first?.[1];
}
