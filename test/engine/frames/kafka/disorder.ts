import type { BusItem } from '../../../../engine/frames/frame.ts';
import { gapOf } from '../../../../engine/frames/gap-run.ts';
import type { KafkaFrameSource } from '../../../../engine/frames/kafka-frames.ts';
import type { LogReader } from '../../../../engine/log/log.ts';
import { lastPlace } from '../../../../engine/records/place.ts';
import { PlaceRule } from '../../../../engine/records/place-rule.ts';
import { frameAt, type KafkaFramesUnderTest, told } from './open-frames.ts';

const FRAMES = 30;
const CAMERAS = ['a', 'b'];

/**
 * Sends recordings through the bus to members that come and go, and says what of the order was broken: places that were told as lost, or
 * that nobody told of. `partitionOf` decides where a frame goes.
 */
export async function disorder(bus: KafkaFramesUnderTest, partitionOf: (camera: string) => number): Promise<string[]> {
  const detection = new Detection(bus);
  const sinks = await bus.sinks({ log: Object.assign(Object.create(bus.log) as LogReader, { partitionOf }) });
  const first = await bus.source();
  const ofFirst = detection.run(first);
  for (let seq = 0; seq < FRAMES; seq += 1) {
    for (const camera of CAMERAS)
      sinks.sink(camera, { kind: 'recording', aheadFrames: 500 }).put(frameAt(camera, seq, { clock: 'recording' }));
  }
  await detection.began;
  const second = await bus.source();
  const ofSecond = detection.run(second);
  first.stop();
  await ofFirst;
  await first.close();
  await detection.finished;
  second.stop();
  await ofSecond;
  return detection.broken();
}

/** Stands for detect stages: records what it takes, one item after the other. */
class Detection {
  private readonly bus: KafkaFramesUnderTest;
  private readonly taken: BusItem[] = [];
  private readonly first = Promise.withResolvers<void>();
  private readonly all = Promise.withResolvers<void>();

  constructor(bus: KafkaFramesUnderTest) {
    this.bus = bus;
  }

  get began(): Promise<void> {
    return this.first.promise;
  }

  get finished(): Promise<void> {
    return this.all.promise;
  }

  async run(source: KafkaFrameSource): Promise<void> {
    const { signal } = new AbortController();
    for (let items = await source.take(1, 0, signal); items.length > 0; items = await source.take(1, 0, signal)) {
      this.taken.push(...items);
      this.first.resolve();
      await this.bus.record(items);
      for (const item of items) source.done(item);
      if (CAMERAS.every((camera) => this.hasLast(camera))) this.all.resolve();
    }
  }

  broken(): string[] {
    const rule = new PlaceRule();
    return this.taken.flatMap((item) => {
      const record = item.type === 'frame' ? gapOf(item, 'skipped') : item;
      const { hole } = rule.admit(record);
      const lost = item.type === 'gap' && item.reason === 'lost' ? told([item]) : [];
      return hole === undefined ? lost : [...lost, `${item.camera} ${hole.from}…${hole.to} missing`];
    });
  }

  private hasLast(camera: string): boolean {
    return this.taken.some((item) => item.camera === camera && lastPlace(item).seq === FRAMES - 1);
  }
}
