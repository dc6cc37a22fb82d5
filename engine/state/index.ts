export { fairShare, type ShareDecision, type ShareView } from './fair-share.ts';
export { type KeepOptions, LeaseKeeper } from './lease-keeper.ts';
export type { Lease, Leases } from './leases.ts';
export { LeaseTable } from './memory-leases.ts';
export { openRedisState, type RedisSettings, type RedisState, type RedisStateOptions, type RedisTrouble } from './redis-door.ts';
export type { LastKnown, RecordingSessionStart, Sessions } from './sessions.ts';
export { SqliteSessions } from './sqlite/sqlite-sessions.ts';
export { SqliteStateStore } from './sqlite/sqlite-state-store.ts';
export type { Ownership, StateStore, TableChange, TableRow } from './state-store.ts';
