import type { Clock } from '../../clock.ts';
import { OcelliError } from '../../errors.ts';
import { MAX_BATCH_BYTES } from '../../log/kafka/kafka-settings.ts';
import type { Message, PartitionProducer } from '../../log/kafka/partition-producer.ts';
import { SequenceLost } from '../../log/kafka/requests.ts';
import type { BusItem, Frame } from '../frame.ts';
import type { Delivery, FrameSink, FrameSource } from '../frame-bus.ts';
import { gapOf } from '../gap-run.ts';
import type { FrameSinksObserver } from '../kafka-frames.ts';
import { MemoryFrameBus } from '../memory-frame-bus.ts';
import type { PixelPool } from '../pixel-pool.ts';
import type { AnsweredRecordings } from './answered-recordings.ts';
import type { FrameWriter } from './frame-writer.ts';
import { RecordingRoom } from './recording-room.ts';

/** Frames that are encoded at the same time and travel together. */
const BATCH_FRAMES = 16;
/** Room for the envelopes of a batch and its records. */
const BATCH_BYTES = MAX_BATCH_BYTES - 16 * 2 ** 10;
/** A batch that takes longer is not merely on its way: Kafka is missing. */
const SILENT_MS = 500;

export interface PartitionSenderOptions {
  readonly partition: number;
  readonly producer: PartitionProducer;
  readonly writer: FrameWriter;
  readonly answered: AnsweredRecordings;
  readonly clock: Clock;
  readonly pool: PixelPool;
  readonly observer: FrameSinksObserver;
}

interface Sendable extends Message {
  readonly item: BusItem;
  readonly value: Buffer;
}

/**
 * Writes what connectors say about the cameras of one partition into it, in the order of each camera, one batch at a time.
 *
 *   put ─▶ a slot for each live camera, a row for each recording ─▶ batch ─▶ encode ─▶ Kafka
 *
 * While Kafka does not answer, live frames of the batch in hand become gaps `broker`, in their places, and so do those that give way to
 * newer ones meanwhile; recordings wait. Whether the batch had come in is open, so it is written again: of what then stands there twice
 * readers take the first, by place.
 */
export class PartitionSender {
  private readonly options: PartitionSenderOptions;
  private readonly bus: MemoryFrameBus;
  private readonly source: FrameSource;
  private readonly rooms = new Map<string, RecordingRoom>();
  private readonly deliveries = new Map<string, Delivery>();
  private sendingSinceMs: number | undefined;
  private away = false;

  constructor(options: PartitionSenderOptions) {
    this.options = options;
    const { clock } = options;
    const shed = (frame: Frame) => this.giveBack(frame);
    this.bus = new MemoryFrameBus({ clock, shed, heldMs: 0, replaced: () => (this.isKafkaMissing() ? 'broker' : 'overload') });
    this.source = this.bus.source();
  }

  sink(camera: string, delivery: Delivery): FrameSink {
    this.deliveries.set(camera, delivery);
    return delivery.kind === 'live' ? this.bus.sink(camera, delivery) : this.recordingSink(camera, delivery);
  }

  /** Runs until the bus is closed and empty, or the signal. Rejects when writing again will not help. */
  async run(signal: AbortSignal): Promise<void> {
    for (;;) {
      const items = await this.gather(signal);
      if (items.length === 0) return;
      let batch = await this.encode(items);
      while (batch.length > 0 && !signal.aborted) batch = await this.send(batch);
    }
  }

  /** Nothing more will be put. */
  close(): void {
    this.bus.close();
    this.options.answered.close();
  }

  private async gather(signal: AbortSignal): Promise<BusItem[]> {
    const items = [...(await this.source.take(BATCH_FRAMES, 0, signal))];
    while (this.bus.isDue && items.length < BATCH_FRAMES) items.push(...(await this.source.take(BATCH_FRAMES - items.length, 0, signal)));
    return items;
  }

