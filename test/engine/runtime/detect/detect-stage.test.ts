import { beforeEach, describe, expect, it } from 'vitest';
import type { Detected } from '../../../../engine/contract/detection.ts';
import type { Model } from '../../../../engine/contract/model.ts';
import type { BatchItem, BatchOperator } from '../../../../engine/contract/operator.ts';
import { OcelliError } from '../../../../engine/errors.ts';
import type { BusItem, Frame } from '../../../../engine/frames/frame.ts';
import { MemoryFrameBus } from '../../../../engine/frames/memory-frame-bus.ts';
import { checkAccount } from '../../../../engine/records/account.ts';
import { type DetectObserver, DetectStage } from '../../../../engine/runtime/detect/detect-stage.ts';
import { ManualClock } from '../../../manual-clock.ts';
import { detected, mark, timeOf } from '../../../records.ts';
import { MemoryDisk, MemoryLog } from '../keyed/doubles/memory-log.ts';

const MODEL: Model = {
  provenance: { name: 'parcels', version: '1', sha256: 'a'.repeat(64), dataset: 'parcels-test' },
  classes: ['parcel'],
  input: { width: 320, height: 192, pad: 114 },
};

type Item = BatchItem<Frame, Detected>;

/** A detector that a test answers for. */
class HeldDetector implements BatchOperator<Frame, Detected> {
  readonly name = 'held';
  readonly asked: Item[] = [];
  readonly batch = { size: 1, waitMs: 0, parallel: 2 };
  private readonly done = new Map<Item, () => void>();
  closed = false;

  async open() {
    return { batch: this.batch, process: (items: readonly Item[]) => this.process(items), close: () => this.close() };
  }

  private async close(): Promise<void> {
    this.closed = true;
  }

  private async process(items: readonly Item[]): Promise<void> {
    const settled = items.map((item) => new Promise<void>((resolve) => this.done.set(item, resolve)));
    this.asked.push(...items);
    await Promise.all(settled);
  }

  settle(index: number, settle: (item: Item) => void): void {
    const item = this.asked[index] as Item;
    settle(item);
    this.done.get(item)?.();
  }
}

