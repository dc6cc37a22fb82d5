import type { Clock } from '../../clock.ts';
import { OcelliError } from '../../errors.ts';
import type { RawPartition } from '../../log/kafka/kafkajs-door.ts';
import { OutOfRange, type PartitionName, type Requests } from '../../log/kafka/requests.ts';
import type { Position } from '../../log/log.ts';

/** The broker answers when something comes; only whoever stops reading waits for the end of this. */
const FETCH_WAIT_MS = 500;
const FETCH_BYTES = 2 * 2 ** 20;

/** A record as it was read. */
export interface FrameMessage {
  readonly position: Position;
  readonly camera: string;
  readonly value: Buffer;
  /** Nothing stood behind it in the partition. */
  readonly isLast: boolean;
}

/** Takes records in, in order. */
export interface FrameIntake {
  /** Resolves when more may be read. */
  room(signal: AbortSignal): Promise<void>;
  take(message: FrameMessage): void;
}

export interface PartitionFetcherOptions {
  readonly name: PartitionName;
  /** Over connections of its own: a broker answers the requests of a connection one after another. */
  readonly requests: Requests;
  readonly clock: Clock;
  readonly intake: FrameIntake;
  readonly from: Position;
  readonly away: (error: unknown) => void;
}

/** Reads one partition as long as it is not stopped, and no faster than what is read is taken on. */
export class PartitionFetcher {
  private readonly options: PartitionFetcherOptions;
  private heardEnd: Position;

  constructor(options: PartitionFetcherOptions) {
    this.options = options;
    this.heardEnd = options.from;
  }

  /** The end of the partition, as last heard. */
  get end(): Position {
    return this.heardEnd;
  }

  /** Runs until the signal. Rejects when trying again will not help. */
  async run(signal: AbortSignal): Promise<void> {
    let position = this.options.from;
    while (!signal.aborted) {
      await this.options.intake.room(signal);
      if (!signal.aborted) position = await this.read(position, signal);
    }
  }

  /** @returns where to go on */
  private async read(from: Position, signal: AbortSignal): Promise<Position> {
    const { name, requests } = this.options;
    try {
      return this.take(await requests.fetch(name, from, { maxBytes: FETCH_BYTES, waitMs: FETCH_WAIT_MS }), from, signal);
    } catch (error) {
      if (signal.aborted) return from;
      if (error instanceof OutOfRange) return this.firstPosition(from);
      this.tellAway(error);
      return from;
    }
  }

  /** Retention has taken what was asked for, or the topic was made anew. */
  private async firstPosition(from: Position): Promise<Position> {
    try {
      return await this.options.requests.start(this.options.name);
    } catch (error) {
      this.tellAway(error);
      return from;
    }
  }

  private tellAway(error: unknown): void {
    if (!(error instanceof OcelliError && error.code === 'LOG_UNAVAILABLE')) throw error;
    this.options.away(error);
  }

  /** A batch comes as a whole: what stands in it before `from` is left out. */
  private take({ messages, highWatermark }: RawPartition, from: Position, signal: AbortSignal): Position {
    if (signal.aborted) return from;
    this.heardEnd = Number(highWatermark);
    let next = from;
    for (const { offset, key, value, isControlRecord } of messages) {
      const position = Number(offset);
      if (position < from) continue;
      next = position + 1;
      if (isControlRecord || value === null) continue;
      this.options.intake.take({ position, camera: key?.toString() ?? '', value, isLast: next === this.heardEnd });
    }
    return next;
  }
}
