import { beforeEach, describe, expect, it } from 'vitest';
import type { BusItem, Frame } from '../../../engine/frames/frame.ts';
import { PixelPool } from '../../../engine/frames/pixel-pool.ts';
import { ViewStore } from '../../../engine/frames/view-store.ts';
import { ManualClock } from '../../manual-clock.ts';
import { mark, timeOf } from '../../records.ts';

const SIZE = { width: 4, height: 2 };
const VIEW_BYTES = 24;

describe('the view store', () => {
  let clock: ManualClock;
  let pool: PixelPool;
  let views: ViewStore;

  beforeEach(() => {
    clock = new ManualClock();
    pool = new PixelPool(2 ** 20);
    views = new ViewStore({ clock, pool, keepMs: 1000, limitBytes: 10 * VIEW_BYTES });
  });

  const frame = (seq: number, camera = 'dock-1', withView = true): Frame => ({
    ...{ type: 'frame', camera, session: 1, seq, time: timeOf(seq), clock: 'arrival', arrivedMs: clock.monotonic(), decodedMs: 1 },
    ...{ settings: '', image: SIZE, letterbox: { x: 0, y: 0, ...SIZE }, pixels: new ArrayBuffer(8) },
    ...(withView ? { view: { ...SIZE, pixels: new Uint8Array(VIEW_BYTES).fill(seq) } } : {}),
  });

  it('gives the view of exactly the place that is asked for', () => {
    for (const seq of [3, 4, 5]) views.put(frame(seq));
    expect(views.borrow('dock-1', { session: 1, seq: 4 })?.view.pixels[0]).toBe(4);
    expect(views.borrow('dock-1', { session: 2, seq: 4 })).toBeUndefined();
    expect(views.borrow('gate-2', { session: 1, seq: 4 })).toBeUndefined();
  });

  it('gives up a view after the time that it is kept, and its buffer to the pool', () => {
    views.put(frame(1));
    clock.advance(500);
    views.put(frame(2));
    clock.advance(501);
    expect(views.borrow('dock-1', { session: 1, seq: 1 })).toBeUndefined();
    expect([views.bytes, pool.unusedBytes]).toEqual([VIEW_BYTES, VIEW_BYTES]);
  });

  it('keeps the last view of a camera that fell silent for a minute, for what is told about it', () => {
    views.put(frame(1));
    views.put(frame(2));
    views.put(frame(1, 'gate-2'));
    clock.advance(59_000);
    expect(views.borrow('dock-1', { session: 1, seq: 2 })).toBeUndefined();
    const last = views.borrowLast('dock-1');
    expect([last?.place.seq, last?.view.pixels[0]]).toEqual([2, 2]);
    last?.release();
    views.put(frame(3));
    expect([views.borrowLast('dock-1')?.place.seq, views.bytes]).toEqual([3, 2 * VIEW_BYTES]);
    clock.advance(1001);
    expect([views.borrowLast('gate-2'), views.bytes]).toEqual([undefined, VIEW_BYTES]);
  });

  it('gives up the last views of silent cameras first when there is no room', () => {
    views.put(frame(1, 'gate-2'));
    clock.advance(2000);
    for (let seq = 0; seq < 10; seq += 1) views.put(frame(seq));
    expect([views.borrowLast('gate-2'), views.bytes]).toEqual([undefined, 10 * VIEW_BYTES]);
  });

  it('keeps the pixels of a borrowed view until the last borrower gives it back', () => {
    views.put(frame(1));
    const [first, second] = [views.borrow('dock-1', { session: 1, seq: 1 }), views.borrow('dock-1', { session: 1, seq: 1 })];
    clock.advance(2000);
    views.put(frame(2));
    first?.release();
    expect(pool.unusedBytes).toBe(0);
    second?.release();
    expect(pool.unusedBytes).toBe(VIEW_BYTES);
  });

  it('never keeps more than its limit, and gives up the oldest of all cameras first', () => {
    for (let seq = 0; seq < 30; seq += 1) views.put(frame(seq, seq % 2 === 0 ? 'dock-1' : 'gate-2'));
    expect(views.bytes).toBe(10 * VIEW_BYTES);
    expect(views.borrow('gate-2', { session: 1, seq: 19 })).toBeUndefined();
    expect(views.borrow('dock-1', { session: 1, seq: 20 })?.place).toEqual({ session: 1, seq: 20 });
  });

  it('knows the newest view of a camera, until it is too old', () => {
    views.put(frame(1));
    views.put(frame(2));
    views.put(frame(3, 'gate-2'));
    expect(views.borrowNewest('dock-1')?.place).toEqual({ session: 1, seq: 2 });
    clock.advance(1001);
    expect(views.borrowNewest('dock-1')).toBeUndefined();
  });

  it('keeps nothing of a camera without views', () => {
    views.put(frame(1, 'dock-1', false));
    expect([views.bytes, views.borrowNewest('dock-1')]).toEqual([0, undefined]);
  });

  it('lets everything through to the bus in order, with the view there first', () => {
    const passed: BusItem[] = [];
    const sink = views.keeping({
      put: (item) => {
        passed.push(item);
        if (item.type === 'frame') expect(views.borrow(item.camera, item)?.place).toEqual({ session: item.session, seq: item.seq });
      },
      room: () => Promise.resolve(),
      close: () => {},
    });
    const items = [mark('up'), frame(1), frame(2)];
    for (const item of items) sink.put(item);
    expect(passed).toEqual(items);
  });
});
