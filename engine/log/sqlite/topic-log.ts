import type { OcelliError } from '../../errors.ts';
import type { Progress } from '../../records/place-rule.ts';
import type { Topic } from '../../records/topic.ts';
import type { Connection } from '../../sqlite/connection.ts';
import { advance } from '../advance.ts';
import type { Position } from '../log.ts';
import { type RecentLimits, RecentRecords } from '../recent-records.ts';
import type { RecordRow } from '../record-row.ts';
import { readBounds, readProgress } from './read-topic.ts';
import { createTopicTable, insertRows, saveProgress } from './topic-table.ts';

/**
 * What the writer knows of one topic. Writing has two steps, so that memory never runs ahead of the file: `write` inside the
 * transaction, and what it returns after the transaction was committed.
 */
export class TopicLog {
  readonly topic: Topic;
  readonly recent: RecentRecords;
  /** Why appends are refused until the writer resumes. */
  refusal: OcelliError | undefined;
  private readonly connection: Connection;
  private readonly known: Map<string, Progress>;
  private end: Position;

  /** Makes the topic's table when it is not there; within a transaction. */
  constructor(connection: Connection, topic: Topic, limits: RecentLimits) {
    createTopicTable(connection, topic);
    this.connection = connection;
    this.topic = topic;
    this.end = readBounds(connection, topic).end;
    this.known = readProgress(connection, topic);
    this.recent = new RecentRecords(this.end, limits);
  }

  get progress(): ReadonlyMap<string, Progress> {
    return new Map(this.known);
  }

  /** Writes the rows; the returned function, for after the commit, takes them into memory and answers the position of the first. */
  write(rows: readonly RecordRow[], writtenAt: number): () => Position {
    const from = this.end;
    const changed = advance(this.known, rows);
    insertRows(this.connection, this.topic, rows, from, writtenAt);
    saveProgress(this.connection, this.topic, changed);
    return () => {
      for (const [camera, progress] of changed) this.known.set(camera, progress);
      this.recent.push(rows);
      this.end += rows.length;
      return from;
    };
  }

  /** Lets go in memory of what retention, in another thread, has taken from the file. */
  forgetRemoved(): void {
    this.recent.forgetBefore(readBounds(this.connection, this.topic).start);
  }
}
