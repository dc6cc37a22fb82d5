import { OcelliError, sentenceOf } from '../../errors.ts';
import type { Progress } from '../../records/place-rule.ts';
import type { Topic } from '../../records/topic.ts';
import { CommitListeners } from '../commit-listeners.ts';
import { type Append, GroupCommit } from '../group-commit.ts';
import type { Bounds, Position, ReadRequest, ReadResult } from '../log.ts';
import { parsePage } from '../parse-page.ts';
import { type RecentLimits, RecentRecords } from '../recent-records.ts';
import type { RecordRow } from '../record-row.ts';
import { MAX_BATCH_BYTES } from './kafka-settings.ts';
import type { PartitionProducer } from './partition-producer.ts';
import type { PartitionProgress } from './partition-progress.ts';
import { readStored, type StoredPage } from './read-partition.ts';
import { OutOfRange, type PartitionName, type Requests, SequenceLost } from './requests.ts';
import { seekTime } from './seek-time.ts';
import type { WriteBuffer } from './write-buffer.ts';

/** A page ends at about so much JSON, so that parsing it never holds the thread up for more than about 2 ms. */
const PAGE_BYTES = 128 * 1024;
/** Looking for one camera's records costs no parsing of the others. */
const SCAN_BYTES = 2 ** 20;
const RECENT: RecentLimits = { records: 1_024, bytes: 2 ** 20 };
/** Header of a batch, and of each record in it, at most. */
const BATCH_HEADER_BYTES = 61;
const RECORD_HEADER_BYTES = 36;

export interface TopicPartitionNeeds {
  readonly topic: Topic;
  readonly name: PartitionName;
  readonly requests: Requests;
  readonly producer: PartitionProducer;
  readonly progress: PartitionProgress;
  readonly buffer: WriteBuffer;
}

/** One partition of one topic: what is written into it, what is known of it, who listens. */
export class TopicPartition {
  readonly name: PartitionName;
  private readonly needs: TopicPartitionNeeds;
  private readonly groupCommit = new GroupCommit((batch) => this.commit(batch));
  private readonly listeners = new CommitListeners();
  private recent: RecentRecords | undefined;
  private knownEnd: Position | undefined;
  private refusal: OcelliError | undefined;

  constructor(needs: TopicPartitionNeeds) {
    this.needs = needs;
    this.name = needs.name;
  }

  /** The end as last heard of; undefined before anything was heard. */
  get end(): Position | undefined {
    return this.knownEnd;
  }

  /** An end that somebody heard of: whoever listens is told when it is news. */
  learnEnd(end: Position): void {
    const news = this.knownEnd !== undefined && end > this.knownEnd;
    this.knownEnd = Math.max(end, this.knownEnd ?? 0);
    if (news) this.listeners.tell(this.needs.topic);
  }

  onCommit(listener: () => void): () => void {
    return this.listeners.add(this.needs.topic, listener);
  }

  async append(rows: readonly RecordRow[]): Promise<readonly Position[]> {
    const { topic, buffer } = this.needs;
    if (this.refusal !== undefined) throw refused(this.name, this.refusal);
    if (rows.length === 0) return [];
    const bytes = batchBytes(rows);
    if (bytes > MAX_BATCH_BYTES) throw this.refuseFrom(tooLarge(this.name, bytes));
    if (!buffer.take(bytes)) throw this.refuseFrom(buffer.full(this.name.topic));
    const appended = new Promise<readonly Position[]>((resolve, reject) => this.groupCommit.add({ topic, rows, resolve, reject }));
    return appended.finally(() => buffer.giveBack(bytes));
  }

  resume(): void {
    this.refusal = undefined;
  }

  async read<T extends Topic>(topic: T, request: ReadRequest): Promise<ReadResult<T>> {
    const recent = this.recent !== undefined && request.from < this.recent.end ? this.recent.read<T>(request) : undefined;
    if (recent !== undefined) return recent;
    const page = await this.readStored(request);
    this.learnEnd(page.end);
    return parsePage(topic, this.name.partition, cutPage(page, request));
  }

  async bounds(): Promise<Bounds> {
    const { requests } = this.needs;
    const [start, end] = await Promise.all([requests.start(this.name), requests.end(this.name)]);
    this.learnEnd(end);
    return { start, end };
  }

  progress(): Promise<ReadonlyMap<string, Progress>> {
    return this.needs.progress.read();
  }

  async seekTime(time: number, camera: string | undefined): Promise<Position> {
    const [bounds, progress] = [await this.bounds(), await this.progress()];
    const cameras = [...progress].filter(([one]) => camera === undefined || one === camera);
    return seekTime(this.needs.requests, this.name, bounds, time, cameras);
  }

