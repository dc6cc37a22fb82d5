import { beforeEach, describe, expect, it } from 'vitest';
import type { Detected } from '../../../../engine/contract/detection.ts';
import type { BatchItem, BatchOperator } from '../../../../engine/contract/operator.ts';
import { OcelliError } from '../../../../engine/errors.ts';
import type { Frame } from '../../../../engine/frames/frame.ts';
import { MemoryFrameBus } from '../../../../engine/frames/memory-frame-bus.ts';
import type { Position } from '../../../../engine/log/log.ts';
import { checkAccount } from '../../../../engine/records/account.ts';
import type { RecordOf, Topic } from '../../../../engine/records/topic.ts';
import { DetectStage } from '../../../../engine/runtime/detect/detect-stage.ts';
import { ManualClock } from '../../../manual-clock.ts';
import { mark, timeOf } from '../../../records.ts';
import { MemoryDisk, MemoryLog } from '../keyed/doubles/memory-log.ts';

const MODEL = {
  provenance: { name: 'parcels', version: '1', sha256: 'a'.repeat(64), dataset: 'parcels-test' },
  classes: ['parcel'],
  input: { width: 320, height: 192, pad: 114 },
};

/** A log whose broker can go away: then appends fail, before they are written or after (their acknowledgement is lost). */
class AwayLog extends MemoryLog {
  away: 'no' | 'lost' | 'acknowledgement lost' = 'no';
  appends = 0;
  private refused = false;

  override async append<T extends Topic>(topic: T, partition: number, records: readonly RecordOf<T>[]): Promise<readonly Position[]> {
    this.appends += 1;
    if (this.away === 'acknowledgement lost' && !this.refused) await super.append(topic, partition, records);
    this.refused ||= this.away !== 'no';
    if (this.refused) throw new OcelliError('LOG_UNAVAILABLE', 'The broker is away.');
    return super.append(topic, partition, records);
  }

  override resume(topic: Topic): void {
    this.refused = false;
    super.resume(topic);
  }

  override async progress(topic: Topic) {
    if (this.away !== 'no') throw new OcelliError('LOG_UNAVAILABLE', 'The broker is away.');
    return super.progress(topic);
  }
}

describe('while the log is away', () => {
  let clock: ManualClock;
  let bus: MemoryFrameBus;
  let log: AwayLog;
  let looked: number[];
  let told: string[];
  let running: Promise<void>;

  const detector: BatchOperator<Frame, Detected> = {
    name: 'at-once',
    open: async () => ({
      batch: { size: 1, waitMs: 0, parallel: 1 },
      process: async (items: readonly BatchItem<Frame, Detected>[]) => {
        for (const { input, answer } of items) {
          looked.push(input.seq);
          answer({ objects: [], inferredMs: 1, pixels: input.pixels });
        }
      },
      close: async () => {},
    }),
  };
  const frame = (seq: number, frameClock: Frame['clock']): Frame => ({
    ...{ type: 'frame', camera: 'dock-1', session: 1, seq, time: timeOf(seq), clock: frameClock, arrivedMs: clock.monotonic() },
    ...{ decodedMs: 1, settings: 'f00d', image: { width: 960, height: 540 }, letterbox: { x: 0, y: 6, width: 320, height: 180 } },
    pixels: new ArrayBuffer(1),
  });
  const turns = async (count = 20) => {
    for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const written = async () => (await log.read('detections', 0, { from: 0, limit: 1_000 })).entries.map(({ record }) => record);
  const comeBack = async () => {
    log.away = 'no';
    clock.advance(5_000);
    await turns();
  };

  beforeEach(() => {
    clock = new ManualClock();
    bus = new MemoryFrameBus({ clock });
    log = new AwayLog(new MemoryDisk());
    looked = [];
    told = [];
    const observer = {
      committed: () => told.push('committed'),
      logAway: () => told.push('away'),
      logBack: () => told.push('back'),
    };
    running = new DetectStage({ source: bus.source(), operator: detector, model: MODEL, log, clock, observers: [observer] }).run();
    running.catch(() => {});
  });

  const live = () => bus.sink('dock-1', { kind: 'live', freshnessMs: 500 });

  it('frames of a live camera become one gap that is written when it is back, before anything newer', async () => {
    const sink = live();
    sink.put(mark('up', 0));
    await turns();
    log.away = 'lost';
    for (let seq = 1; seq <= 6; seq += 1) {
      sink.put(frame(seq, 'arrival'));
      await turns();
    }
    await comeBack();
    sink.put(frame(7, 'arrival'));
    await turns();
    bus.close();
    await running;
    const records = await written();
    expect(looked).toEqual([1, 7]);
    expect(records.map((record) => (record.type === 'gap' ? `${record.reason} ${record.from}–${record.to}` : record.seq))).toEqual([
      0,
      1,
      'broker 2–6',
      7,
    ]);
    expect(checkAccount(records, { topic: 'detections' }).breaches).toEqual([]);
    expect(told.filter((word) => word !== 'committed')).toEqual(['away', 'back']);
  });

  it('nothing is written again that had come into the log although its append failed', async () => {
    const sink = live();
    sink.put(mark('up', 0));
    await turns();
    log.away = 'acknowledgement lost';
    sink.put(frame(1, 'arrival'));
    await turns();
    expect((await written()).length).toBe(2);
    await comeBack();
    bus.close();
    await running;
    expect(checkAccount(await written(), { topic: 'detections' }).breaches).toEqual([]);
    expect(told.filter((word) => word === 'committed')).toHaveLength(2);
  });

  it('a recording waits, and loses nothing', async () => {
    const sink = bus.sink('dock-1', { kind: 'recording', aheadFrames: 2 });
    sink.put(mark('up', 0));
    await turns();
    log.away = 'lost';
    sink.put(frame(1, 'recording'));
    sink.put(frame(2, 'recording'));
    let room = false;
    void sink.room().then(() => {
      room = true;
    });
    await turns();
    expect(room).toBe(false);
    await comeBack();
    expect(room).toBe(true);
    bus.close();
    await running;
    expect((await written()).map(({ type }) => type)).toEqual(['mark', 'detections', 'detections']);
  });

  it('asks again ever more rarely, and at most every five seconds', async () => {
    live().put(mark('up', 0));
    log.away = 'lost';
    await turns();
    let asked = 0;
    const progress = log.progress.bind(log);
    log.progress = async (topic) => {
      asked += 1;
      return progress(topic);
    };
    for (let second = 0; second < 60; second += 1) {
      clock.advance(1_000);
      await turns();
    }
    expect(asked).toBeGreaterThanOrEqual(12);
    expect(asked).toBeLessThanOrEqual(18);
    expect(log.appends).toBe(1);
    await comeBack();
    bus.close();
    await running;
    expect(await written()).toHaveLength(1);
  });
});
