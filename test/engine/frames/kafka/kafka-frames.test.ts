import { afterEach, expect, it } from 'vitest';
import type { BusItem } from '../../../../engine/frames/frame.ts';
import type { KafkaFrameSource } from '../../../../engine/frames/kafka-frames.ts';
import { mark } from '../../../records.ts';
import { frameAt, KafkaFramesUnderTest, SESSION } from './open-frames.ts';

let bus: KafkaFramesUnderTest;
afterEach(() => bus.close());

async function takeCount(source: KafkaFrameSource, count: number): Promise<BusItem[]> {
  const items: BusItem[] = [];
  while (items.length < count) {
    const more = await source.take(1, 0, new AbortController().signal);
    if (more.length === 0) throw new Error(`The source ended after ${items.length} items.`);
    items.push(...more);
  }
  return items;
}

it('brings frames, gaps and marks of a camera from one process to the other, in order', async () => {
  bus = await KafkaFramesUnderTest.open(['a']);
  const source = await bus.source();
  const sink = (await bus.sinks()).sink('a', { kind: 'recording', aheadFrames: 100 });
  sink.put(mark('up', 0, { camera: 'a', session: SESSION }));
  for (let seq = 1; seq < 4; seq += 1) sink.put(frameAt('a', seq, { clock: 'recording' }));
  const items = await takeCount(source, 4);
  expect(items.map((item) => [item.type, 'seq' in item && item.seq])).toEqual([
    ['mark', 0],
    ['frame', 1],
    ['frame', 2],
    ['frame', 3],
  ]);
});