describe('the detect stage', () => {
  let bus: MemoryFrameBus;
  let log: MemoryLog;
  let detector: HeldDetector;
  let told: string[];
  let running: Promise<void>;

  const observer: DetectObserver = {
    detected: ({ seq }) => told.push(`detected ${seq}`),
    failed: ({ seq }) => told.push(`failed ${seq}`),
    committed: (item: BusItem) => told.push(`committed ${item.type === 'gap' ? item.from : item.seq}`),
    released: () => told.push('released'),
  };
  const frame = (seq: number, camera = 'dock-1'): Frame => ({
    type: 'frame',
    camera,
    session: 1,
    seq,
    time: timeOf(seq),
    clock: 'recording',
    arrivedMs: 0,
    decodedMs: 1.26,
    settings: 'f00d',
    image: { width: 1920, height: 1080 },
    letterbox: { x: 0, y: 6, width: 320, height: 180 },
    pixels: new ArrayBuffer(1),
  });
  const answer = (item: Item) => item.answer({ objects: [detected()], inferredMs: 8, pixels: item.input.pixels });
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  const records = async () => (await log.read('detections', 0, { from: 0, limit: 100 })).entries.map(({ record }) => record);
  const finish = async () => {
    bus.close();
    await running;
    return records();
  };

  beforeEach(() => {
    const clock = new ManualClock();
    told = [];
    bus = new MemoryFrameBus({ clock });
    log = new MemoryLog(new MemoryDisk());
    detector = new HeldDetector();
    running = new DetectStage({ source: bus.source(), operator: detector, model: MODEL, log, clock, observers: [observer] }).run();
    running.catch(() => {});
  });

  const recording = (camera = 'dock-1') => bus.sink(camera, { kind: 'recording', aheadFrames: 10 });

  it('writes one record an item, in the order of the camera, whatever order the answers have', async () => {
    const sink = recording();
    for (const item of [mark('up', 0), frame(1), frame(2), mark('heartbeat', 3)]) sink.put(item);
    await turn();
    detector.settle(1, answer);
    await turn();
    expect((await records()).map(({ id }) => id)).toEqual(['dock-1/1/0']);
    detector.settle(0, answer);
    const written = await finish();
    expect(written.map(({ id }) => id)).toEqual(['dock-1/1/0', 'dock-1/1/1', 'dock-1/1/2', 'dock-1/1/3']);
    expect(checkAccount(written, { topic: 'detections' }).breaches).toEqual([]);
  });

  it('lets one camera overtake another', async () => {
    recording('slow').put(frame(0, 'slow'));
    recording('quick').put(frame(0, 'quick'));
    await turn();
    detector.settle(1, answer);
    await turn();
    expect((await records()).map(({ camera }) => camera)).toEqual(['quick']);
    detector.settle(0, answer);
    await finish();
  });

  it('puts the model, the settings and the timing into the record', async () => {
    recording().put(frame(0));
    await turn();
    detector.settle(0, answer);
    expect((await finish())[0]).toMatchObject({
      model: { ...MODEL.provenance, settings: 'f00d' },
      timing: { decoded: 1.3, waited: 0, inferred: 8 },
      objects: [detected()],
    });
  });

  it('gives a frame a second try', async () => {
    recording().put(frame(0));
    await turn();
    detector.settle(0, (item) => item.reject(new Error('the worker died')));
    await turn();
    detector.settle(1, answer);
    expect((await finish()).map(({ type }) => type)).toEqual(['detections']);
  });

  it('tells a frame that fails twice in a gap, and goes on', async () => {
    const sink = recording();
    sink.put(frame(0));
    sink.put(frame(1));
    await turn();
    for (const _ of [1, 2]) {
      detector.settle(
        detector.asked.findLastIndex(({ input }) => input.seq === 0),
        (item) => item.reject(new Error('not a number')),
      );
      await turn();
    }
    detector.settle(
      detector.asked.findIndex(({ input }) => input.seq === 1),
      answer,
    );
    expect(await finish()).toMatchObject([
      { type: 'gap', from: 0, to: 0, reason: 'failed' },
      { type: 'detections', seq: 1 },
    ]);
    expect(told).toContain('failed 0');
  });

  it('gives a frame that was forgotten by the detector a second try too', async () => {
    recording().put(frame(0));
    await turn();
    detector.settle(0, () => {});
    await turn();
    detector.settle(1, answer);
    expect(await finish()).toHaveLength(1);
  });

  it('has no more batches under way than the detector takes', async () => {
    const sink = recording();
    for (const seq of [0, 1, 2]) sink.put(frame(seq));
    await turn();
    expect(detector.asked).toHaveLength(2);
    detector.settle(0, answer);
    await turn();
    expect(detector.asked).toHaveLength(3);
    detector.settle(1, answer);
    detector.settle(2, answer);
    await finish();
  });

  it('says that an item is done when its record is committed, not before', async () => {
    recording().put(frame(0));
    await turn();
    expect(told).toEqual([]);
    detector.settle(0, answer);
    await finish();
    expect(told).toEqual(['detected 0', 'released', 'committed 0']);
  });

  it('stops when a record could not be written, and writes nothing behind it', async () => {
    const sink = recording();
    sink.put(frame(0));
    sink.put(frame(1));
    await turn();
    log.append = () => Promise.reject(new OcelliError('LOG_FULL', 'The disk is full.'));
    detector.settle(0, answer);
    detector.settle(1, answer);
    await expect(running).rejects.toThrow('The disk is full.');
    expect(await records()).toEqual([]);
    expect(detector.closed).toBe(true);
  });
});
