import { beforeEach, describe, expect, it } from 'vitest';
import type { BusItem, Frame } from '../../engine/frames/frame.ts';
import type { Delivery, FrameBus, FrameSource } from '../../engine/frames/frame-bus.ts';
import type { GapReason } from '../../engine/records/record.ts';
import { ManualClock } from '../manual-clock.ts';
import { mark } from '../records.ts';

const SESSION = 1_766_400_000;
const LIVE: Delivery = { kind: 'live', freshnessMs: 500 };

export interface BusUnderTest {
  readonly clock: ManualClock;
  readonly shed: (frame: Frame, reason: GapReason) => void;
}

/** What every frame bus does. `open` makes a new one. */
export function frameBusSuite(name: string, open: (options: BusUnderTest) => FrameBus): void {
  describe(`${name}: a frame bus`, () => {
    let clock: ManualClock;
    let bus: FrameBus;
    let source: FrameSource;
    let shed: string[];

    beforeEach(() => {
      clock = new ManualClock(1_766_400_030_000);
      shed = [];
      bus = open({ clock, shed: (frame, reason) => shed.push(`${frame.camera}/${frame.seq} ${reason}`) });
      source = bus.source();
    });

    const frame = (camera: string, seq: number, ageMs = 0): Frame => ({
      type: 'frame',
      camera,
      session: SESSION,
      seq,
      time: clock.now() - ageMs,
      clock: 'arrival',
      arrivedMs: clock.monotonic() - ageMs,
      decodedMs: 1,
      settings: 'f00d',
      image: { width: 1920, height: 1080 },
      letterbox: { x: 0, y: 6, width: 320, height: 180 },
      pixels: new ArrayBuffer(1),
    });
    const take = (frames = 1, waitMs = 0) => source.take(frames, waitMs, new AbortController().signal);
    const told = (items: readonly BusItem[]) => items.map(describeItem);

    it('delivers the items of a camera in the order of their places', async () => {
      const sink = bus.sink('a', { kind: 'recording', aheadFrames: 10 });
      for (const item of [mark('up', 0, { camera: 'a' }), frame('a', 1), frame('a', 2)]) sink.put(item);
      expect([...told(await take()), ...told(await take())]).toEqual(['a up 0', 'a frame 1', 'a frame 2']);
    });

    it('replaces the waiting frame of a live camera by a newer one, and tells it in a gap', async () => {
      const sink = bus.sink('a', LIVE);
      for (const seq of [0, 1, 2]) sink.put(frame('a', seq));
      expect(told(await take())).toEqual(['a overload 0…1', 'a frame 2']);
      expect(shed).toEqual(['a/0 overload', 'a/1 overload']);
    });

    it('sheds a live frame that is older than its freshness target', async () => {
      const sink = bus.sink('a', LIVE);
      sink.put(frame('a', 0, 501));
      const taken = take();
      clock.advance(1000);
      expect(told(await taken)).toEqual(['a stale 0…0']);
    });

    it('delivers a live frame that is just fresh enough', async () => {
      bus.sink('a', LIVE).put(frame('a', 0, 500));
      expect(told(await take())).toEqual(['a frame 0']);
    });

    it('never sheds a frame of a recording, however old', async () => {
      const sink = bus.sink('a', { kind: 'recording', aheadFrames: 10 });
      sink.put(frame('a', 0, 60_000));
      sink.put(frame('a', 1));
      expect(told(await take(2))).toEqual(['a frame 0']);
      expect(told(await take(2))).toEqual(['a frame 1']);
    });

    it('holds a gap up to a second, so that many lost frames become one record', async () => {
      const sink = bus.sink('a', LIVE);
      sink.put(frame('a', 0, 501));
      const taken = take();
      clock.advance(600);
      sink.put(frame('a', 1, 501));
      clock.advance(500);
      expect(told(await taken)).toEqual(['a stale 0…1']);
    });

    it('ends a gap at a mark', async () => {
      const sink = bus.sink('a', LIVE);
      sink.put(frame('a', 0, 501));
      sink.put(mark('heartbeat', 1, { camera: 'a' }));
      sink.put(frame('a', 2, 501));
      const items = told(await take());
      clock.advance(2000);
      expect([...items, ...told(await take())].join()).toBe('a overload 0…0,a heartbeat 1,a stale 2…2');
    });

    it('ends a gap at a full minute of event time', async () => {
      const sink = bus.sink('a', LIVE);
      const minute = Math.ceil(clock.now() / 60_000) * 60_000;
      clock.set(minute - 10);
      sink.put(frame('a', 0));
      clock.set(minute);
      sink.put(frame('a', 1));
      sink.put(frame('a', 2));
      expect(told(await take())).toEqual(['a overload 0…0', 'a overload 1…1', 'a frame 2']);
    });

    it('takes cameras in fair turn, whoever puts most', async () => {
      const busy = bus.sink('busy', { kind: 'recording', aheadFrames: 100 });
      for (let seq = 0; seq < 9; seq += 1) busy.put(frame('busy', seq));
      const calm = bus.sink('calm', { kind: 'recording', aheadFrames: 100 });
      for (let seq = 0; seq < 2; seq += 1) calm.put(frame('calm', seq));
      const turns = [];
      for (let turn = 0; turn < 5; turn += 1) turns.push(...told(await take()));
      expect(turns).toEqual(['busy frame 0', 'calm frame 0', 'busy frame 1', 'calm frame 1', 'busy frame 2']);
    });

    it('fills a batch across cameras', async () => {
      for (const camera of ['a', 'b', 'c']) bus.sink(camera, LIVE).put(frame(camera, 0));
      expect(told(await take(2))).toEqual(['a frame 0', 'b frame 0']);
    });

    it('waits for more frames no longer than it was told', async () => {
      bus.sink('a', LIVE).put(frame('a', 0));
      const taken = take(2, 5);
      clock.advance(5);
      expect(told(await taken)).toEqual(['a frame 0']);
    });

    it('wakes up when an item is put', async () => {
      const sink = bus.sink('a', LIVE);
      const taken = take();
      sink.put(frame('a', 0));
      expect(told(await taken)).toEqual(['a frame 0']);
    });

    it('lets a recording run no further ahead than its last committed record', async () => {
      const sink = bus.sink('a', { kind: 'recording', aheadFrames: 2 });
      sink.put(frame('a', 0));
      await sink.room();
      sink.put(frame('a', 1));
      let entered = false;
      const room = sink.room().then(() => {
        entered = true;
      });
      const [first] = await take();
      expect(entered).toBe(false);
      source.done(first as BusItem);
      await room;
      expect(entered).toBe(true);
    });

    it('keeps what a former connector of the camera said', async () => {
      const former = bus.sink('a', LIVE);
      former.put(mark('down', 7, { camera: 'a' }));
      former.close();
      bus.sink('a', LIVE).put(mark('up', 0, { camera: 'a', session: SESSION + 1 }));
      expect(told(await take())).toEqual(['a down 7', 'a up 0']);
    });

    it('delivers what waits after it was closed, a held gap at once, and then nothing', async () => {
      bus.sink('a', LIVE).put(frame('a', 0, 501));
      bus.close();
      expect(told(await take())).toEqual(['a stale 0…0']);
      expect(await take()).toEqual([]);
    });

    it('gives up waiting at the signal', async () => {
      const abort = new AbortController();
      const taken = source.take(1, 0, abort.signal);
      abort.abort();
      expect(await taken).toEqual([]);
    });
  });
}

function describeItem(item: BusItem): string {
  if (item.type === 'gap') return `${item.camera} ${item.reason} ${item.from}…${item.to}`;
  return `${item.camera} ${item.type === 'mark' ? item.mark : 'frame'} ${item.seq}`;
}
