import type { Progress } from '../../records/place-rule.ts';
import type { Topic } from '../../records/topic.ts';
import type { Connection } from '../../sqlite/connection.ts';
import type { Position } from '../log.ts';
import type { RecordRow } from '../record-row.ts';

/**
 * The table of a topic, one row a record, in the order of `position`: an ordinary rowid table, since records of 1 KB make WITHOUT ROWID
 * four times as large. The index by camera serves both reading one camera and finding a time in it (time never falls within a camera).
 */
export function topicTable(topic: Topic): string {
  return `log_${topic.replaceAll('-', '_')}`;
}

/** Makes a topic that is not there yet. */
export function createTopicTable(connection: Connection, topic: Topic): void {
  const table = topicTable(topic);
  connection.exec(`
    CREATE TABLE IF NOT EXISTS ${table} (
      position INTEGER PRIMARY KEY, camera TEXT NOT NULL, session INTEGER NOT NULL, first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL,
      time INTEGER NOT NULL, until INTEGER NOT NULL, written_at INTEGER NOT NULL, body TEXT NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS ${table}_camera ON ${table} (camera);
  `);
  connection.run('INSERT OR IGNORE INTO topics VALUES (?, 0, 0)', topic);
}

/** Writes rows from a position on, and moves the topic's end; within a transaction. `writtenAt` is what retention counts from. */
export function insertRows(connection: Connection, topic: Topic, rows: readonly RecordRow[], from: Position, writtenAt: number): void {
  const insert = `INSERT INTO ${topicTable(topic)} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
  for (const [index, { record, session, firstSeq, lastSeq, time, until, body }] of rows.entries()) {
    connection.run(insert, from + index, record.camera, session, firstSeq, lastSeq, time, until, writtenAt, body);
  }
  connection.run('UPDATE topics SET next_position = ? WHERE topic = ?', from + rows.length, topic);
}

/** Keeps how far cameras reach, in the transaction that writes their records. */
export function saveProgress(connection: Connection, topic: Topic, changed: ReadonlyMap<string, Progress>): void {
  for (const [camera, { session, seq, time }] of changed) {
    connection.run('INSERT OR REPLACE INTO progress VALUES (?, ?, ?, ?, ?)', topic, camera, session, seq, time);
  }
}
