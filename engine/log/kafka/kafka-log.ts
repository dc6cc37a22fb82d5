import { type Clock, SystemClock } from '../../clock.ts';
import { OcelliError } from '../../errors.ts';
import type { Progress } from '../../records/place-rule.ts';
import { isTopic, type RecordOf, TOPIC_NAMES, type Topic } from '../../records/topic.ts';
import { checkReadRequest } from '../check-read-request.ts';
import type { Bounds, Log, Position, ReadRequest, ReadResult } from '../log.ts';
import type { PartitionTable } from '../partition-table.ts';
import { toRow } from '../record-row.ts';
import { checkBroker } from './check-broker.ts';
import { EndWatcher } from './end-watcher.ts';
import { ensureTopics, type Topics } from './ensure-topics.ts';
import { passingCause, unavailable } from './kafka-error.ts';
import { type KafkaSettings, whereKafkaIs } from './kafka-settings.ts';
import { type KafkaClient, openKafkaClient } from './kafkajs-door.ts';
import { PartitionProducer } from './partition-producer.ts';
import { PartitionKeeper, PartitionProgress } from './partition-progress.ts';
import { Requests } from './requests.ts';
import { TopicPartition } from './topic-partition.ts';
import { kafkaTopic, progressTopic } from './topic-plan.ts';
import { tryAgain } from './try-again.ts';
import { WriteBuffer } from './write-buffer.ts';

const OPEN_WITHIN_MS = 15_000;
/** An election of a leader or a short restart is sat out; what lasts longer is told. */
const ANSWER_WITHIN_MS = 5_000;
const BUFFER_BYTES = 64 * 2 ** 20;

export interface KafkaLogOptions {
  readonly settings: KafkaSettings;
  /** Where cameras' partitions are kept; without it the log is for reading all partitions, and makes no topics. */
  readonly table?: PartitionTable;
  readonly clock?: Clock;
  /** A request is tried again for so long before LOG_UNAVAILABLE. */
  readonly answerWithinMs?: number;
  /** How much may wait to be written. */
  readonly bufferBytes?: number;
}

/**
 * The log of the distributed deployment: topics of Kafka, `prefix` and name, a camera in the same partition of each. Positions are
 * offsets. After a crash or an outage a place may stand in a topic twice; readers drop it by the place rule. See `Log`.
 */
export class KafkaLog implements Log {
  readonly partitions: number;
  /** Where topics differ from how this Ocelli would have made them, a sentence each. */
  readonly differences: readonly string[];
  private readonly client: KafkaClient;
  private readonly options: KafkaLogOptions;
  private readonly clock: Clock;
  private readonly requests: Requests;
  private readonly watcher: EndWatcher;
  private readonly buffer: WriteBuffer;
  private readonly topicPartitions = new Map<string, TopicPartition>();
  private readonly keepers = new Map<number, PartitionKeeper>();
  private home: ReadonlyMap<string, number> = new Map();
  private closed = false;

  /**
   * Connects, makes the topics that are missing, and checks those that are there.
   * @throws OcelliError LOG_UNAVAILABLE, LOG_REFUSED, LOG_TOPIC_DIFFERS, LOG_BROKER_UNSUPPORTED, CONFIG_INVALID, TOPIC_UNKNOWN
   */
  static async open(options: KafkaLogOptions): Promise<KafkaLog> {
    const { settings, clock = new SystemClock(), table, answerWithinMs = OPEN_WITHIN_MS } = options;
    const client = await openKafkaClient(settings);
    const where = whereKafkaIs(settings);
    const topics = async () => {
      await checkBroker(client.newCluster(), where);
      return ensureTopics(client, settings, { make: table !== undefined });
    };
    const found = await tryAgain(clock, answerWithinMs, topics, {
      onError: (error) => passingCause(error, where),
      spent: (cause, triedMs) => unavailable(cause, where, triedMs),
    });
    return new KafkaLog(client, options, clock, found);
  }

