import type { GroupMember } from '../../log/kafka/group/group-member.ts';
import { openGroupMember } from '../../log/kafka/group/open-group-member.ts';
import { whereKafkaIs } from '../../log/kafka/kafka-settings.ts';
import { type KafkaClient, openKafkaClient } from '../../log/kafka/kafkajs-door.ts';
import { KeptPositions } from '../../log/kafka/kept-positions.ts';
import { kafkaTopic } from '../../log/kafka/topic-plan.ts';
import type { Position } from '../../log/log.ts';
import type { Tenure } from '../../log/tenure.ts';
import type { BusItem } from '../frame.ts';
import type { FrameSourceFacts, FrameSourceObserver, FrameSourceOptions, KafkaFrameSource } from '../kafka-frames.ts';
import { DecodedAhead } from './decoded-ahead.ts';
import { FrameInbox } from './frame-inbox.ts';
import { ensureFrameTopics } from './frame-topics.ts';
import { PartitionTurn } from './partition-turn.ts';

/** Detect processes are members of this group; positions are kept under the name of the topic, so that a member that is late can keep its own. */
const GROUP = 'detect';
const KEEP_EVERY_MS = 1_000;

/** The detecting end of the frame bus over Kafka. See `KafkaFrameSource`. */
export class GroupFrameSource implements KafkaFrameSource {
  readonly failed: Promise<never>;
  private readonly options: FrameSourceOptions;
  private readonly client: KafkaClient;
  private readonly observer: FrameSourceObserver;
  private readonly inbox: FrameInbox;
  private readonly decoded: DecodedAhead;
  private readonly kept: KeptPositions;
  private readonly turns = new Map<number, PartitionTurn>();
  private readonly keptUpTo = new Map<number, Position>();
  private readonly running = new Set<Promise<void>>();
  private readonly failure = Promise.withResolvers<never>();
  private member: GroupMember | undefined;
  private stopped = false;
  private cancelKeeping = () => {};

  /** Joins the group; partitions follow. @throws OcelliError LOG_UNAVAILABLE, LOG_REFUSED, LOG_TOPIC_DIFFERS */
  static async open(options: FrameSourceOptions): Promise<GroupFrameSource> {
    const client = await openKafkaClient(options.settings);
    await ensureFrameTopics(client, options);
    const source = new GroupFrameSource(client, options);
    await source.join();
    return source;
  }

  private constructor(client: KafkaClient, options: FrameSourceOptions) {
    const { settings, clock, pool, observer = {} } = options;
    this.client = client;
    this.options = options;
    this.observer = observer;
    const topic = kafkaTopic(settings, 'frames');
    this.kept = new KeptPositions(client, { clock, group: topic, topic, where: `${whereKafkaIs(settings)}, topic ${topic},` });
    this.inbox = new FrameInbox(clock, pool);
    this.decoded = new DecodedAhead({ ...options, inbox: this.inbox, observer });
    this.failed = this.failure.promise;
    this.failed.catch(() => {});
  }

  async take(frames: number, waitMs: number, signal: AbortSignal): Promise<readonly BusItem[]> {
    const items = await this.decoded.take(frames, waitMs, signal);
    // So that the log knows where their records go: a row of a camera's partition never changes.
    await Promise.all([...new Set(items.map(({ camera }) => camera))].map((camera) => this.options.log.locate(camera)));
    for (const item of items) this.turnOf(item.camera)?.given(item);
    return items;
  }

  done(item: BusItem): void {
    this.turnOf(item.camera)?.answered(item);
  }

  facts(): FrameSourceFacts {
    return { partitions: [...this.turns].map(([partition, { lag }]) => ({ partition, lag })) };
  }

  stop(): void {
    this.stopped = true;
    for (const turn of this.turns.values()) turn.stop();
    this.inbox.close();
    this.decoded.drop();
  }

  async close(): Promise<void> {
    this.stop();
    this.cancelKeeping();
    await this.member?.leave();
    await Promise.all(this.running);
    await this.kept.close();
  }

  private async join(): Promise<void> {
    const { settings, log, clock, sessionTimeoutMs } = this.options;
    const { observer } = this;
    const member = await openGroupMember({
      ...{ settings, clock, group: GROUP, topic: 'frames', partitions: log.partitions },
      work: { begin: (tenure) => this.begin(tenure), end: (partition) => this.end(partition) },
      observer: { assigned: (partitions) => observer.assigned?.(partitions), trouble: (error) => observer.away?.(error) },
      ...(sessionTimeoutMs === undefined ? {} : { sessionTimeoutMs }),
    });
    this.member = member;
    member.failed.catch((error: unknown) => this.failure.reject(error));
    member.start();
    this.keepLater();
  }

  private begin({ partition, lost }: Tenure): void {
    const { options, client, kept, inbox, observer } = this;
    const name = { topic: kafkaTopic(options.settings, 'frames'), partition };
    const turn = new PartitionTurn({ ...options, name, client, kept, inbox, observer });
    this.turns.set(partition, turn);
    lost.addEventListener('abort', () => this.lose(partition, turn), { once: true });
    if (this.stopped) return;
    const run = turn.run().then(
      () => void this.running.delete(run),
      (error: unknown) => this.failure.reject(error),
    );
    this.running.add(run);
  }

  private async end(partition: number): Promise<void> {
    const turn = this.turns.get(partition);
    await turn?.finish();
    await this.keep();
    this.turns.delete(partition);
    this.keptUpTo.delete(partition);
  }

  private lose(partition: number, turn: PartitionTurn): void {
    turn.stop();
    if (this.turns.get(partition) === turn) this.turns.delete(partition);
    this.keptUpTo.delete(partition);
  }

  private keepLater(): void {
    this.cancelKeeping = this.options.clock.after(KEEP_EVERY_MS, () => void this.keep().then(() => !this.stopped && this.keepLater()));
  }

  /** What could not be kept is kept at the next turn, or read again by the next who has the partition. */
  private async keep(): Promise<void> {
    const positions = new Map<number, Position>();
    for (const [partition, { position }] of this.turns)
      if (position !== undefined && position !== this.keptUpTo.get(partition)) positions.set(partition, position);
    if (positions.size === 0) return;
    try {
      await this.kept.keep(positions);
      for (const [partition, position] of positions) this.keptUpTo.set(partition, position);
    } catch (error) {
      this.observer.away?.(error);
    }
  }

  private turnOf(camera: string): PartitionTurn | undefined {
    return this.turns.get(this.options.log.partitionOf(camera));
  }
}
