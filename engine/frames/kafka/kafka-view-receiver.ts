import { type KafkaClient, openKafkaClient } from '../../log/kafka/kafkajs-door.ts';
import { kafkaTopic } from '../../log/kafka/topic-plan.ts';
import type { KafkaViewsOptions, ViewReceiver, ViewReceiverOptions } from '../kafka-views.ts';
import { ensureFrameTopics } from './frame-topics.ts';
import { openRequests } from './open-requests.ts';
import { PartitionFetcher } from './partition-fetcher.ts';
import { ViewIntake } from './view-intake.ts';
import { WatchKeeper } from './watch-keeper.ts';

const PAUSE_MS = 1_000;

interface Watch {
  users: number;
  readonly keeper: WatchKeeper;
}

interface Reading {
  readonly intake: ViewIntake;
  readonly over: AbortController;
  readonly done: Promise<void>;
}

/** Reads the partitions of watched cameras from where they end. See `ViewReceiver`. */
export class KafkaViewReceiver implements ViewReceiver {
  private readonly client: KafkaClient;
  private readonly options: ViewReceiverOptions;
  private readonly onTrouble: NonNullable<KafkaViewsOptions['onTrouble']>;
  private readonly watches = new Map<string, Watch>();
  private readonly readings = new Map<number, Reading>();
  private readonly ending = new Set<Promise<void>>();
  private closed = false;

  static async open(options: ViewReceiverOptions): Promise<KafkaViewReceiver> {
    const client = await openKafkaClient(options.settings);
    await ensureFrameTopics(client, options);
    return new KafkaViewReceiver(client, options);
  }

  private constructor(client: KafkaClient, options: ViewReceiverOptions) {
    this.client = client;
    this.options = options;
    this.onTrouble = options.onTrouble ?? (() => {});
  }

  watch(camera: string): () => void {
    const watch = this.watches.get(camera) ?? this.begin(camera);
    watch.users += 1;
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      watch.users -= 1;
      if (watch.users === 0) this.end(camera, watch);
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const [camera, watch] of this.watches) this.end(camera, watch);
    await Promise.all(this.ending);
  }

  private begin(camera: string): Watch {
    const keeper = new WatchKeeper(camera, { ...this.options, onTrouble: this.onTrouble });
    const watch = { users: 0, keeper };
    this.watches.set(camera, watch);
    this.follow(camera).catch(this.onTrouble);
    return watch;
  }

  private async follow(camera: string): Promise<void> {
    const partition = await this.options.log.locate(camera);
    if (partition === undefined || !this.watches.has(camera) || this.closed) return;
    const reading = this.readings.get(partition) ?? this.read(partition);
    reading.intake.cameras.add(camera);
  }

  private read(partition: number): Reading {
    const intake = new ViewIntake({ ...this.options, onTrouble: this.onTrouble });
    const over = new AbortController();
    const reading = { intake, over, done: this.fetch(partition, intake, over.signal) };
    this.readings.set(partition, reading);
    return reading;
  }

  /** Views are only of use while they are new, so after a failure it begins at the end again. */
  private async fetch(partition: number, intake: ViewIntake, signal: AbortSignal): Promise<void> {
    const name = { topic: kafkaTopic(this.options.settings, 'views'), partition };
    while (!signal.aborted) {
      const requests = openRequests(this.client, this.options);
      const close = () => void requests.close();
      signal.addEventListener('abort', close, { once: true });
      try {
        const from = await requests.end(name);
        await new PartitionFetcher({ ...this.options, name, requests, intake, from, away: this.onTrouble }).run(signal);
      } catch (error) {
        if (!signal.aborted) await this.pauseAfter(error);
      }
      signal.removeEventListener('abort', close);
      await requests.close();
    }
  }

  private async pauseAfter(error: unknown): Promise<void> {
    this.onTrouble(error);
    await new Promise<void>((resolve) => this.options.clock.after(PAUSE_MS, resolve));
  }

  private end(camera: string, { keeper }: Watch): void {
    this.watches.delete(camera);
    this.track(keeper.close());
    for (const [partition, { intake, over, done }] of this.readings) {
      intake.cameras.delete(camera);
      if (intake.cameras.size > 0) continue;
      over.abort();
      this.readings.delete(partition);
      this.track(done);
    }
  }

  private track(work: Promise<void>): void {
    const tracked = work.finally(() => this.ending.delete(tracked));
    this.ending.add(tracked);
  }
}
