import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BusItem, Frame } from '../../../../engine/frames/frame.ts';
import type { Delivery } from '../../../../engine/frames/frame-bus.ts';
import { openFrameSinks } from '../../../../engine/frames/kafka-door.ts';
import { openKafkaClient } from '../../../../engine/log/kafka/kafkajs-door.ts';
import { KeptPositions } from '../../../../engine/log/kafka/kept-positions.ts';
import { mark } from '../../../records.ts';
import { has } from '../../../requirements.ts';
import { disorder } from './disorder.ts';
import { frameAt, KafkaFramesUnderTest, MODEL, takeItems, told } from './open-frames.ts';

const LIMIT_MS = 120_000;
const RECORDING: Delivery = { kind: 'recording', aheadFrames: 500 };
const recorded = (camera: string, seq: number) => frameAt(camera, seq, { clock: 'recording' });

describe.skipIf(!has('kafka'))('the frame bus over Kafka', { timeout: LIMIT_MS }, () => {
  let bus: KafkaFramesUnderTest;
  beforeEach(async () => {
    bus = await KafkaFramesUnderTest.open(['a', 'b']);
  }, LIMIT_MS);
  afterEach(() => bus.close(), LIMIT_MS);

  it('brings frames, gaps and marks of a camera from one process to the other, in order, with all that is known of them', async () => {
    const source = await bus.source();
    const sink = (await bus.sinks()).sink('a', RECORDING);
    sink.put(mark('up', 0, { camera: 'a' }));
    sink.put(frameAt('a', 1, { clock: 'recording', statistics: true }));
    sink.put(recorded('a', 2));
    const items = await takeItems(source, 3);
    expect(told(items)).toEqual(['a up 0', 'a frame 1', 'a frame 2']);
    const { pixels, arrivedMs: _, ...facts } = items[1] as Frame;
    const { pixels: sent, arrivedMs: __, ...expected } = frameAt('a', 1, { clock: 'recording', statistics: true });
    expect(facts).toEqual(expected);
    expect(Buffer.from(pixels).equals(Buffer.from(sent))).toBe(true);
  });

  it('brings a JPEG of each frame, nearly as it was', async () => {
    const source = await bus.source();
    const sink = (await bus.sinks({ encoding: { encoding: 'jpeg', quality: 90 } })).sink('a', RECORDING);
    sink.put(mark('up', 0, { camera: 'a' }));
    sink.put(recorded('a', 1));
    const [, last] = await takeItems(source, 2);
    const pixels = new Uint8Array((last as Frame).pixels);
    expect(pixels).toHaveLength(3 * MODEL.width * MODEL.height);
    expect(Math.max(...pixels.map((value) => Math.abs(value - 1)))).toBeLessThanOrEqual(2);
  });

  it('gives a frame that does not fit the model as a gap, and tells why', async () => {
    const why: unknown[] = [];
    const source = await bus.source({ model: { width: 64, height: 64 }, observer: { undecodable: (_, error) => why.push(error) } });
    (await bus.sinks()).sink('a', RECORDING).put(recorded('a', 0));
    expect(told(await takeItems(source, 1))).toEqual(['a decode 0…0']);
    expect(why).toEqual([expect.objectContaining({ message: expect.stringContaining('32x16 pixels; the model here takes 64x64') })]);
  });

  it('holds a recording back until detections has what was put', async () => {
    const sink = (await bus.sinks()).sink('a', { kind: 'recording', aheadFrames: 2 });
    sink.put(recorded('a', 0));
    await sink.room();
    sink.put(recorded('a', 1));
    let entered = false;
    const room = sink.room().then(() => {
      entered = true;
    });
    await bus.record([mark('up', 0, { camera: 'b' })]);
    expect(entered).toBe(false);
    await bus.record([recorded('a', 0)]);
    await room;
    expect(entered).toBe(true);
  });

  it('goes on in another process behind what is answered, when the first leaves', async () => {
    const first = await bus.source();
    const sink = (await bus.sinks()).sink('a', RECORDING);
    for (let seq = 0; seq < 6; seq += 1) sink.put(recorded('a', seq));
    const items = await takeItems(first, 3);
    await bus.record(items);
    for (const item of items) first.done(item);
    first.stop();
    await first.close();
    expect(told(await takeItems(await bus.source(), 3))).toEqual(['a frame 3', 'a frame 4', 'a frame 5']);
  });

  it('shows what was taken and never answered to the next again, and what is recorded to nobody', async () => {
    const first = await bus.source();
    const sink = (await bus.sinks()).sink('a', RECORDING);
    for (let seq = 0; seq < 4; seq += 1) sink.put(recorded('a', seq));
    const items = await takeItems(first, 3);
    // As if it had died between the log and `done`.
    await bus.record(items.slice(0, 1));
    await first.close();
    expect(told(await takeItems(await bus.source(), 3))).toEqual(['a frame 1', 'a frame 2', 'a frame 3']);
  });

  it('begins with the first record that is there when the position that was kept is not', async () => {
    (await bus.sinks()).sink('a', RECORDING).put(recorded('a', 0));
    const topic = `${bus.settings.prefix}frames`;
    const kept = new KeptPositions(await openKafkaClient(bus.settings), { clock: bus.clock, group: topic, topic, where: 'Kafka' });
    await kept.keep(new Map([[bus.log.partitionOf('a'), 1_000]]));
    expect(await kept.read(bus.log.partitionOf('a'))).toBe(1_000);
    await kept.close();
    expect(told(await takeItems(await bus.source(), 1))).toEqual(['a frame 0']);
  });

  it("does nothing when an item of a partition that is somebody else's is done", async () => {
    const first = await bus.source();
    (await bus.sinks()).sink('a', RECORDING).put(recorded('a', 0));
    const [item] = await takeItems(first, 1);
    await first.close();
    first.done(item as BusItem);
    expect(told(await takeItems(await bus.source(), 1))).toEqual(['a frame 0']);
  });

  it('refuses raw frames that are more than a record may have, and carries the largest that are not', async () => {
    const { settings, log, clock, pool } = bus;
    const open = (side: number) =>
      openFrameSinks({ settings, log, clock, pool, model: { width: side, height: side }, encoding: { encoding: 'raw' } });
    await expect(open(1183)).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('{ encoding: jpeg }') });
    const sinks = await open(1182);
    const source = await bus.source({ model: { width: 1182, height: 1182 } });
    const pixels = new Uint8Array(3 * 1182 * 1182).fill(7);
    sinks.sink('a', RECORDING).put(frameAt('a', 0, { clock: 'recording', pixels: pixels.slice().buffer }));
    const [frame] = await takeItems(source, 1);
    expect(Buffer.from((frame as Frame).pixels).equals(pixels)).toBe(true);
    await sinks.close(1_000);
  });

  it('keeps the order of each camera while members come and go', async () => {
    expect(await disorder(bus, (camera) => bus.log.partitionOf(camera))).toEqual([]);
  });

  it('would not keep it if a camera lay in two partitions', async () => {
    let turn = 0;
    const found = await disorder(bus, () => Math.floor(turn++ / 2) % 2);
    expect(found.join()).toContain('a lost ');
  });
});
