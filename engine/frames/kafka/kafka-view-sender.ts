import { randomInt } from 'node:crypto';
import { sentenceOf } from '../../errors.ts';
import { openKafkaClient } from '../../log/kafka/kafkajs-door.ts';
import { type Message, PartitionProducer } from '../../log/kafka/partition-producer.ts';
import type { Requests } from '../../log/kafka/requests.ts';
import { kafkaTopic } from '../../log/kafka/topic-plan.ts';
import { encodeJpeg } from '../../pictures/picture.ts';
import type { Frame, View } from '../frame.ts';
import type { FrameSink } from '../frame-bus.ts';
import type { KafkaViewsOptions, ViewSender } from '../kafka-views.ts';
import { MemoryFrameBus } from '../memory-frame-bus.ts';
import { writeFrame } from './frame-record.ts';
import { ensureFrameTopics } from './frame-topics.ts';
import { openRequests } from './open-requests.ts';
import { WatchedCameras } from './watched-cameras.ts';

const QUALITY = 80;
const BATCH_VIEWS = 8;
/** A view that waited longer is of no use: its boxes are drawn without it. */
const FRESHNESS_MS = 1_000;
const SENDERS = 2 ** 32;

type FrameWithView = Frame & { readonly view: View };

/** Sends views of watched cameras to topic `views`, laid out as frames are. See `ViewSender`. */
export class KafkaViewSender implements ViewSender {
  private readonly options: KafkaViewsOptions;
  private readonly requests: Requests;
  private readonly watched: WatchedCameras;
  private readonly sender = randomInt(SENDERS);
  private readonly buses = new Map<number, MemoryFrameBus>();
  private readonly sinks = new Map<string, FrameSink>();
  private readonly running = new Set<Promise<void>>();
  private readonly onTrouble: (error: unknown) => void;

  static async open(options: KafkaViewsOptions): Promise<KafkaViewSender> {
    const client = await openKafkaClient(options.settings);
    await ensureFrameTopics(client, options);
    return new KafkaViewSender(options, openRequests(client, options));
  }

  private constructor(options: KafkaViewsOptions, requests: Requests) {
    this.options = options;
    this.requests = requests;
    this.onTrouble = options.onTrouble ?? (() => {});
    this.watched = new WatchedCameras({ ...options, onTrouble: this.onTrouble });
  }

  sending(sink: FrameSink): FrameSink {
    return {
      put: (item) => sink.put(item.type === 'frame' && item.view !== undefined ? this.takeView({ ...item, view: item.view }) : item),
      room: () => sink.room(),
      close: () => sink.close(),
    };
  }

  async close(): Promise<void> {
    this.watched.close();
    for (const bus of this.buses.values()) bus.close();
    await Promise.all(this.running);
    await this.requests.close();
  }

  /** @returns the frame without its view */
  private takeView(frame: FrameWithView): Frame {
    if (this.watched.has(frame.camera)) this.sinkOf(frame.camera).put(frame);
    else this.giveBack(frame);
    const { view: _view, ...rest } = frame;
    return rest;
  }

  private sinkOf(camera: string): FrameSink {
    const known = this.sinks.get(camera);
    if (known !== undefined) return known;
    const partition = this.options.log.partitionOf(camera);
    const bus = this.buses.get(partition) ?? this.startBus(partition);
    const sink = bus.sink(camera, { kind: 'live', freshnessMs: FRESHNESS_MS });
    this.sinks.set(camera, sink);
    return sink;
  }

  private startBus(partition: number): MemoryFrameBus {
    const bus = new MemoryFrameBus({ clock: this.options.clock, shed: (frame) => this.giveBack(frame), heldMs: 0 });
    this.buses.set(partition, bus);
    this.running.add(this.send(bus, partition));
    return bus;
  }

  /** Until the bus is closed and empty. What cannot be sent is lost: the next view is as good. */
  private async send(bus: MemoryFrameBus, partition: number): Promise<void> {
    const producer = new PartitionProducer(this.requests, { topic: kafkaTopic(this.options.settings, 'views'), partition });
    const source = bus.source();
    const { signal } = new AbortController();
    for (let items = await source.take(BATCH_VIEWS, 0, signal); items.length > 0; items = await source.take(BATCH_VIEWS, 0, signal)) {
      const frames = items.filter((item): item is FrameWithView => item.type === 'frame');
      if (frames.length === 0) continue;
      await Promise.all(frames.map((frame) => this.encode(frame)))
        .then((messages) => producer.send(messages))
        .catch((error: unknown) => this.onTrouble(new Error(`Views of partition ${partition}: ${sentenceOf(error)}`, { cause: error })));
    }
  }

  private async encode(frame: FrameWithView): Promise<Message> {
    const { clock } = this.options;
    const { view, camera } = frame;
    const { width, height } = view;
    try {
      const header = {
        ...frame,
        ...{ encoding: 'jpeg' as const, statistics: false, sender: this.sender, freshnessMs: FRESHNESS_MS, size: { width, height } },
        arrivedAt: clock.now() - (clock.monotonic() - frame.arrivedMs),
      };
      return { key: camera, value: writeFrame(header, await encodeJpeg(view, QUALITY)) };
    } finally {
      this.giveBack(frame);
    }
  }

  private giveBack({ view }: Frame): void {
    if (view !== undefined) this.options.pool.giveBack(view.pixels.buffer);
  }
}
