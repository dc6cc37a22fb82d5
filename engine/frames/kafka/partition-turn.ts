import { OcelliError } from '../../errors.ts';
import type { KafkaClient } from '../../log/kafka/kafkajs-door.ts';
import type { KeptPositions } from '../../log/kafka/kept-positions.ts';
import type { PartitionName, Requests } from '../../log/kafka/requests.ts';
import type { Position } from '../../log/log.ts';
import type { Progress } from '../../records/place-rule.ts';
import type { BusItem } from '../frame.ts';
import type { FrameSourceObserver, FrameSourceOptions } from '../kafka-frames.ts';
import { bound } from './bound.ts';
import type { FrameInbox } from './frame-inbox.ts';
import { openRequests } from './open-requests.ts';
import { PartitionFetcher } from './partition-fetcher.ts';
import { PartitionIntake } from './partition-intake.ts';

/** What is in the detect stage when a partition goes to somebody else has so long to be answered. */
const HAND_BACK_WITHIN_MS = 2_000;

export interface PartitionTurnOptions extends FrameSourceOptions {
  readonly name: PartitionName;
  readonly client: KafkaClient;
  readonly kept: KeptPositions;
  readonly inbox: FrameInbox;
  readonly observer: FrameSourceObserver;
}

/**
 * The time for which this process reads a partition.
 *
 *   begin ─▶ asks where to begin, and what is recorded already ─▶ reading ──stop──▶ over
 *                                                                   └──finish──▶ what is in hand is answered, or 2 s ──▶ over
 */
export class PartitionTurn {
  private readonly options: PartitionTurnOptions;
  private readonly over = new AbortController();
  private intake: PartitionIntake | undefined;
  private fetcher: PartitionFetcher | undefined;

  constructor(options: PartitionTurnOptions) {
    this.options = options;
  }

  /** The first record that is not answered; `undefined` before it is known where to begin. */
  get position(): Position | undefined {
    return this.intake?.position;
  }

  get lag(): number {
    return Math.max(0, (this.fetcher?.end ?? 0) - (this.intake?.position ?? 0));
  }

  /** Rejects when trying again will not help. */
  async run(): Promise<void> {
    const { signal } = this.over;
    const requests = openRequests(this.options.client, this.options);
    signal.addEventListener('abort', () => void requests.close(), { once: true });
    try {
      const begun = await this.begin(requests);
      await begun?.run(signal);
    } finally {
      await requests.close();
    }
  }

  /** Asks until Kafka answers; `undefined` when it is over before. */
  private async begin(requests: Requests): Promise<PartitionFetcher | undefined> {
    const { kept, name, log, observer } = this.options;
    while (!this.over.signal.aborted) {
      try {
        const from = (await kept.read(name.partition)) ?? (await requests.start(name));
        const reach = await log.progress('detections', name.partition);
        if (!this.over.signal.aborted) return this.readFrom(from, reach, requests);
      } catch (error) {
        if (this.over.signal.aborted) return undefined;
        if (!isAway(error)) throw error;
        observer.away?.(error);
      }
    }
    return undefined;
  }

  private readFrom(from: Position, reach: ReadonlyMap<string, Progress>, requests: Requests): PartitionFetcher {
    const { observer } = this.options;
    this.intake = new PartitionIntake({ ...this.options, from, reach });
    this.fetcher = new PartitionFetcher({ ...this.options, requests, intake: this.intake, from, away: (error) => observer.away?.(error) });
    return this.fetcher;
  }

  given(item: BusItem): void {
    this.intake?.given(item);
  }

  answered(item: BusItem): void {
    this.intake?.answered(item);
  }

  /** Reads no more and gives up what waits. */
  stop(): void {
    this.over.abort();
    this.intake?.drop();
  }

  /** Stops, and waits a while for what is in hand. */
  async finish(): Promise<void> {
    this.stop();
    await bound(this.options.clock, HAND_BACK_WITHIN_MS, (signal) => this.intake?.handedBack(signal));
  }
}

function isAway(error: unknown): boolean {
  return error instanceof OcelliError && error.code === 'LOG_UNAVAILABLE';
}
