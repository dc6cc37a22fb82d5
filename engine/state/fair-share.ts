import { evenShares } from '../log/even-shares.ts';

/** What a member sees before it decides. */
export interface ShareView {
  /** The member that decides. */
  readonly me: string;
  /** All members that are there; `me` counts whether it is among them or not. */
  readonly members: Iterable<string>;
  /** What is shared, in an order that is the same for all. */
  readonly names: readonly string[];
  /** Who holds what. */
  readonly holders: ReadonlyMap<string, string>;
}

export interface ShareDecision {
  /** Names to acquire now. */
  readonly take: readonly string[];
  /** Names to give back now. */
  readonly give: readonly string[];
}

/**
 * Who takes how many: even shares (see there). Names are given
 * back only when somebody else is below a share, so nothing moves while all have theirs. Every member decides for itself; when all see
 * the same, the shares are exact, and otherwise they are after the next look.
 *
 * What only one member can work on (a file that lies on its disk) is not shared: leave it out, and take it when it is free.
 */
export function fairShare({ me, members, names, holders }: ShareView): ShareDecision {
  const held = heldBy(names, holders);
  const mine = held.get(me) ?? [];
  const counts = [...new Set([...members, me])].map((member) => [member, held.get(member)?.length ?? 0] as const);
  const shares = evenShares(names.length, new Map(counts));
  const share = shares.get(me) ?? 0;
  const free = names.filter((name) => !holders.has(name));
  const missing = [...shares].reduce((sum, [member, size]) => sum + Math.max(0, size - (held.get(member)?.length ?? 0)), 0);
  const surplus = Math.max(0, Math.min(mine.length - share, missing - free.length));
  return { take: free.slice(0, Math.max(0, share - mine.length)), give: mine.slice(mine.length - surplus) };
}

function heldBy(names: readonly string[], holders: ReadonlyMap<string, string>): Map<string, string[]> {
  const held = new Map<string, string[]>();
  for (const name of names) {
    const holder = holders.get(name);
    if (holder !== undefined) held.set(holder, [...(held.get(holder) ?? []), name]);
  }
  return held;
}
