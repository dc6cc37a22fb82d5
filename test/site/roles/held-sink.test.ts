import { expect, it } from 'vitest';
import type { BusItem, Frame } from '../../../engine/frames/frame.ts';
import { PixelPool } from '../../../engine/frames/pixel-pool.ts';
import { LeaseKeeper, LeaseTable, type Sessions } from '../../../engine/state/index.ts';
import { HeldSink } from '../../../site/held-sink.ts';
import { ManualClock } from '../../manual-clock.ts';
import { mark } from '../../records.ts';

const TTL_MS = 9_000;

const frame = (seq: number, pixels: ArrayBuffer) =>
  ({ type: 'frame', camera: 'dock-1', session: 1, seq, pixels, view: { width: 4, height: 4, pixels: new Uint8Array(48) } }) as Frame;

/** A process that holds a camera and can be made to stand still: then time passes, and no timer of its own has rung when it goes on. */
async function held() {
  const clock = new ManualClock();
  const said: BusItem[] = [];
  const pool = new PixelPool(2 ** 10);
  let stoodMs = 0;
  const own = { now: () => clock.now(), monotonic: () => clock.monotonic() + stoodMs, after: clock.after.bind(clock) };
  const leases = new LeaseTable({ clock: new ManualClock(), sessions: {} as Sessions }).of('here');
  const keeper = await LeaseKeeper.acquire(leases, 'dock-1', { ttlMs: TTL_MS, clock: own, onLost: () => {} });
  const inner = { put: (item: BusItem) => said.push(item), room: async () => {}, close: () => {} };
  const standStill = (ms: number) => {
    stoodMs += ms;
  };
  return { said, pool, standStill, sink: new HeldSink(inner, pool, () => keeper?.isHeld === true) };
}

it('passes on what is said by who holds the lease', async () => {
  const { said, sink, standStill } = await held();
  sink.put(mark('up'));
  standStill(TTL_MS * (2 / 3) - 1);
  sink.put(frame(1, new ArrayBuffer(16)));
  expect(said).toMatchObject([{ type: 'mark' }, { type: 'frame', seq: 1 }]);
});

it('lets nothing through of a process that stood still for two thirds of its lease, and uses its pixels again', async () => {
  const { said, sink, pool, standStill } = await held();
  standStill(TTL_MS * (2 / 3));
  sink.put(frame(1, new ArrayBuffer(16)));
  sink.put(mark('down', 2));
  expect(said).toEqual([]);
  expect(pool.unusedBytes).toBe(16 + 48);
});