  private constructor(client: KafkaClient, options: KafkaLogOptions, clock: Clock, { partitions, differences }: Topics) {
    this.client = client;
    this.options = options;
    this.clock = clock;
    this.partitions = partitions;
    this.differences = differences;
    this.requests = this.newRequests();
    this.watcher = new EndWatcher(this.newRequests(), clock);
    this.buffer = new WriteBuffer(options.bufferBytes ?? BUFFER_BYTES);
  }

  partitionOf(camera: string): number {
    const partition = this.home.get(camera);
    if (partition === undefined)
      throw new RangeError(`Camera ${camera} has no partition yet. Call assign before it writes, locate before it is read.`);
    return partition;
  }

  async locate(camera: string): Promise<number | undefined> {
    if (!this.home.has(camera) && this.options.table !== undefined) this.home = await this.options.table.read();
    return this.home.get(camera);
  }

  async assign(cameras: readonly string[]): Promise<void> {
    if (cameras.every((camera) => this.home.has(camera))) return;
    const { table } = this.options;
    if (table === undefined) throw new Error('A log that was opened for reading assigns no partitions.');
    this.home = await table.assign(cameras, this.partitions);
  }

  async append<T extends Topic>(topic: T, partition: number, records: readonly RecordOf<T>[]): Promise<readonly Position[]> {
    if (this.closed) throw new Error(`The log was closed before an append to ${topic}.`);
    return this.of(topic, partition).append(records.map(toRow));
  }

  resume(topic: Topic, partition: number): void {
    this.of(topic, partition).resume();
  }

  async read<T extends Topic>(topic: T, partition: number, request: ReadRequest): Promise<ReadResult<T>> {
    checkReadRequest(request);
    return this.of(topic, partition).read(topic, request);
  }

  async bounds(topic: Topic, partition: number): Promise<Bounds> {
    return this.of(topic, partition).bounds();
  }

  async seekTime(topic: Topic, partition: number, time: number, camera?: string): Promise<Position> {
    return this.of(topic, partition).seekTime(time, camera);
  }

  async progress(topic: Topic, partition: number): Promise<ReadonlyMap<string, Progress>> {
    return this.of(topic, partition).progress();
  }

  onCommit(topic: Topic, partition: number, listener: () => void): () => void {
    const one = this.of(topic, partition);
    const ends = [one.onCommit(listener), this.watcher.watch(one)];
    return () => {
      for (const end of ends.splice(0)) end();
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.topicPartitions.values()].map((one) => one.close()));
    await this.watcher.close();
    await this.requests.close();
  }

  private of(topic: Topic, partition: number): TopicPartition {
    const key = `${topic}/${partition}`;
    const known = this.topicPartitions.get(key);
    if (known !== undefined) return known;
    this.check(topic, partition);
    const made = this.make(topic, partition);
    this.topicPartitions.set(key, made);
    return made;
  }

  private check(topic: Topic, partition: number): void {
    if (!isTopic(topic)) {
      const facts = { topic, known: TOPIC_NAMES };
      throw new OcelliError('TOPIC_UNKNOWN', `There is no topic ${topic}. Expected one of ${TOPIC_NAMES.join(', ')}.`, facts);
    }
    if (Number.isInteger(partition) && partition >= 0 && partition < this.partitions) return;
    throw new RangeError(
      `Topic ${topic} has the partitions 0 to ${this.partitions - 1}, not ${partition}. Take it from partitionOf(camera).`,
    );
  }

  private make(topic: Topic, partition: number): TopicPartition {
    const { requests, clock, buffer } = this;
    const { settings } = this.options;
    const name = { topic: kafkaTopic(settings, topic), partition };
    const keptIn = { topic: progressTopic(settings), partition };
    const keeper = this.keepers.get(partition) ?? new PartitionKeeper(new PartitionProducer(requests, keptIn));
    this.keepers.set(partition, keeper);
    const progress = new PartitionProgress({ requests, clock, topic, name, keptIn, keeper });
    return new TopicPartition({ topic, name, requests, buffer, progress, producer: new PartitionProducer(requests, name) });
  }

  private newRequests(): Requests {
    const { settings, answerWithinMs = ANSWER_WITHIN_MS } = this.options;
    return new Requests(this.client.newCluster(), { clock: this.clock, where: whereKafkaIs(settings), withinMs: answerWithinMs });
  }
}
