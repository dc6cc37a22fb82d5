/**
 * How many of `total` things each member should have: of n things m members get n/m each, rounded down, and the rest one more, those
 * first that have most now. So nothing moves that need not. The sum is `total`.
 * @param held how many each member has now; every member is in it
 */
export function evenShares(total: number, held: ReadonlyMap<string, number>): Map<string, number> {
  const ranked = [...held].sort(([a, heldByA], [b, heldByB]) => heldByB - heldByA || (a < b ? -1 : 1));
  const [each, rest] = [Math.floor(total / ranked.length), total % ranked.length];
  return new Map(ranked.map(([member], rank) => [member, each + (rank < rest ? 1 : 0)]));
}
