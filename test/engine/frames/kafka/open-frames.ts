import { SystemClock } from '../../../../engine/clock.ts';
import type { Frame } from '../../../../engine/frames/frame.ts';
import type { FrameEncoding } from '../../../../engine/frames/frame-encoding.ts';
import { openFrameSinks, openFrameSource } from '../../../../engine/frames/kafka-door.ts';
import type { FrameSinks, FrameSinksOptions, FrameSourceOptions, KafkaFrameSource } from '../../../../engine/frames/kafka-frames.ts';
import { PixelPool } from '../../../../engine/frames/pixel-pool.ts';
import type { KafkaLog } from '../../../../engine/log/kafka/kafka-log.ts';
import type { KafkaSettings } from '../../../../engine/log/kafka/kafka-settings.ts';
import { sharedBroker } from '../../../brokers/kafka/shared-broker.ts';
import { openKafkaLog, ownTopics } from '../../log/kafka/open-kafka-log.ts';

export const MODEL = { width: 32, height: 16 };
export const SESSION = 1_766_400_000;
const RAW: FrameEncoding = { encoding: 'raw' };

/** The frame bus of a site of its own, on the broker of the run: ends are opened as tests want them, and all closed by `close`. */
export class KafkaFramesUnderTest {
  readonly settings: KafkaSettings;
  readonly log: KafkaLog;
  readonly clock = new SystemClock();
  readonly pool = new PixelPool(2 ** 20);
  private readonly closing: (() => Promise<void>)[] = [];

  static async open(cameras: readonly string[], settings: Partial<KafkaSettings> = {}): Promise<KafkaFramesUnderTest> {
    const own = ownTopics(await sharedBroker(), settings);
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

  async source(options: Partial<FrameSourceOptions> = {}): Promise<KafkaFrameSource> {
    const source = await openFrameSource({ ...this.parts, ...options });
    this.closing.push(() => source.close());
    return source;
  }

  async close(): Promise<void> {
    for (const close of this.closing.splice(0)) await close();
    await this.log.close();
  }

  private get parts() {
    const { settings, log, clock, pool } = this;
    return { settings, log, clock, pool, model: MODEL };
  }
}

/** A frame of the model's size; every pixel has the value of its place, so that frames can be told apart. */
export function frameAt(camera: string, seq: number, facts: Partial<Frame> = {}): Frame {
  const time = (SESSION + seq) * 1000;
  return {
    ...{ type: 'frame', camera, session: SESSION, seq, time, clock: 'arrival' },
    ...{ arrivedMs: new SystemClock().monotonic(), decodedMs: 1, settings: 'f00d' },
    image: { width: 1920, height: 1080 },
    letterbox: { x: 0, y: 1, width: 32, height: 14 },
    pixels: new Uint8Array(3 * MODEL.width * MODEL.height).fill(seq).buffer,
    ...facts,
  };
}
