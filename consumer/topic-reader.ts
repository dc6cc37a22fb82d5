import { admit, lostGap, type Progress } from '../engine/records/place-rule.ts';
import type { GapRecord } from '../engine/records/record.ts';
import type { RecordOf } from '../engine/records/topic.ts';
import { readRecord } from './read-record.ts';

/** A topic that tells the whole account of a camera: records, gaps and marks. */
export type AccountTopic = 'detections' | 'tracks';

/** How far a reader has taken a camera's records. Keep it together with your results. */
export interface CameraProgress extends Progress {
  readonly camera: string;
}

export interface Taken<T extends AccountTopic = AccountTopic> {
  /** The record; a gap that begins in known places is cut to what is new. */
  readonly record: RecordOf<T>;
  /** Stands for places before it that no record covered: they were lost on the way here. It belongs before the record. */
  readonly lost?: GapRecord;
}

/**
 * Takes the records of a topic and gives each place once, whatever comes again: after a crash, a rebalance, a resume from further back.
 * A camera's records must come in their order, as they stand in a partition or a stream.
 */
export class TopicReader<T extends AccountTopic = AccountTopic> {
  private readonly topic: T;
  private readonly cameras: Map<string, Progress>;

  /** @param known what `progress` gave when the results were kept; nothing at the first start */
  constructor(topic: T, known: Iterable<CameraProgress> = []) {
    this.topic = topic;
    this.cameras = new Map([...known].map(({ camera, session, seq, time }) => [camera, { session, seq, time }]));
  }

  /**
   * The next record, or `undefined` when it is known already. Of a camera that was not known, the first record may stand anywhere: the
   * reader began in the middle.
   * @param json the value of a Kafka message, or a line of NDJSON
   * @throws RecordInvalid
   */
  take(json: string): Taken<T> | undefined {
    const read = readRecord(this.topic, json);
    const before = this.cameras.get(read.camera);
    const { record, hole, progress } = admit(read, before);
    if (record === undefined) return undefined;
    this.cameras.set(read.camera, progress);
    return before === undefined || hole === undefined ? { record } : { record, lost: lostGap(hole, read, before) };
  }

  /** How far each camera is taken. */
  progress(): CameraProgress[] {
    return [...this.cameras].map(([camera, progress]) => ({ camera, ...progress }));
  }
}

/**
 * Where to go on over HTTP (`from=`): the time that the camera furthest behind has reached, in milliseconds since 1970. Work it out and
 * keep it when a request without `follow` has come to its end: only then no camera is unknown that lies in another partition. Records from
 * there on come again, and a `TopicReader` drops them. `undefined`: begin at the beginning.
 */
export function resumeTime(known: Iterable<CameraProgress>): number | undefined {
  const times = [...known].map(({ time }) => time);
  return times.length === 0 ? undefined : Math.min(...times);
}
