import type { Clock } from '../../clock.ts';
import { OcelliError } from '../../errors.ts';
import type { BusItem } from '../../frames/frame.ts';
import { joinGaps } from '../../frames/gap-run.ts';
import type { Log } from '../../log/log.ts';
import { lastPlace } from '../../records/place.ts';
import { covers } from '../../records/place-rule.ts';
import type { Answered, DetectionsTopicRecord } from './camera-order.ts';

/** What the writer tells of a partition of `detections`. Be quick, never throw. */
export interface WriterObserver {
  /** The record of an item is committed and can be read; also when it had come into the log without our hearing of it. */
  committed(item: BusItem, record: DetectionsTopicRecord): void;
  /** A record could not be written, and trying again will not help. Nothing more is written. */
  broken(error: unknown): void;
  /** The log does not answer: what comes is held. */
  away(partition: number, error: OcelliError): void;
  /** The log answers again, and everything held is written. */
  back(partition: number): void;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
const CHUNK_RECORDS = 256;

/**
 * Writes what the detect stage answers into one partition, in order, and holds it while the log is away.
 *
 *   writing ──LOG_UNAVAILABLE──▶ away: what is not committed is held, in order, and what comes is put behind it
 *      ▲                          │  pause, then: resume, ask how far the log reaches, drop what it has, write the rest
 *      └──── nothing is held ─────┘
 *
 * Whether the batch that failed came into the log is open; the log itself tells, by place. Gaps that follow each other are held as one.
 */
export class DetectionsWriter {
  private readonly log: Log;
  private readonly partition: number;
  private readonly clock: Clock;
  private readonly observer: WriterObserver;
  /** On their way to the log, in order; after a failure, whatever became of them. */
  private sent: Answered[] = [];
  /** Behind those, never sent. */
  private held: Answered[] = [];
  private readonly appends = new Set<Promise<void>>();
  private state: 'writing' | 'away' | 'broken' = 'writing';
  private pauseMs = FIRST_PAUSE_MS;
  private cancelPause = () => {};
  private settled = Promise.withResolvers<void>();

  constructor(log: Log, partition: number, clock: Clock, observer: WriterObserver) {
    this.log = log;
    this.partition = partition;
    this.clock = clock;
    this.observer = observer;
  }

  get isAway(): boolean {
    return this.state === 'away';
  }

  write(answered: readonly Answered[]): void {
    if (this.state === 'broken') return;
    if (this.state === 'away') {
      for (const one of answered) this.hold(one);
      return;
    }
    this.sent.push(...answered);
    const append = this.append(answered).finally(() => this.appends.delete(append));
    this.appends.add(append);
  }

  /** Resolves when nothing is open, or nothing more will be written. */
  async idle(): Promise<void> {
    while (this.sent.length + this.held.length > 0 && this.state !== 'broken') await this.settled.promise;
  }

  /** Gives up what is open. */
  stop(): void {
    this.state = 'broken';
    this.cancelPause();
    this.tellSettled();
  }

  private async append(answered: readonly Answered[]): Promise<void> {
    try {
      await this.log.append(
        'detections',
        this.partition,
        answered.map(({ record }) => record),
      );
    } catch (error) {
      this.failed(error);
      return;
    }
    // Appends are committed in their order, so these are the first.
    this.sent.splice(0, answered.length);
    this.committed(answered);
  }

  private committed(answered: readonly Answered[]): void {
    for (const { item, record } of answered) this.observer.committed(item, record);
    this.tellSettled();
  }

  /** Of several appends that fail together only the first says so: the log refuses those behind it. */
  private failed(error: unknown): void {
    if (this.state !== 'writing') return;
    if (!isAway(error)) {
      this.stop();
      this.observer.broken(error);
      return;
    }
    this.state = 'away';
    this.pauseMs = FIRST_PAUSE_MS;
    this.observer.away(this.partition, error);
    this.pause();
  }

  private hold(answered: Answered): void {
    const { record } = answered;
    const last = this.held.findLastIndex((one) => one.record.camera === record.camera);
    const before = this.held[last]?.record;
    const joined = before?.type === 'gap' && record.type === 'gap' ? joinGaps(before, record) : undefined;
    if (joined !== undefined) this.held[last] = { item: joined, record: joined };
    else this.held.push(record.type === 'gap' ? { item: record, record } : answered);
  }

  private pause(): void {
    this.cancelPause = this.clock.after(this.pauseMs, () => void this.comeBack());
    this.pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * this.pauseMs);
  }

  private async comeBack(): Promise<void> {
    try {
      await Promise.all(this.appends);
      this.log.resume('detections', this.partition);
      await this.takeUnwritten();
      while (this.held.length > 0 && this.state === 'away') await this.writeHeld();
    } catch (error) {
      if (this.state !== 'away') return;
      if (isAway(error)) return this.pause();
      this.stop();
      this.observer.broken(error);
      return;
    }
    if (this.state !== 'away') return;
    this.state = 'writing';
    this.observer.back(this.partition);
  }

  /** Of what was sent, holds what did not come into the log; some may have come although its append failed. */
  private async takeUnwritten(): Promise<void> {
    const reach = await this.log.progress('detections', this.partition);
    const isWritten = ({ record }: Answered) => covers(reach.get(record.camera), lastPlace(record));
    const sent = this.sent.splice(0);
    this.held.unshift(...sent.filter((one) => !isWritten(one)));
    this.committed(sent.filter(isWritten));
  }

  /** The next records that are held; taken out first, so that what comes meanwhile joins none of them. */
  private async writeHeld(): Promise<void> {
    const chunk = this.held.splice(0, CHUNK_RECORDS);
    try {
      await this.log.append(
        'detections',
        this.partition,
        chunk.map(({ record }) => record),
      );
    } catch (error) {
      this.sent = chunk;
      throw error;
    }
    this.committed(chunk);
  }

  private tellSettled(): void {
    this.settled.resolve();
    this.settled = Promise.withResolvers();
  }
}

function isAway(error: unknown): error is OcelliError {
  return error instanceof OcelliError && error.code === 'LOG_UNAVAILABLE';
}
