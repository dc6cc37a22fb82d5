import { SystemClock } from '../../../../engine/clock.ts';
import type { BusItem, Frame } from '../../../../engine/frames/frame.ts';
import type { FrameSource } from '../../../../engine/frames/frame-bus.ts';
import type { FrameEncoding } from '../../../../engine/frames/frame-encoding.ts';
import { openFrameSinks, openFrameSource, openViewReceiver, openViewSender } from '../../../../engine/frames/kafka-door.ts';
import type { FrameSinks, FrameSinksOptions, FrameSourceOptions, KafkaFrameSource } from '../../../../engine/frames/kafka-frames.ts';
import type { ViewReceiver, ViewSender, WatchLeases } from '../../../../engine/frames/kafka-views.ts';
import { PixelPool } from '../../../../engine/frames/pixel-pool.ts';
import type { ViewStore } from '../../../../engine/frames/view-store.ts';
import type { KafkaLog } from '../../../../engine/log/kafka/kafka-log.ts';
import type { KafkaSettings } from '../../../../engine/log/kafka/kafka-settings.ts';
import { sharedBroker } from '../../../brokers/kafka/shared-broker.ts';
import { frame as detections, timeOf } from '../../../records.ts';
import { openKafkaLog, ownTopics } from '../../log/kafka/open-kafka-log.ts';

export const MODEL = { width: 32, height: 16 };
const RAW: FrameEncoding = { encoding: 'raw' };

/** The frame bus of a site of its own, on the broker of the run: ends are opened as tests want them, and all closed by `close`. */
export class KafkaFramesUnderTest {
  readonly settings: KafkaSettings;
  readonly log: KafkaLog;
  readonly clock = new SystemClock();
  readonly pool = new PixelPool(2 ** 20);
  private readonly closing: (() => Promise<void>)[] = [];

  static async open(cameras: readonly string[], settings: Partial<KafkaSettings> = {}): Promise<KafkaFramesUnderTest> {
    const own = ownTopics(settings.brokers?.[0] ?? (await sharedBroker()), settings);
    const log = await openKafkaLog(own);
    await log.assign(cameras);
    return new KafkaFramesUnderTest(own, log);
  }

  private constructor(settings: KafkaSettings, log: KafkaLog) {
    this.settings = settings;
    this.log = log;
  }

  async sinks(options: Partial<FrameSinksOptions> = {}): Promise<FrameSinks> {
    const sinks = await openFrameSinks({ ...this.parts, encoding: RAW, ...options });
    this.closing.push(() => sinks.close(1_000));
    return sinks;
  }

  /** As another member of the group, with a log of its own. */
  async source(options: Partial<FrameSourceOptions> = {}): Promise<KafkaFrameSource> {
    const source = await openFrameSource({ ...this.parts, ...options });
    this.closing.push(() => source.close());
    return source;
  }

  async viewSender(leases: WatchLeases): Promise<ViewSender> {
    const sender = await openViewSender({ ...this.parts, leases });
    this.closing.push(() => sender.close());
    return sender;
  }

  async viewReceiver(leases: WatchLeases, views: ViewStore): Promise<ViewReceiver> {
    const receiver = await openViewReceiver({ ...this.parts, leases, views });
    this.closing.push(() => receiver.close());
    return receiver;
  }

  /** Writes what the detect stage would write for these items, in order. */
  async record(items: readonly BusItem[]): Promise<void> {
    for (const item of items) {
      const { camera, session } = item;
      const record = item.type === 'frame' ? detections(item.seq, [], { camera, session }) : item;
      await this.log.append('detections', this.log.partitionOf(camera), [record]);
    }
  }

  async close(): Promise<void> {
    for (const close of this.closing.splice(0).reverse()) await close();
    await this.log.close();
  }

  private get parts() {
    const { settings, log, clock, pool } = this;
    return { settings, log, clock, pool, model: MODEL };
  }
}

/** A frame of the model's size; every pixel has the value of its place, so that frames can be told apart. */
export function frameAt(camera: string, seq: number, facts: Partial<Frame> = {}): Frame {
  return {
    ...{ type: 'frame', camera, session: 1, seq, time: timeOf(seq), clock: 'arrival' },
    ...{ arrivedMs: new SystemClock().monotonic(), decodedMs: 1, settings: 'f00d' },
    image: { width: 1920, height: 1080 },
    letterbox: { x: 0, y: 1, width: 32, height: 14 },
    pixels: new Uint8Array(3 * MODEL.width * MODEL.height).fill(seq).buffer,
    ...facts,
  };
}

/** Takes items until there are so many. */
export async function takeItems(source: FrameSource, count: number): Promise<BusItem[]> {
  const items: BusItem[] = [];
  while (items.length < count) {
    const more = await source.take(1, 0, new AbortController().signal);
    if (more.length === 0) throw new Error(`The source ended after ${items.length} items.`);
    items.push(...more);
  }
  return items;
}

export function told(items: readonly BusItem[]): string[] {
  return items.map((item) => {
    if (item.type === 'gap') return `${item.camera} ${item.reason} ${item.from}…${item.to}`;
    return `${item.camera} ${item.type === 'mark' ? item.mark : 'frame'} ${item.seq}`;
  });
}
