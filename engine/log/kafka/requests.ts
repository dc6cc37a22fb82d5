import type { Clock } from '../../clock.ts';
import type { Position } from '../log.ts';
import { type KafkaFault, type Meaning, meaningOf, unavailable } from './kafka-error.ts';
import type { Cluster, RawBroker, RawPartition } from './kafkajs-door.ts';
import { tryAgain } from './try-again.ts';

/** Ids of followers are 0 and above; clients are -1. */
const CLIENT = -1;
/** Nobody writes transactions into these topics, so there is nothing uncommitted to be kept from. */
const READ_UNCOMMITTED = 0;
const EARLIEST = -2;
const LATEST = -1;

/** A partition of a topic, by the name that the broker knows. */
export interface PartitionName {
  readonly topic: string;
  readonly partition: number;
}

/** Nothing is at this position. */
export class OutOfRange extends Error {}
/** Whether the batch came into the log is open: the broker has forgotten what this producer sent. */
export class SequenceLost extends Error {}

/** Requests to whichever broker leads a partition; what is passing is tried again until `withinMs` are over, then LOG_UNAVAILABLE. */
export class Requests {
  private readonly cluster: Cluster;
  private readonly clock: Clock;
  private readonly where: string;
  private readonly withinMs: number;
  private readonly known = new Set<string>();

  /** @param options `where`: see `whereKafkaIs` */
  constructor(cluster: Cluster, options: { readonly clock: Clock; readonly where: string; readonly withinMs: number }) {
    this.cluster = cluster;
    this.clock = options.clock;
    this.where = options.where;
    this.withinMs = options.withinMs;
  }

  /** Records from a position on, up to about `maxBytes` (one batch at least); waits up to `waitMs` for one to come. Throws OutOfRange. */
  async fetch(name: PartitionName, from: Position, { maxBytes, waitMs = 0 }: { maxBytes: number; waitMs?: number }): Promise<RawPartition> {
    const request = fetchRequest([{ name, from }], maxBytes, waitMs);
    const { responses } = await this.onLeader(name, (broker) => broker.fetch(request));
    const partition = responses[0]?.partitions[0];
    if (partition === undefined) throw new Error(`The broker answered a fetch of ${name.topic} without its partition ${name.partition}.`);
    return partition;
  }

  async start(name: PartitionName): Promise<Position> {
    return this.offset(name, EARLIEST);
  }

  async end(name: PartitionName): Promise<Position> {
    return this.offset(name, LATEST);
  }

  /** A number that tells batches of a producer from those of any other. */
  async newProducerId(name: PartitionName): Promise<{ readonly producerId: string; readonly producerEpoch: number }> {
    return this.onLeader(name, (broker) => broker.initProducerId({ transactionTimeout: 60_000 }));
  }

  /** Does something with the broker that leads the partition. */
  async onLeader<T>(name: PartitionName, work: (broker: RawBroker) => Promise<T>): Promise<T> {
    return tryAgain(this.clock, this.withinMs, async (again) => work(await this.leader(name, again)), {
      onError: (error) => this.passing(error, name),
      spent: (cause, triedMs) => unavailable(cause, this.describe(name), triedMs),
    });
  }

  /** The node that leads a partition, as last heard. */
  async leaderOf(name: PartitionName, stale: boolean): Promise<string> {
    if (!this.cluster.isConnected()) await this.cluster.connect();
    if (!this.known.has(name.topic)) await this.cluster.addMultipleTargetTopics([name.topic]);
    this.known.add(name.topic);
    if (stale) await this.cluster.refreshMetadata();
    else await this.cluster.refreshMetadataIfNecessary();
    const [nodeId] = Object.keys(this.cluster.findLeaderForPartitions(name.topic, [name.partition]));
    if (nodeId === undefined) throw fault('UNKNOWN_TOPIC_OR_PARTITION', 'This server does not host this topic-partition');
    if (nodeId === '-1') throw fault('LEADER_NOT_AVAILABLE', 'No broker leads this partition at the moment');
    return nodeId;
  }

  broker(nodeId: string): Promise<RawBroker> {
    return this.cluster.findBroker({ nodeId });
  }

  /** The cause of an error that may pass; throws what will not. */
  passing(error: unknown, name: PartitionName): KafkaFault {
    const meaning: Meaning = meaningOf(error, this.describe(name));
    if (meaning.kind === 'out-of-range') throw new OutOfRange();
    if (meaning.kind === 'sequence-lost') throw new SequenceLost(meaning.cause.message, { cause: meaning.cause });
    if (meaning.kind === 'final') throw meaning.error;
    const { name: kind, host, port } = meaning.cause;
    if (kind === 'KafkaJSConnectionClosedError' && host !== undefined && port !== undefined) this.cluster.removeBroker({ host, port });
    return meaning.cause;
  }

  async close(): Promise<void> {
    await this.cluster.disconnect();
  }

  private async leader(name: PartitionName, stale: boolean): Promise<RawBroker> {
    return this.broker(await this.leaderOf(name, stale));
  }

  private async offset(name: PartitionName, timestamp: number): Promise<Position> {
    const topics = [{ topic: name.topic, partitions: [{ partition: name.partition, timestamp }] }];
    const request = { replicaId: CLIENT, isolationLevel: READ_UNCOMMITTED, topics };
    const { responses } = await this.onLeader(name, (broker) => broker.listOffsets(request));
    return Number(responses[0]?.partitions[0]?.offset);
  }

  private describe({ topic, partition }: PartitionName): string {
    return `${this.where}, topic ${topic}, partition ${partition},`;
  }
}

/** A fetch of several partitions. `maxBytes` of each, though a batch always comes as a whole. */
export function fetchRequest(
  wanted: readonly { readonly name: PartitionName; readonly from: Position }[],
  maxBytes: number,
  waitMs: number,
): Parameters<RawBroker['fetch']>[0] {
  const topics = [...Map.groupBy(wanted, ({ name }) => name.topic)].map(([topic, partitions]) => ({
    topic,
    partitions: partitions.map(({ name, from }) => ({ partition: name.partition, fetchOffset: String(from), maxBytes })),
  }));
  return { replicaId: CLIENT, isolationLevel: READ_UNCOMMITTED, maxWaitTime: waitMs, minBytes: 1, maxBytes, topics };
}

function fault(type: string, message: string): Error & KafkaFault {
  return Object.assign(new Error(message), { type, retriable: true });
}