  /** Commits what was taken, and keeps how far it reaches. */
  async close(): Promise<void> {
    await this.groupCommit.flush();
    this.listeners.clear();
    this.needs.progress.stop();
    // Without this checkpoint the next start reads more of the partition, and finds the same.
    if (this.refusal === undefined) await this.needs.progress.keep().catch(() => {});
  }

  private async readStored({ from, camera }: ReadRequest): Promise<StoredPage> {
    try {
      return await readStored(this.needs.requests, this.name, from, camera === undefined ? PAGE_BYTES : SCAN_BYTES);
    } catch (error) {
      if (!(error instanceof OutOfRange)) throw error;
      throw positionLost(this.name, from, await this.bounds());
    }
  }

  /** One batch. Settles every append of it. */
  private async commit(batch: readonly Append[]): Promise<void> {
    try {
      await this.needs.progress.load();
      const rows = batch.flatMap((append) => append.rows);
      const { base, start } = await this.needs.producer.send(rows.map(({ record, body }) => ({ key: record.camera, value: body })));
      this.take(base, rows, start);
      let position = base;
      for (const append of batch) {
        const from = position;
        append.resolve(append.rows.map((_, index) => from + index));
        position += append.rows.length;
      }
    } catch (error) {
      const refusal = this.refuseFrom(asOcelliError(error, this.name));
      for (const append of [...batch, ...this.groupCommit.withdraw(this.needs.topic)]) append.reject(refusal);
    }
  }

  private take(base: Position, rows: readonly RecordRow[], start: Position): void {
    if (this.recent?.end !== base) this.recent = new RecentRecords(base, RECENT);
    this.recent.push(rows);
    this.recent.forgetBefore(start);
    this.needs.progress.wrote(base, rows);
    this.knownEnd ??= base;
    this.learnEnd(base + rows.length);
  }

  private refuseFrom(error: OcelliError): OcelliError {
    this.refusal ??= error;
    return error;
  }
}

/** The wanted records of what was read, as many as a page holds. */
function cutPage({ records, next }: StoredPage, { limit, camera }: ReadRequest) {
  const rows: { position: Position; body: string }[] = [];
  let size = 0;
  for (const record of records) {
    if (camera !== undefined && record.camera !== camera) continue;
    rows.push({ position: record.position, body: record.body.toString() });
    size += record.body.length;
    if (rows.length === limit || size >= PAGE_BYTES) return { rows, next: record.position + 1 };
  }
  return { rows, next };
}

function batchBytes(rows: readonly RecordRow[]): number {
  return rows.reduce(
    (sum, { record, body }) => sum + RECORD_HEADER_BYTES + record.camera.length + Buffer.byteLength(body),
    BATCH_HEADER_BYTES,
  );
}

function tooLarge({ topic }: PartitionName, bytes: number): OcelliError {
  return new OcelliError(
    'LOG_TOO_LARGE',
    `An append to topic ${topic} has ${bytes} bytes; expected at most ${MAX_BATCH_BYTES}. Does a model give thousands of objects a frame? Raise its threshold.`,
    { topic, bytes, limit: MAX_BATCH_BYTES },
  );
}

function positionLost({ topic, partition }: PartitionName, from: Position, { start, end }: Bounds): OcelliError {
  const what = from < start ? 'retention has removed it' : 'it was never written, or the topic was made anew';
  return new OcelliError(
    'LOG_POSITION_LOST',
    `Position ${from} of topic ${topic}, partition ${partition}, is not there: it holds ${start} to ${end}; ${what}. Go on from ${from < start ? start : end}, knowing that records may be missing.`,
    { topic, partition, from, start, end },
  );
}

function asOcelliError(error: unknown, { topic, partition }: PartitionName): OcelliError {
  if (error instanceof OcelliError) return error;
  const sentence = `Whether a batch came into topic ${topic}, partition ${partition}, is open: ${sentenceOf(error)}. Go on from what is there.`;
  if (error instanceof SequenceLost) return new OcelliError('LOG_UNAVAILABLE', sentence, { cause: error, topic, partition });
  return new OcelliError('LOG_CORRUPT', `Writing to topic ${topic} failed: ${sentenceOf(error)}`, { cause: error, topic, partition });
}

function refused({ topic, partition }: PartitionName, cause: OcelliError): OcelliError {
  return new OcelliError(
    cause.code,
    `An append to topic ${topic}, partition ${partition}, was refused, since an earlier one failed: ${cause.message} Go back to what is committed, then resume.`,
    { cause, topic, partition },
  );
}
