import type { Clock } from '../clock.ts';
import { leaseLost } from './lease-lost.ts';
import type { Lease, Leases } from './leases.ts';
import type { Sessions } from './sessions.ts';

interface Holding {
  readonly holder: string;
  readonly token: symbol;
  readonly untilMs: number;
}

interface Presence {
  readonly facts: Readonly<Record<string, string>>;
  readonly untilMs: number;
}

/**
 * Leases inside one process, which is all that the embedded deployment has: its database is locked against a second one. They end with
 * the process; sessions are those of the store.
 */
export class LeaseTable {
  readonly sessions: Sessions;
  private readonly clock: Clock;
  private readonly holdings = new Map<string, Holding>();
  private readonly presences = new Map<string, Presence>();
  private readonly lastTimes = new Map<string, number>();

  constructor({ clock, sessions }: { readonly clock: Clock; readonly sessions: Sessions }) {
    this.clock = clock;
    this.sessions = sessions;
  }

  /** The leases as one member sees them. */
  of(member: string): Leases {
    return new MemoryLeases(this, member);
  }

  holding(name: string): Holding | undefined {
    return present(this.holdings, name, this.clock.monotonic());
  }

  hold(name: string, holder: string, token: symbol, ttlMs: number): void {
    this.holdings.set(name, { holder, token, untilMs: this.clock.monotonic() + ttlMs });
  }

  free(name: string): void {
    this.holdings.delete(name);
  }

  lastTime(name: string): number | undefined {
    return this.lastTimes.get(name);
  }

  keepTime(name: string, time: number): void {
    this.lastTimes.set(name, Math.max(time, this.lastTimes.get(name) ?? time));
  }

  announce(member: string, facts: Readonly<Record<string, string>>, ttlMs: number): void {
    this.presences.set(member, { facts, untilMs: this.clock.monotonic() + ttlMs });
  }

  nowMs(): number {
    return this.clock.now();
  }

  leave(member: string): void {
    this.presences.delete(member);
  }

  members(): Map<string, Readonly<Record<string, string>>> {
    const nowMs = this.clock.monotonic();
    const here = [...this.presences].filter(([member]) => present(this.presences, member, nowMs) !== undefined);
    return new Map(here.map(([member, { facts }]) => [member, facts]));
  }
}

/** What is kept under a name, unless its time is over. */
function present<T extends { readonly untilMs: number }>(kept: Map<string, T>, name: string, nowMs: number): T | undefined {
  const found = kept.get(name);
  return found !== undefined && found.untilMs > nowMs ? found : undefined;
}

class MemoryLeases implements Leases {
  private readonly table: LeaseTable;
  private readonly member: string;

  constructor(table: LeaseTable, member: string) {
    this.table = table;
    this.member = member;
  }

  async acquire(name: string, ttlMs: number): Promise<Lease | undefined> {
    if (this.table.holding(name) !== undefined) return undefined;
    return new MemoryLease(this.table, this.member, name, ttlMs);
  }

  async list(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return new Map(names.flatMap((name) => this.holderOf(name)));
  }

  async announce(facts: Readonly<Record<string, string>>, ttlMs: number): Promise<void> {
    this.table.announce(this.member, facts, ttlMs);
  }

  async leave(): Promise<void> {
    this.table.leave(this.member);
  }

  async members(): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> {
    return this.table.members();
  }

  async nowMs(): Promise<number> {
    return this.table.nowMs();
  }

  private holderOf(name: string): [name: string, holder: string][] {
    const holding = this.table.holding(name);
    return holding === undefined ? [] : [[name, holding.holder]];
  }
}

class MemoryLease implements Lease {
  readonly name: string;
  readonly lastTime: number | undefined;
  readonly sessions: Sessions;
  private readonly table: LeaseTable;
  private readonly member: string;
  private readonly ttlMs: number;
  private readonly token = Symbol('lease');

  constructor(table: LeaseTable, member: string, name: string, ttlMs: number) {
    this.table = table;
    this.member = member;
    this.name = name;
    this.ttlMs = ttlMs;
    this.lastTime = table.lastTime(name);
    this.sessions = sessionsOfHolder(table.sessions, () => this.isHeld);
    table.hold(name, member, this.token, ttlMs);
  }

  async renew(lastTime?: number): Promise<boolean> {
    if (!this.isHeld) return false;
    this.table.hold(this.name, this.member, this.token, this.ttlMs);
    if (lastTime !== undefined) this.table.keepTime(this.name, lastTime);
    return true;
  }

  async release(): Promise<void> {
    if (this.isHeld) this.table.free(this.name);
  }

  private get isHeld(): boolean {
    return this.table.holding(this.name)?.token === this.token;
  }
}

function sessionsOfHolder(sessions: Sessions, isHeld: () => boolean): Sessions {
  const held = async <T>(camera: string, work: () => Promise<T>): Promise<T> => {
    if (isHeld()) return work();
    throw leaseLost(camera);
  };
  return {
    beginLive: (camera, nowMs) => held(camera, () => sessions.beginLive(camera, nowMs)),
    beginRecording: (camera, fingerprint) => held(camera, () => sessions.beginRecording(camera, fingerprint)),
    endRecording: (camera, session) => held(camera, () => sessions.endRecording(camera, session)),
    closeRecording: (camera, session) => held(camera, () => sessions.closeRecording(camera, session)),
  };
}
