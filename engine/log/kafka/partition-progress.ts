import { z } from 'zod';
import type { Clock } from '../../clock.ts';
import { OcelliError } from '../../errors.ts';
import { parseRecord } from '../../records/parse-record.ts';
import type { Progress } from '../../records/place-rule.ts';
import type { Topic } from '../../records/topic.ts';
import { advance } from '../advance.ts';
import type { Position } from '../log.ts';
import { type RecordRow, toRow } from '../record-row.ts';
import type { PartitionProducer } from './partition-producer.ts';
import { readStored } from './read-partition.ts';
import type { PartitionName, Requests } from './requests.ts';

const READ_BYTES = 2 ** 20;
/** A checkpoint is written after so many records or so much time, so a start reads no more than that behind it. */
const CHECKPOINT_RECORDS = 4_096;
const CHECKPOINT_MS = 10_000;

const checkpoint = z.object({
  v: z.literal(1),
  position: z.int().min(0),
  cameras: z.record(z.string(), z.tuple([z.int(), z.int(), z.int()])),
});

/** What a partition's progress is made of and kept with. */
export interface ProgressNeeds {
  readonly requests: Requests;
  readonly clock: Clock;
  readonly topic: Topic;
  readonly name: PartitionName;
  /** The partition of the compacted topic where checkpoints are kept, and who writes there. */
  readonly keptIn: PartitionName;
  readonly keeper: PartitionKeeper;
}

/** Writes checkpoints of several topics into one partition, one after another. */
export class PartitionKeeper {
  private readonly producer: PartitionProducer;
  private last: Promise<unknown> = Promise.resolve();

  constructor(producer: PartitionProducer) {
    this.producer = producer;
  }

  keep(key: string, value: string): Promise<void> {
    const kept = this.last.then(
      () => this.producer.send([{ key, value }]),
      () => this.producer.send([{ key, value }]),
    );
    this.last = kept;
    return kept.then(() => undefined);
  }
}

/**
 * How far each camera reaches in a partition. It must outlive the records, so checkpoints of it go to a compacted topic, `progress`: what
 * is known up to a position. What stands behind that is read from the partition itself, when somebody asks.
 *
 *   checkpoint ──▶ known up to its position ──records that we wrote──▶ known further ──now and then──▶ checkpoint
 *                                └──────────── records of others, read when asked ────────────┘
 *
 * Only if retention takes records that no checkpoint has seen (all writers away for days, after a crash) is it up to 10 s behind the
 * truth; what is written again then is dropped by place.
 */
export class PartitionProgress {
  private readonly needs: ProgressNeeds;
  private known = new Map<string, Progress>();
  private upTo: Position = 0;
  private kept: Position = 0;
  private loading: Promise<void> | undefined;
  private catching: Promise<void> = Promise.resolve();
  private cancelTimer: (() => void) | undefined;

  constructor(needs: ProgressNeeds) {
    this.needs = needs;
  }

  /** Reads the checkpoint, once. Throws LOG_POSITION_LOST when it is of another log. */
  load(): Promise<void> {
    this.loading ??= this.readCheckpoint().catch((error: unknown) => {
      this.loading = undefined;
      throw error;
    });
    return this.loading;
  }

  /** How far each camera reaches at the end of the partition. */
  async read(): Promise<ReadonlyMap<string, Progress>> {
    await this.load();
    const end = await this.needs.requests.end(this.needs.name);
    const reading = this.catching.then(() => this.catchUp(end));
    this.catching = reading.catch(() => {});
    await reading;
    return new Map(this.known);
  }

  /** Takes in what we wrote ourselves. What others wrote before it is read later. */
  wrote(base: Position, rows: readonly RecordRow[]): void {
    if (base !== this.upTo) return;
    this.take(rows, base + rows.length);
    if (this.upTo - this.kept >= CHECKPOINT_RECORDS) this.keepSoon(0);
    else this.keepSoon(CHECKPOINT_MS);
  }

  /** Writes a checkpoint if there is anything new. */
  async keep(): Promise<void> {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    const position = this.upTo;
    if (position === this.kept) return;
    const cameras = Object.fromEntries([...this.known].map(([camera, { session, seq, time }]) => [camera, [session, seq, time]]));
    await this.needs.keeper.keep(this.needs.name.topic, JSON.stringify({ v: 1, position, cameras }));
    this.kept = Math.max(this.kept, position);
  }

  stop(): void {
    this.cancelTimer?.();
  }

  private keepSoon(delayMs: number): void {
    if (this.cancelTimer !== undefined && delayMs > 0) return;
    this.cancelTimer?.();
    // A checkpoint that could not be written is written at the next turn; the records themselves say when the broker is away.
    this.cancelTimer = this.needs.clock.after(delayMs, () => void this.keep().catch(() => this.keepSoon(CHECKPOINT_MS)));
  }

  private async readCheckpoint(): Promise<void> {
    const { requests, name } = this.needs;
    const [start, end, found] = await Promise.all([requests.start(name), requests.end(name), this.lastCheckpoint()]);
    if (found !== undefined && found.position > end) throw ofAnotherLog(name, found.position, end);
    this.known = new Map(Object.entries(found?.cameras ?? {}).map(([camera, [session, seq, time]]) => [camera, { session, seq, time }]));
    this.kept = found?.position ?? 0;
    this.upTo = Math.max(start, this.kept);
  }

  private async lastCheckpoint(): Promise<z.infer<typeof checkpoint> | undefined> {
    const { requests, name, keptIn } = this.needs;
    let last: z.infer<typeof checkpoint> | undefined;
    const end = await requests.end(keptIn);
    for (let from = await requests.start(keptIn); from < end; ) {
      const page = await readStored(requests, keptIn, from, READ_BYTES);
      const ours = page.records.findLast(({ camera: key }) => key === name.topic);
      if (ours !== undefined) last = checkpoint.parse(JSON.parse(ours.body.toString()));
      from = page.next;
    }
    return last;
  }

  private async catchUp(end: Position): Promise<void> {
    const { requests, name } = this.needs;
    this.upTo = Math.max(this.upTo, this.upTo < end ? await requests.start(name) : 0);
    while (this.upTo < end) {
      const { records, next } = await readStored(requests, name, this.upTo, READ_BYTES);
      const rows = records.filter(({ position }) => position >= this.upTo).flatMap(({ body }) => this.rowOf(body.toString()));
      if (next > this.upTo) this.take(rows, next);
    }
  }

  /** What is no record says nothing of a camera. */
  private rowOf(body: string): RecordRow[] {
    try {
      return [toRow(parseRecord(this.needs.topic, body))];
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof z.ZodError) return [];
      throw error;
    }
  }

  private take(rows: readonly RecordRow[], upTo: Position): void {
    for (const [camera, progress] of advance(this.known, rows)) this.known.set(camera, progress);
    this.upTo = upTo;
  }
}

function ofAnotherLog({ topic, partition }: PartitionName, position: Position, end: Position): OcelliError {
  return new OcelliError(
    'LOG_POSITION_LOST',
    `The progress of topic ${topic}, partition ${partition}, was kept at position ${position}, but the topic ends at ${end}: it was deleted and made anew, or is older than what we know. Bring it back, or delete every topic of this prefix to begin with an empty log.`,
    { topic, partition, position, end },
  );
}