  private recordingSink(camera: string, delivery: Extract<Delivery, { kind: 'recording' }>): FrameSink {
    const room = this.roomOf(camera, delivery.aheadFrames);
    const sink = this.bus.sink(camera, { kind: 'recording', aheadFrames: Number.POSITIVE_INFINITY });
    const put = (item: BusItem) => {
      if (item.type === 'frame') room.put(item);
      sink.put(item);
      if (room.isFull) this.options.answered.wake();
    };
    const close = () => {
      room.close();
      sink.close();
    };
    return { put, room: () => room.room(), close };
  }

  /** One for as long as a connector has it: also when it is asked for again. */
  private roomOf(camera: string, aheadFrames: number): RecordingRoom {
    const known = this.rooms.get(camera);
    if (known !== undefined && !known.closed) return known;
    const room = new RecordingRoom(aheadFrames);
    this.rooms.set(camera, room);
    this.options.answered.follow(camera, room);
    return room;
  }

  private encode(items: readonly BusItem[]): Promise<Sendable[]> {
    return Promise.all(
      items.map(async (item) => {
        const delivery = this.deliveries.get(item.camera) as Delivery;
        return { item, key: item.camera, value: await this.options.writer.write(item, delivery) };
      }),
    );
  }

  /** Writes the first of them, as many as fit into a batch. @returns what is left to be written */
  private async send(batch: readonly Sendable[]): Promise<Sendable[]> {
    const now = batch.slice(0, fitting(batch));
    this.sendingSinceMs = this.options.clock.monotonic();
    try {
      await this.options.producer.send(now);
    } catch (error) {
      return this.withoutLiveFrames(batch, error);
    } finally {
      this.sendingSinceMs = undefined;
    }
    this.sent(now);
    return batch.slice(now.length);
  }

  /** Kafka has said so, or has said nothing for long. */
  private isKafkaMissing(): boolean {
    const { sendingSinceMs } = this;
    return this.away || (sendingSinceMs !== undefined && this.options.clock.monotonic() - sendingSinceMs > SILENT_MS);
  }

  private sent(messages: readonly Sendable[]): void {
    const { observer, partition } = this.options;
    const frames = messages.filter(({ item }) => item.type === 'frame');
    for (const { item, value } of frames) this.rooms.get(item.camera)?.sent(value.length);
    if (this.away) observer.back?.(partition);
    this.away = false;
    observer.sent?.(
      partition,
      frames.length,
      messages.reduce((sum, { value }) => sum + value.length, 0),
    );
  }

  private async withoutLiveFrames(batch: readonly Sendable[], error: unknown): Promise<Sendable[]> {
    if (error instanceof SequenceLost) return [...batch];
    if (!(error instanceof OcelliError && error.code === 'LOG_UNAVAILABLE')) throw error;
    if (!this.away) this.options.observer.away?.(this.options.partition, error);
    this.away = true;
    const isLive = ({ item }: Sendable) => item.type === 'frame' && item.clock !== 'recording';
    return Promise.all(batch.map(async (one) => (isLive(one) ? this.asGap(one) : one)));
  }

  private async asGap({ item, key }: Sendable): Promise<Sendable> {
    const gap = gapOf(item as Frame, 'broker');
    return { item: gap, key, value: await this.options.writer.write(gap, this.deliveries.get(key) as Delivery) };
  }

  private giveBack({ pixels, view }: Frame): void {
    this.options.pool.giveBack(pixels);
    if (view !== undefined) this.options.pool.giveBack(view.pixels.buffer);
  }
}

/** How many of them fit into a batch; one at least. */
function fitting(batch: readonly Sendable[]): number {
  let bytes = 0;
  const tooMany = batch.findIndex(({ value }, index) => {
    bytes += value.length;
    return index > 0 && bytes > BATCH_BYTES;
  });
  return tooMany === -1 ? batch.length : tooMany;
}
