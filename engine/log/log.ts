import type { Progress } from '../records/place-rule.ts';
import type { RecordOf, Topic } from '../records/topic.ts';

/** Where a record stands in a partition of a topic: begins at 0 and rises by at least one from record to record. */
export type Position = number;

export interface Entry<T extends Topic = Topic> {
  readonly position: Position;
  /** Shared between all readers: never change it. */
  readonly record: RecordOf<T>;
}

/** The first position that is still there, and the one that the next record will get. Both survive retention and a restart. */
export interface Bounds {
  readonly start: Position;
  readonly end: Position;
}

export interface ReadRequest {
  /** First position wanted, from `start` to `end` of the bounds; anything else is LOG_POSITION_LOST. */
  readonly from: Position;
  /** At most so many records, at least 1. Fewer may come before the end is reached; `next` says where to go on. */
  readonly limit: number;
  /** Only records of this camera. */
  readonly camera?: string;
}

export interface ReadResult<T extends Topic = Topic> {
  readonly entries: readonly Entry<T>[];
  /** Where to go on, also past records of other cameras. Equal to `from` only at the end. */
  readonly next: Position;
}

/** The reading side of a log. Readers see only what is committed. */
export interface LogReader {
  /** How many partitions a topic has. A camera's records all lie in one. */
  readonly partitions: number;
  /** The partition of a camera that was assigned or located before; throws for any other. */
  partitionOf(camera: string): number;
  /** As `partitionOf`, looked up where it is not known yet. `undefined`: the camera has none that this reader can learn of. */
  locate(camera: string): Promise<number | undefined>;
  /**
   * Committed records from a position on. Empty at the end, or where none of the camera's came up to `next`.
   * Throws LOG_POSITION_LOST (context: `start`, `end`) outside the bounds, and RECORD_INVALID (context: `position`) when the record at
   * the first position to be answered cannot be parsed; those before it are answered first, so a reader can go on behind it.
   */
  read<T extends Topic>(topic: T, partition: number, request: ReadRequest): Promise<ReadResult<T>>;
  bounds(topic: Topic, partition: number): Promise<Bounds>;
  /**
   * Position of the first record, of one camera or of any, that reaches at least this event time (of a gap counts `until`: a gap that
   * spans the time is found); the end if there is none. Relies on `time` never falling within a camera (DESIGN, promise 3).
   */
  seekTime(topic: Topic, partition: number, time: number, camera?: string): Promise<Position>;
  /** How far each camera's records in a topic reach: what a writer must not write again. Survives retention. */
  progress(topic: Topic, partition: number): Promise<ReadonlyMap<string, Progress>>;
  /** Calls back (soon, coalesced) after records of the partition were committed; the returned function ends it. */
  onCommit(topic: Topic, partition: number, listener: () => void): () => void;
  close(): Promise<void>;
}

/**
 * The log: topics of records, in order, kept on disk. A record can be read when it is committed, never before. Two implementations
 * (SQLite and Kafka) share one behaviour suite, `test/suites/log.suite.ts`.
 */
export interface Log extends LogReader {
  /** Gives cameras their partitions, for good. Before the first record of a camera is written. */
  assign(cameras: readonly string[]): Promise<void>;
  /**
   * Takes records to write. Records of one partition are committed in the order of the calls, those of one call together. Resolves with
   * their positions when they are committed; rejects when they will never be: whoever wrote them must stop and go on from what is
   * committed (`progress`). Until it says so with `resume`, every later append to this topic and partition is refused, so nothing is
   * written past a hole. LOG_FULL: there is no room; try again later. The records must not change after the call.
   */
  append<T extends Topic>(topic: T, partition: number, records: readonly RecordOf<T>[]): Promise<readonly Position[]>;
  /** After a refusal: the writer has gone back to what is committed and will go on from there. Without a refusal it does nothing. */
  resume(topic: Topic, partition: number): void;
  /** Commits what was taken, then closes. */
  close(): Promise<void>;
}
