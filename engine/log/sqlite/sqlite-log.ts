import { OcelliError, sentenceOf } from '../../errors.ts';
import type { Progress } from '../../records/place-rule.ts';
import { type RecordOf, TOPIC_NAMES, TOPICS, type Topic } from '../../records/topic.ts';
import type { Database } from '../../sqlite/database.ts';
import { checkReadRequest } from '../check-read-request.ts';
import { CommitListeners } from '../commit-listeners.ts';
import { type CommitGaps, GapsBetween } from '../commit-pace.ts';
import { type Append, GroupCommit } from '../group-commit.ts';
import type { Bounds, Log, Position, ReadRequest, ReadResult } from '../log.ts';
import { parsePage } from '../parse-page.ts';
import type { RecentLimits } from '../recent-records.ts';
import { toRow } from '../record-row.ts';
import { Background } from './background.ts';
import { Maintenance, type MaintenanceReport } from './maintenance.ts';
import { refuseOtherPartition } from './only-partition.ts';
import { checkPosition, readBounds, readPage, seekTime } from './read-topic.ts';
import type { RetentionLimits } from './retention-limits.ts';
import { TopicLog } from './topic-log.ts';

const RECENT: RecentLimits = { records: 4_096, bytes: 8 * 2 ** 20 };
/** A read of so few records takes about a millisecond on this thread; a larger one goes to the background. */
const SMALL_READ = 64;
const MAX_BYTES = 4 * 2 ** 30;

export interface SqliteLogOptions {
  /** How long and how much is kept; what is left out has the default. */
  readonly retention?: { readonly keptMs?: Partial<RetentionLimits['keptMs']>; readonly maxBytes?: number };
  /** How much of each topic's end stays in memory. */
  readonly recent?: RecentLimits;
  /**
   * The least time between two commits; none unless told otherwise. A commit costs as much as three records, whatever it holds, so a few
   * milliseconds save much where hundreds of records come a second; after a pause nothing waits.
   */
  readonly commitGaps?: CommitGaps;
  /** Hears of each round of maintenance, also of a failed one. */
  readonly onMaintenance?: (report: MaintenanceReport) => void;
}

/** The log of the embedded deployment: every topic has one partition, a table in the database. See `Log`. */
export class SqliteLog implements Log {
  readonly partitions = 1;
  private readonly database: Database;
  private readonly topics: ReadonlyMap<Topic, TopicLog>;
  private readonly groupCommit: GroupCommit;
  private readonly listeners = new CommitListeners();
  private readonly background: Background;
  private readonly maintenance: Maintenance;
  private closed = false;

  static async open(database: Database, options: SqliteLogOptions = {}): Promise<SqliteLog> {
    const { connection } = database;
    const recent = options.recent ?? RECENT;
    const open = () => new Map(TOPIC_NAMES.map((topic) => [topic, new TopicLog(connection, topic, recent)]));
    return new SqliteLog(database, await database.write(open), options);
  }

  private constructor(database: Database, topics: ReadonlyMap<Topic, TopicLog>, options: SqliteLogOptions) {
    const { retention, onMaintenance, commitGaps } = options;
    this.database = database;
    this.topics = topics;
    this.groupCommit = new GroupCommit((batch) => this.commit(batch), commitGaps && new GapsBetween(database.clock, commitGaps));
    this.background = new Background(database.path, fillIn(retention));
    this.maintenance = new Maintenance(database.clock, this.background, () => this.forgetRemoved(), onMaintenance);
  }

  partitionOf(_camera: string): number {
    return 0;
  }

  async locate(_camera: string): Promise<number> {
    return 0;
  }

  /** One partition has room for all. */
  async assign(_cameras: readonly string[]): Promise<void> {}

  async append<T extends Topic>(topic: T, partition: number, records: readonly RecordOf<T>[]): Promise<readonly Position[]> {
    refuseOtherPartition(topic, partition);
    if (this.closed) throw new Error(`The log was closed before an append to ${topic}.`);
    const { refusal } = this.topic(topic);
    if (refusal !== undefined) throw refused(topic, refusal);
    if (records.length === 0) return [];
    const rows = records.map(toRow);
    return new Promise((resolve, reject) => this.groupCommit.add({ topic, rows, resolve, reject }));
  }

  resume(topic: Topic, partition: number): void {
    refuseOtherPartition(topic, partition);
    this.topic(topic).refusal = undefined;
  }

