import type { Progress } from '../records/place-rule.ts';
import type { RecordOf, Topic } from '../records/topic.ts';

/** Where a record stands in a partition of a topic: rises by at least one from record to record. */
export type Position = number;

export interface Entry<T extends Topic = Topic> {
  readonly position: Position;
  readonly record: RecordOf<T>;
}

/** The first position that is still there, and the one that the next record will get. */
export interface Bounds {
  readonly start: Position;
  readonly end: Position;
}

export interface ReadRequest {
  /** First position wanted. Below `start` of the bounds: LOG_POSITION_LOST. */
  readonly from: Position;
  readonly limit: number;
  /** Only records of this camera. */
  readonly camera?: string;
}

/**
 * The log: topics of records, in order, kept on disk. A record can be read when it is committed, never before. Two implementations
 * (SQLite and Kafka) share one behaviour suite, `test/suites/log.suite.ts`.
 */
export interface Log {
  /** How many partitions a topic has. A camera's records all lie in one. */
  readonly partitions: number;
  partitionOf(camera: string): number;
  /**
   * Takes records to write. Records of one partition are committed in the order of the calls, those of one call together. Resolves with
   * their positions when they are committed; rejects when they will never be: whoever wrote them must stop and go on from what is
   * committed, and every later append of the same partition and topic is refused until `open` again, so nothing is written past a hole.
   */
  append<T extends Topic>(topic: T, partition: number, records: readonly RecordOf<T>[]): Promise<readonly Position[]>;
  /** Committed records from a position on, at most `limit`. Empty at the end. `next` is where to go on, also past records of other cameras. */
  read<T extends Topic>(
    topic: T,
    partition: number,
    request: ReadRequest,
  ): Promise<{ readonly entries: readonly Entry<T>[]; readonly next: Position }>;
  bounds(topic: Topic, partition: number): Promise<Bounds>;
  /** Position of the first record written for a camera with at least this event time, or the end. */
  seekTime(topic: Topic, partition: number, time: number, camera?: string): Promise<Position>;
  /** How far each camera's records in a topic reach: what a writer must not write again. Survives retention. */
  progress(topic: Topic, partition: number): Promise<ReadonlyMap<string, Progress>>;
  /** Calls back (soon, coalesced) after records of the partition were committed; the returned function ends it. */
  onCommit(topic: Topic, partition: number, listener: () => void): () => void;
  /** Commits what was taken, then closes. */
  close(): Promise<void>;
}
