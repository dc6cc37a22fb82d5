export type { LastKnown, RecordingSessionStart, Sessions } from './sessions.ts';
export { SqliteSessions } from './sqlite/sqlite-sessions.ts';
export { SqliteStateStore } from './sqlite/sqlite-state-store.ts';
export type { Ownership, StateStore, TableChange, TableRow } from './state-store.ts';
