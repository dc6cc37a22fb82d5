import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SystemClock } from '../../../../engine/clock.ts';
import type { BusItem, Frame } from '../../../../engine/frames/frame.ts';
import type { FrameSink } from '../../../../engine/frames/frame-bus.ts';
import type { WatchLeases } from '../../../../engine/frames/kafka-views.ts';
import { ViewStore } from '../../../../engine/frames/view-store.ts';
import { LeaseTable, type Sessions } from '../../../../engine/state/index.ts';
import { has } from '../../../requirements.ts';
import { frameAt, KafkaFramesUnderTest } from './open-frames.ts';

const LIMIT_MS = 120_000;
const VIEW = { width: 64, height: 36 };

/** Keeps what was put into it, and who waits for it hears. */
class ArrivedViews extends ViewStore {
  readonly arrived = Promise.withResolvers<Frame>();

  override put(frame: Frame): void {
    super.put(frame);
    this.arrived.resolve(frame);
  }
}

describe.skipIf(!has('kafka'))('pictures for people over Kafka', { timeout: LIMIT_MS }, () => {
  const clock = new SystemClock();
  let bus: KafkaFramesUnderTest;
  let leases: WatchLeases;
  let passedOn: BusItem[];
  let sink: FrameSink;
  beforeEach(async () => {
    bus = await KafkaFramesUnderTest.open(['a', 'b'], { partitions: 1 });
    leases = new LeaseTable({ clock, sessions: {} as Sessions }).of('one');
    passedOn = [];
    sink = { put: (item) => void passedOn.push(item), room: async () => {}, close: () => {} };
  }, LIMIT_MS);
  afterEach(() => bus.close(), LIMIT_MS);

  const withView = (camera: string, seq: number): Frame => {
    const pixels = new Uint8Array(bus.pool.get(3 * VIEW.width * VIEW.height));
    return frameAt(camera, seq, { arrivedMs: clock.monotonic(), view: { ...VIEW, pixels: pixels.fill(seq) } });
  };

  it('come to whoever watches, by the place of their frame; those of other cameras do not', async () => {
    let seq = 0;
    const put = () => {
      seq += 1;
      for (const camera of ['a', 'b']) sending.put(withView(camera, seq));
    };
    // Connect looks twice a second who watches; each time there is a new frame.
    const list: WatchLeases['list'] = async (names) => {
      const held = await leases.list(names);
      put();
      return held;
    };
    const sending = (await bus.viewSender({ acquire: (name, ttlMs) => leases.acquire(name, ttlMs), list })).sending(sink);
    const views = new ArrivedViews({ clock, pool: bus.pool, keepMs: LIMIT_MS });
    const stopWatching = (await bus.viewReceiver(leases, views)).watch('a');
    put();
    const { camera, session, seq: place } = await views.arrived.promise;
    const borrowed = views.borrow('a', { session, seq: place });
    expect([camera, borrowed?.view.width, borrowed?.view.height]).toEqual(['a', 64, 36]);
    const pixels = borrowed?.view.pixels ?? new Uint8Array();
    expect(Math.max(...pixels.map((value) => Math.abs(value - place)))).toBeLessThanOrEqual(2);
    expect(views.borrowNewest('b')).toBeUndefined();
    stopWatching();
  });

  it('are left out of the frames that go on, and their pixels used again at once while nobody watches', async () => {
    const sending = (await bus.viewSender(leases)).sending(sink);
    sending.put(withView('a', 1));
    expect(passedOn).toEqual([expect.not.objectContaining({ view: expect.anything() })]);
    expect(bus.pool.unusedBytes).toBe(3 * VIEW.width * VIEW.height);
  });
});
