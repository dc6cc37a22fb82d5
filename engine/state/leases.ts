import type { Sessions } from './sessions.ts';

/**
 * Who works on what, among several processes: cameras, site tasks, the warden. Implementations share `test/suites/leases.suite.ts`.
 * A lease only keeps work from being done twice; that results stay exact when it is done twice all the same (a process that stood still)
 * is the work of sessions and of the fence in the state store.
 */
export interface Leases {
  /** Takes the lease of a name for `ttlMs`; `undefined` when somebody holds it. Two calls never get it both. */
  acquire(name: string, ttlMs: number): Promise<Lease | undefined>;
  /** Who holds which of these names, by name; names that nobody holds are left out. */
  list(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Says for `ttlMs` that this member is there. `facts` are for the others to read, such as its roles. */
  announce(facts: Readonly<Record<string, string>>, ttlMs: number): Promise<void>;
  /** Says that this member is gone. */
  leave(): Promise<void>;
  /** Who is there, and what they say about themselves, by member. */
  members(): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>>;
  /** The clock that all members have in common, that of the store: milliseconds since 1970. */
  nowMs(): Promise<number>;
}

/** A name that this member holds. It does not watch the time: that is what `LeaseKeeper` is for. */
export interface Lease {
  readonly name: string;
  /** The last event time that was kept under the lease of this camera, in milliseconds since 1970: the next session begins above it. */
  readonly lastTime: number | undefined;
  /** The sessions of the camera, for who holds its lease only: anybody else gets LEASE_LOST. So a superseded holder never has the newest one. */
  readonly sessions: Sessions;
  /** Prolongs it, from now on, by the time that it was acquired for; keeps `lastTime`, which never falls. False: it is lost. */
  renew(lastTime?: number): Promise<boolean>;
  /** Gives it back. Nothing happens when it is lost. */
  release(): Promise<void>;
}
