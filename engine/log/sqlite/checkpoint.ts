import type { Connection } from '../../sqlite/connection.ts';

/** Pages of the write-ahead log that are worth a checkpoint (4 MiB), and those that are worth holding writers back for a moment (16 MiB). */
const WORTH_PAGES = 1_024;
const LONG_PAGES = 4_096;
/** How long the second step may wait, holding writers back, for a reader that is in its way. */
const HOLD_MS = 50;

export interface CheckpointReport {
  /** Length of the write-ahead log, in pages, and how much of it is in the database file. */
  readonly pages: number;
  readonly checkpointed: number;
}

/**
 * Moves the write-ahead log into the database file when there is enough of it. The first step lets writers go on; under a steady load
 * they would then never begin the log anew and it would grow without end, so a long one is finished by a second step that holds them
 * back while the few pages since then are moved.
 */
export function checkpoint(connection: Connection): CheckpointReport {
  const before = step(connection, 'NOOP');
  if (before.pages - before.checkpointed < WORTH_PAGES) return before;
  const moved = step(connection, 'PASSIVE');
  return moved.pages < LONG_PAGES ? moved : restart(connection);
}

function restart(connection: Connection): CheckpointReport {
  const busyMs = connection.number('PRAGMA busy_timeout');
  connection.exec(`PRAGMA busy_timeout = ${HOLD_MS}`);
  try {
    return step(connection, 'RESTART');
  } finally {
    connection.exec(`PRAGMA busy_timeout = ${busyMs}`);
  }
}

/** https://www.sqlite.org/pragma.html#pragma_wal_checkpoint; a SQLite before 3.51 takes NOOP for PASSIVE, which is as right. */
function step(connection: Connection, mode: 'NOOP' | 'PASSIVE' | 'RESTART'): CheckpointReport {
  const row = connection.get<{ log: number; checkpointed: number }>(`PRAGMA wal_checkpoint(${mode})`);
  return { pages: row?.log ?? 0, checkpointed: row?.checkpointed ?? 0 };
}
