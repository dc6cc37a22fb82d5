import { hostname } from 'node:os';
import { type Clock, pause } from '../engine/clock.ts';
import { fateOf, OcelliError } from '../engine/errors.ts';
import type { Member } from './member.ts';
import type { MemberFacts } from './member-facts.ts';

const LOOK_MS = 500;

type Kind = 'whole' | 'roles';

/**
 * A whole site in one process takes every camera and every task for itself, so it cannot stand beside members with roles, nor beside
 * another whole site. Somebody who was killed is still on the list for a while: who says nothing new before it runs out is dead.
 *
 * @param signal gives up
 * @throws OcelliError CLUSTER_TAKEN as soon as one of the other kind has said something new
 */
export async function refuseOtherKind(member: Member, kind: Kind, clock: Clock, signal?: AbortSignal): Promise<void> {
  let before = await othersOf(member, kind, clock, signal);
  while (before.size > 0 && !signal?.aborted) {
    await pause(clock, LOOK_MS);
    const now = await othersOf(member, kind, clock, signal);
    const alive = [...now].find(([id, { nowMs }]) => before.has(id) && before.get(id)?.nowMs !== nowMs);
    if (alive !== undefined) throw taken(kind, ...alive);
    before = now;
  }
}

async function othersOf(member: Member, kind: Kind, clock: Clock, signal?: AbortSignal): Promise<Map<string, MemberFacts>> {
  const there = [...(await membersOf(member, clock, signal))].filter((entry): entry is [string, MemberFacts] => entry[1] !== undefined);
  return new Map(there.filter(([, facts]) => conflicts(kind, facts) && !isDead(facts)));
}

/** A state store that is away is waited for; whoever looks after it says so. */
async function membersOf(member: Member, clock: Clock, signal?: AbortSignal): ReturnType<Member['members']> {
  for (;;) {
    try {
      return await member.members();
    } catch (error) {
      if (fateOf(error) !== 'retry' || signal?.aborted) throw error;
      await pause(clock, LOOK_MS);
    }
  }
}

function conflicts(kind: Kind, { roles }: MemberFacts): boolean {
  return kind === 'whole' || roles.includes('all');
}

/** Of this machine we know at once: whoever had our own number, or one that nobody has any more, was killed. */
function isDead({ host, pid }: MemberFacts): boolean {
  return host === hostname() && (pid === process.pid || !runs(pid));
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function taken(kind: Kind, id: string, { roles, host, pid }: MemberFacts): OcelliError {
  const other = `process ${pid} on ${host}`;
  const sentence = roles.includes('all')
    ? `A whole site runs on this log and state already: ${other}. End it first, or give this one another prefix in both \`log:\` and \`state:\`.`
    : `Members with roles run on this log and state: ${other} (--role ${roles.join(',')}). ${kind === 'whole' ? 'Start this one with --role too, or end them first.' : ''}`;
  return new OcelliError('CLUSTER_TAKEN', sentence.trim(), { member: id, host, pid, roles });
}
