import { randomInt } from 'node:crypto';
import { openKafkaClient } from '../../log/kafka/kafkajs-door.ts';
import { PartitionProducer } from '../../log/kafka/partition-producer.ts';
import type { Requests } from '../../log/kafka/requests.ts';
import { kafkaTopic } from '../../log/kafka/topic-plan.ts';
import type { Delivery, FrameSink } from '../frame-bus.ts';
import type { FrameSinks, FrameSinksOptions } from '../kafka-frames.ts';
import { AnsweredRecordings } from './answered-recordings.ts';
import { refuseTooLarge } from './frame-size.ts';
import { ensureFrameTopics } from './frame-topics.ts';
import { FrameWriter } from './frame-writer.ts';
import { openRequests } from './open-requests.ts';
import { PartitionSender } from './partition-sender.ts';

const SENDERS = 2 ** 32;

/** The connecting end of the frame bus over Kafka: one sender a partition. */
export class KafkaFrameSinks implements FrameSinks {
  readonly failed: Promise<never>;
  private readonly options: FrameSinksOptions;
  private readonly requests: Requests;
  private readonly writer: FrameWriter;
  private readonly senders = new Map<number, PartitionSender>();
  private readonly running = new Set<Promise<void>>();
  private readonly failure = Promise.withResolvers<never>();
  private readonly abort = new AbortController();

  /** @throws OcelliError CONFIG_INVALID, LOG_UNAVAILABLE, LOG_REFUSED, LOG_TOPIC_DIFFERS */
  static async open(options: FrameSinksOptions): Promise<KafkaFrameSinks> {
    refuseTooLarge(options.model, options.encoding);
    const client = await openKafkaClient(options.settings);
    await ensureFrameTopics(client, options);
    return new KafkaFrameSinks(options, openRequests(client, options));
  }

  private constructor(options: FrameSinksOptions, requests: Requests) {
    this.options = options;
    this.requests = requests;
    this.writer = new FrameWriter({ ...options, sender: randomInt(SENDERS) });
    this.failed = this.failure.promise;
    this.failed.catch(() => {});
  }

  sink(camera: string, delivery: Delivery): FrameSink {
    return this.senderOf(this.options.log.partitionOf(camera)).sink(camera, delivery);
  }

  async close(withinMs: number): Promise<void> {
    for (const sender of this.senders.values()) sender.close();
    const cancel = this.options.clock.after(withinMs, () => this.abort.abort());
    await Promise.all(this.running);
    cancel();
    await this.requests.close();
  }

  private senderOf(partition: number): PartitionSender {
    return this.senders.get(partition) ?? this.startSender(partition);
  }

  private startSender(partition: number): PartitionSender {
    const { settings, log, clock, pool, observer = {} } = this.options;
    const producer = new PartitionProducer(this.requests, { topic: kafkaTopic(settings, 'frames'), partition });
    const answered = new AnsweredRecordings(log, clock, partition);
    const sender = new PartitionSender({ partition, producer, writer: this.writer, answered, clock, pool, observer });
    this.senders.set(partition, sender);
    this.running.add(sender.run(this.abort.signal).catch((error: unknown) => this.failure.reject(error)));
    return sender;
  }
}
