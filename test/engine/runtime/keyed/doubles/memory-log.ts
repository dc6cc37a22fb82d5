import { OcelliError, sentenceOf } from '../../../../../engine/errors.ts';
import type { Bounds, Entry, Log, Position, ReadRequest, ReadResult } from '../../../../../engine/log/log.ts';
import { parseRecord } from '../../../../../engine/records/parse-record.ts';
import { comparePlaces, lastPlace } from '../../../../../engine/records/place.ts';
import type { Progress } from '../../../../../engine/records/place-rule.ts';
import type { AnyRecord, RecordOf, Topic } from '../../../../../engine/records/topic.ts';

interface Row {
  readonly position: Position;
  readonly camera: string;
  readonly bytes: Buffer;
}

interface StoredTopic {
  start: Position;
  end: Position;
  rows: Row[];
  readonly progress: Map<string, Progress>;
  readonly listeners: Set<() => void>;
  refusal: OcelliError | undefined;
}

interface Held {
  readonly topic: Topic;
  readonly rows: readonly Omit<Row, 'position'>[];
  readonly places: readonly (Progress & { readonly camera: string })[];
  resolve(positions: Position[]): void;
  reject(error: OcelliError): void;
}

/** What outlives a process: the committed bytes of every topic. */
export class MemoryDisk {
  private readonly topics = new Map<Topic, StoredTopic>();
  full = false;

  topic(topic: Topic): StoredTopic {
    const known = this.topics.get(topic);
    if (known !== undefined) return known;
    const empty = { start: 0, end: 0, rows: [], progress: new Map(), listeners: new Set<() => void>(), refusal: undefined };
    this.topics.set(topic, empty);
    return empty;
  }

  /** Writes bytes that need not be a record, as another program might. */
  writeRaw(topic: Topic, camera: string, bytes: Buffer): Position {
    const stored = this.topic(topic);
    const position = stored.end++;
    stored.rows.push({ position, camera, bytes });
    return position;
  }

  tell(topic: Topic): void {
    for (const listener of this.topic(topic).listeners) listener();
  }

  /** Retention takes everything below a position. */
  expire(topic: Topic, below: Position): void {
    const stored = this.topic(topic);
    stored.rows = stored.rows.filter(({ position }) => position >= below);
    stored.start = Math.max(stored.start, below);
  }

  /** A topic that was replaced by its own beginning, as from an old backup. */
  cutEnd(topic: Topic, end: Position): void {
    const stored = this.topic(topic);
    stored.rows = stored.rows.filter(({ position }) => position < end);
    stored.end = end;
  }
}

/** Most appends that are held back; beyond, the oldest is committed, as a log must that bounds its memory. */
const MOST_HELD = 8;

/** A log in memory that goes through real bytes, and can hold commits back so that a crash may lose them. */
export class MemoryLog implements Log {
  readonly partitions = 1;
  private readonly disk: MemoryDisk;
  private readonly holding: boolean;
  private held: Held[] = [];
  private readonly telling = new Set<Topic>();
  private closed = false;

  constructor(disk: MemoryDisk, holding = false) {
    this.disk = disk;
    this.holding = holding;
  }

  partitionOf(): number {
    return 0;
  }

  async locate(): Promise<number> {
    return 0;
  }

  async assign(): Promise<void> {}

  async append<T extends Topic>(topic: T, _partition: number, records: readonly RecordOf<T>[]): Promise<readonly Position[]> {
    const { refusal } = this.disk.topic(topic);
    if (this.closed) throw new Error(`The log was closed before an append to ${topic}.`);
    if (refusal !== undefined) throw refusal;
    if (records.length === 0) return [];
    const { promise, resolve, reject } = Promise.withResolvers<Position[]>();
    this.held.push({ topic, rows: records.map(rowOf), places: records.map(reachOf), resolve, reject });
    if (!this.holding) this.commitHeld();
    else if (this.held.length > MOST_HELD) this.commitHeld(1);
    return promise;
  }

  resume(topic: Topic): void {
    this.disk.topic(topic).refusal = undefined;
  }

