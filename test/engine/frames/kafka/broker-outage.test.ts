import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BrokerProcess } from '../../../../demo/brokers/kafka/broker-process.ts';
import type { BusItem } from '../../../../engine/frames/frame.ts';
import type { FrameSource } from '../../../../engine/frames/frame-bus.ts';
import { has } from '../../../requirements.ts';
import { frameAt, KafkaFramesUnderTest, takeItems, told } from './open-frames.ts';

const LIMIT_MS = 120_000;

describe.skipIf(!has('kafka'))('the frame bus while Kafka is away', { timeout: LIMIT_MS }, () => {
  let broker: BrokerProcess;
  let bus: KafkaFramesUnderTest;
  beforeAll(async () => {
    broker = await BrokerProcess.start();
    bus = await KafkaFramesUnderTest.open(['live', 'file'], { brokers: [broker.addresses.plain], partitions: 1 });
  }, LIMIT_MS);
  afterAll(async () => {
    await bus.close();
    await broker.stop();
  }, LIMIT_MS);

  it('keeps the newest live frame and tells the others in a gap before it; frames of a recording wait', async () => {
    const away = Promise.withResolvers<void>();
    const sinks = await bus.sinks({ observer: { away: () => away.resolve() } });
    const source = await bus.source();
    const live = sinks.sink('live', { kind: 'live', freshnessMs: 60_000 });
    const file = sinks.sink('file', { kind: 'recording', aheadFrames: 500 });
    live.put(frameAt('live', 0));
    expect(told(await takeItems(source, 1))).toEqual(['live frame 0']);
    await broker.kill();
    live.put(frameAt('live', 1));
    for (let seq = 0; seq < 3; seq += 1) file.put(frameAt('file', seq, { clock: 'recording' }));
    await away.promise;
    for (let seq = 2; seq < 9; seq += 1) live.put(frameAt('live', seq));
    await broker.restart();
    const items = await takeUntil(source, (item) => item.type === 'frame' && item.camera === 'live');
    expect(told(items.filter(({ camera }) => camera === 'live'))).toEqual(['live broker 1…7', 'live frame 8']);
    const ofFile = [...items, ...(await takeRest(source, items))].filter(({ camera }) => camera === 'file');
    expect(told(ofFile)).toEqual(['file frame 0', 'file frame 1', 'file frame 2']);
  });
});

async function takeUntil(source: FrameSource, isLast: (item: BusItem) => boolean): Promise<BusItem[]> {
  const items = await takeItems(source, 1);
  while (!items.some(isLast)) items.push(...(await takeItems(source, 1)));
  return items;
}

async function takeRest(source: FrameSource, taken: readonly BusItem[]): Promise<BusItem[]> {
  const missing = 3 - taken.filter(({ camera }) => camera === 'file').length;
  return missing === 0 ? [] : takeItems(source, missing);
}
