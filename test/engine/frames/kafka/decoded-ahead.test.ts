import { beforeEach, describe, expect, it } from 'vitest';
import { DecodedAhead } from '../../../../engine/frames/kafka/decoded-ahead.ts';
import { FrameInbox } from '../../../../engine/frames/kafka/frame-inbox.ts';
import { readItem, writeFrame } from '../../../../engine/frames/kafka/frame-record.ts';
import { WaitingFrame } from '../../../../engine/frames/kafka/waiting-frame.ts';
import { PixelPool } from '../../../../engine/frames/pixel-pool.ts';
import { ManualClock } from '../../../manual-clock.ts';
import { timeOf } from '../../../records.ts';
import { MODEL, told } from './open-frames.ts';

const FRESHNESS_MS = 500;
const BYTES = 3 * MODEL.width * MODEL.height;

let clock: ManualClock;
let inbox: FrameInbox;
let decoded: DecodedAhead;
let taken: number[];

beforeEach(() => {
  clock = new ManualClock();
  taken = [];
  const pool = new PixelPool(2 ** 20);
  inbox = new FrameInbox(clock, pool);
  decoded = new DecodedAhead({ inbox, clock, pool, model: MODEL, observer: {} });
});

/** A frame of a live camera, or of a recording where nothing may become too old. */
function put(camera: string, seq: number, freshnessMs = 0): void {
  const bytes = writeFrame(
    {
      ...{ encoding: 'raw', session: 1, seq, time: timeOf(seq), clock: freshnessMs > 0 ? 'arrival' : 'recording', statistics: false },
      ...{ settings: 'f00d', sender: 1, freshnessMs, arrivedAt: 0, decodedMs: 0, image: MODEL, size: MODEL },
      letterbox: { x: 0, y: 0, ...MODEL },
    },
    new Uint8Array(BYTES),
  );
  const item = readItem(bytes);
  if (item.type !== 'frame') throw new Error(`expected a frame, got a ${item.type}`);
  const left = () => void taken.push(seq);
  inbox.put(new WaitingFrame(item, { camera, arrivedMs: clock.monotonic(), pool: new PixelPool(0), left }), freshnessMs);
}

const take = (signal = new AbortController().signal) => decoded.take(1, 0, signal).then(told);

describe('frames that are decoded ahead', () => {
  it('are those of the next batch, and no more', async () => {
    for (let seq = 0; seq < 4; seq += 1) put('a', seq);
    expect(await take()).toEqual(['a frame 0']);
    expect(taken).toEqual([0, 1]);
    expect(await take()).toEqual(['a frame 1']);
    expect(taken).toEqual([0, 1, 2]);
  });

  it('become a gap when they have become too old meanwhile', async () => {
    put('a', 0, FRESHNESS_MS);
    put('b', 0, FRESHNESS_MS);
    expect(await take()).toEqual(['a frame 0']);
    clock.advance(FRESHNESS_MS + 1);
    expect(await take()).toEqual(['b stale 0…0']);
  });

  it('are waited for under the signal of the call that wants them', async () => {
    put('a', 0);
    const first = new AbortController();
    await take(first.signal);
    first.abort();
    const second = take();
    put('a', 1);
    expect(await second).toEqual(['a frame 1']);
  });
});