  /** Commits the first so many appends that are held back. */
  commitHeld(count = this.held.length): void {
    for (const held of this.held.splice(0, count)) this.commit(held);
  }

  /** Commits, of each topic, a prefix of what is held back, and forgets the rest: what a crash may leave. */
  crash(prefix: (topic: Topic, held: number) => number): void {
    const byTopic = Map.groupBy(this.held, ({ topic }) => topic);
    this.held = [];
    for (const [topic, held] of byTopic) for (const append of held.slice(0, prefix(topic, held.length))) this.commit(append);
  }

  async read<T extends Topic>(topic: T, partition: number, { from, limit, camera }: ReadRequest): Promise<ReadResult<T>> {
    const { start, end, rows } = this.disk.topic(topic);
    if (from < start || from > end) {
      throw new OcelliError('LOG_POSITION_LOST', `Position ${from} of ${topic} is not there: ${start} to ${end}.`, { start, end });
    }
    const wanted = rows.filter((row) => row.position >= from && (camera === undefined || row.camera === camera)).slice(0, limit);
    const entries: Entry<T>[] = [];
    for (const row of wanted) {
      try {
        entries.push({ position: row.position, record: parseRecord(topic, row.bytes.toString()) });
      } catch (cause) {
        if (entries.length > 0) return { entries, next: row.position };
        const facts = { cause, topic, partition, position: row.position, body: row.bytes.toString() };
        throw new OcelliError('RECORD_INVALID', `The record at position ${row.position} of ${topic} is wrong: ${sentenceOf(cause)}`, facts);
      }
    }
    const last = wanted.at(-1);
    return { entries, next: wanted.length === limit && last !== undefined ? last.position + 1 : end };
  }

  async bounds(topic: Topic): Promise<Bounds> {
    const { start, end } = this.disk.topic(topic);
    return { start, end };
  }

  async seekTime(topic: Topic, _partition: number, time: number, camera?: string): Promise<Position> {
    const { rows, end } = this.disk.topic(topic);
    const found = rows.find(
      (row) => (camera === undefined || row.camera === camera) && reachOf(parseRecord(topic, row.bytes.toString())).time >= time,
    );
    return found?.position ?? end;
  }

  async progress(topic: Topic): Promise<ReadonlyMap<string, Progress>> {
    return this.disk.topic(topic).progress;
  }

  onCommit(topic: Topic, _partition: number, listener: () => void): () => void {
    const { listeners } = this.disk.topic(topic);
    const own = () => listener();
    listeners.add(own);
    return () => listeners.delete(own);
  }

  async close(): Promise<void> {
    this.commitHeld();
    this.closed = true;
  }

  private tellSoon(topic: Topic): void {
    if (this.telling.has(topic)) return;
    this.telling.add(topic);
    queueMicrotask(() => {
      this.telling.delete(topic);
      this.disk.tell(topic);
    });
  }

  private commit({ topic, rows, places, resolve, reject }: Held): void {
    const stored = this.disk.topic(topic);
    if (this.disk.full) stored.refusal ??= new OcelliError('LOG_FULL', `There is no room for ${topic}.`);
    if (stored.refusal !== undefined) {
      reject(stored.refusal);
      return;
    }
    const positions = rows.map(({ camera, bytes }) => this.disk.writeRaw(topic, camera, bytes));
    for (const place of places) raise(stored.progress, place);
    resolve(positions);
    this.tellSoon(topic);
  }
}

function raise(progress: Map<string, Progress>, { camera, ...reach }: Progress & { readonly camera: string }): void {
  const before = progress.get(camera);
  const time = Math.max(reach.time, before?.time ?? 0);
  progress.set(camera, before !== undefined && comparePlaces(before, reach) > 0 ? { ...before, time } : { ...reach, time });
}

function rowOf(record: AnyRecord): Omit<Row, 'position'> {
  return { camera: record.camera, bytes: Buffer.from(JSON.stringify(record)) };
}

function reachOf(record: AnyRecord): Progress & { readonly camera: string } {
  return { ...lastPlace(record), camera: record.camera, time: record.type === 'gap' ? record.until : record.time };
}