  async read<T extends Topic>(topic: T, partition: number, request: ReadRequest): Promise<ReadResult<T>> {
    refuseOtherPartition(topic, partition);
    checkReadRequest(request);
    const { recent } = this.topic(topic);
    const near = request.from <= recent.end ? recent.read<T>(request) : undefined;
    if (near !== undefined) return near;
    checkPosition(this.database.connection, topic, request.from);
    const small = request.limit <= SMALL_READ;
    return parsePage(
      topic,
      partition,
      small ? readPage(this.database.connection, topic, request) : await this.background.ask('read', { topic, request }),
    );
  }

  async bounds(topic: Topic, partition: number): Promise<Bounds> {
    refuseOtherPartition(topic, partition);
    return readBounds(this.database.connection, topic);
  }

  async seekTime(topic: Topic, partition: number, time: number, camera?: string): Promise<Position> {
    refuseOtherPartition(topic, partition);
    if (camera !== undefined) return seekTime(this.database.connection, topic, time, camera);
    return this.background.ask('seek', { topic, time });
  }

  async progress(topic: Topic, partition: number): Promise<ReadonlyMap<string, Progress>> {
    refuseOtherPartition(topic, partition);
    return this.topic(topic).progress;
  }

  onCommit(topic: Topic, partition: number, listener: () => void): () => void {
    refuseOtherPartition(topic, partition);
    return this.listeners.add(topic, listener);
  }

  /** Retention, and the room that it frees, now instead of at its next turn. */
  maintain(): Promise<MaintenanceReport> {
    return this.maintenance.run();
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.groupCommit.flush();
    this.listeners.clear();
    this.maintenance.stop();
    await this.background.close();
  }

  private forgetRemoved(): void {
    for (const topic of this.topics.values()) topic.forgetRemoved();
  }

  private topic(topic: Topic): TopicLog {
    const known = this.topics.get(topic);
    if (known === undefined) {
      const facts = { topic, known: TOPIC_NAMES };
      throw new OcelliError('TOPIC_UNKNOWN', `There is no topic ${topic}. Expected one of ${TOPIC_NAMES.join(', ')}.`, facts);
    }
    return known;
  }

  /** One transaction. Settles every append of the batch. */
  private async commit(batch: readonly Append[]): Promise<void> {
    const byTopic = Map.groupBy(batch, ({ topic }) => topic);
    try {
      const writtenAt = this.database.clock.now();
      const write = () =>
        [...byTopic].map(([topic, appends]) =>
          this.topic(topic).write(
            appends.flatMap((append) => append.rows),
            writtenAt,
          ),
        );
      const committed = await this.database.write(write);
      for (const [index, [topic, appends]] of [...byTopic].entries()) this.acknowledge(topic, appends, committed[index]?.() ?? 0);
    } catch (error) {
      for (const [topic, appends] of byTopic) this.refuse(topic, appends, error);
    }
  }

  private acknowledge(topic: Topic, appends: readonly Append[], first: Position): void {
    let position = first;
    for (const { rows, resolve } of appends) {
      const from = position;
      resolve(rows.map((_, index) => from + index));
      position += rows.length;
    }
    this.maintenance.noteCommit(position - first);
    this.listeners.tell(topic);
  }

  /** What waits behind the failed appends is refused with them: it would stand behind a hole. */
  private refuse(topic: Topic, appends: readonly Append[], error: unknown): void {
    const refusal = error instanceof OcelliError ? error : new OcelliError('LOG_UNAVAILABLE', sentenceOf(error), { cause: error });
    this.topic(topic).refusal = refusal;
    for (const append of [...appends, ...this.groupCommit.withdraw(topic)]) append.reject(refusal);
  }
}

function fillIn({ keptMs, maxBytes = MAX_BYTES }: SqliteLogOptions['retention'] = {}): RetentionLimits {
  const defaults = Object.fromEntries(TOPIC_NAMES.map((topic) => [topic, TOPICS[topic].keptMs])) as Record<Topic, number>;
  return { keptMs: { ...defaults, ...keptMs }, maxBytes };
}

function refused(topic: Topic, cause: OcelliError): OcelliError {
  return new OcelliError(
    cause.code,
    `An append to ${topic} was refused, since an earlier one failed: ${cause.message} Go back to what is committed, then resume.`,
    { cause, topic },
  );
}
