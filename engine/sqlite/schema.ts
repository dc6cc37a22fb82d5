import type { Connection } from './connection.ts';

/** Marks a file as ours in its header ("Ocel"), https://www.sqlite.org/fileformat.html#application_id */
export const APPLICATION_ID = 0x4f63656c;

/** One step of the schema; runs inside the transaction that raises the version. */
export type Migration = (connection: Connection) => void;

/**
 * The schema, step by step: the n-th step makes version n out of version n - 1. A published step is never changed.
 * Each topic has a table of its own besides these, made by the log when it first sees the topic (engine/log/sqlite/topic-table.ts).
 *
 *   topics       where each topic begins and which position comes next; outlives the records
 *   progress     how far each camera's records reach in a topic; outlives the records
 *   tasks        which owner a task has, and up to which position its input is in its state
 *   task_state   the state, one row a key
 *   state_rows   readable rows that tasks keep for other programs:
 *                SELECT row, fields ->> 'count' FROM state_rows WHERE name = 'windows'
 *   sessions     the last session of each camera; `recording` is the fingerprint of a recording, NULL for a live camera
 */
export const MIGRATIONS: readonly Migration[] = [
  (connection) =>
    connection.exec(`
      CREATE TABLE topics (topic TEXT PRIMARY KEY, first_position INTEGER NOT NULL, next_position INTEGER NOT NULL) STRICT;
      CREATE TABLE progress (
        topic TEXT NOT NULL, camera TEXT NOT NULL, session INTEGER NOT NULL, seq INTEGER NOT NULL, time INTEGER NOT NULL,
        PRIMARY KEY (topic, camera)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE tasks (task TEXT PRIMARY KEY, epoch INTEGER NOT NULL, token TEXT NOT NULL, position INTEGER NOT NULL) STRICT;
      CREATE TABLE task_state (task TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (task, key)) STRICT;
      CREATE TABLE state_rows (name TEXT NOT NULL, row TEXT NOT NULL, fields TEXT NOT NULL, PRIMARY KEY (name, row)) STRICT;
      CREATE TABLE sessions (camera TEXT PRIMARY KEY, session INTEGER NOT NULL, recording TEXT, ended INTEGER NOT NULL) STRICT;
    `),
];
