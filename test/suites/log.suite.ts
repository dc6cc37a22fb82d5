import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../engine/errors.ts';
import type { Log, Position } from '../../engine/log/log.ts';
import type { DetectionsRecord } from '../../engine/records/record.ts';
import type { RecordOf } from '../../engine/records/topic.ts';
import { detected, frame, gap, mark, timeOf } from '../records.ts';

/** A log under test, and what the suite must be able to do to it. */
export interface LogHarness {
  readonly log: Log;
  /** Opens the same log anew, as after a restart: nothing in memory. The old one is closed. */
  reopen(): Promise<void>;
  /** From now on no write to `detections` succeeds (there is no room), until `makeRoom`. */
  fill(): Promise<void>;
  /** What such a write is rejected with. */
  readonly noRoom: ErrorCode;
  makeRoom(): Promise<void>;
  /** Retention takes away everything that was written up to now. */
  expireAll(): Promise<void>;
  close(): Promise<void>;
}

type Detections = RecordOf<'detections'>;

/** What every log promises, whatever it is made of. */
export function logSuite(name: string, open: () => Promise<LogHarness>): void {
  describe(`log on ${name}`, () => {
    let harness: LogHarness;
    let cameras: readonly string[];
    let partition: number;

    beforeEach(async () => {
      harness = await open();
      cameras = camerasOfOnePartition(harness.log, 3);
      partition = harness.log.partitionOf(cameras[0] ?? '');
    });
    afterEach(() => harness.close());

    const append = (...records: Detections[]) => harness.log.append('detections', partition, records);
    const bounds = () => harness.log.bounds('detections', partition);
    const frameOf = (camera: number, seq: number, facts: Partial<DetectionsRecord> = {}) =>
      frame(seq, [detected()], { camera: cameras[camera] ?? '', ...facts });
    const readAll = async (from: Position, camera?: string) => {
      const records: Detections[] = [];
      const { end } = await bounds();
      for (let next = from; next < end; ) {
        const page = await harness.log.read('detections', partition, { from: next, limit: 7, ...(camera === undefined ? {} : { camera }) });
        records.push(...page.entries.map(({ record }) => record));
        next = page.next;
      }
      return records;
    };

    it('is empty at first', async () => {
      expect(await bounds()).toEqual({ start: 0, end: 0 });
      expect(await harness.log.read('detections', partition, { from: 0, limit: 10 })).toEqual({ entries: [], next: 0 });
      expect(await harness.log.progress('detections', partition)).toEqual(new Map());
    });

    it('gives positions that rise, in the order of the appends, whoever is awaited first', async () => {
      const positions = (await Promise.all(range(40).map((seq) => append(frameOf(0, seq))))).flat();
      expect(positions).toHaveLength(40);
      expect(positions).toEqual(positions.toSorted((a, b) => a - b));
      expect(new Set(positions).size).toBe(40);
      expect((await readAll(0)).map((record) => 'seq' in record && record.seq)).toEqual(range(40));
    });

    it('answers for each entry the position that its append was told', async () => {
      const positions = await append(...range(5).map((seq) => frameOf(0, seq)));
      const { entries } = await harness.log.read('detections', partition, { from: positions[0] ?? 0, limit: 10 });
      expect(entries.map(({ position }) => position)).toEqual(positions);
    });

    it('keeps the records of one append together, also when others append at the same time', async () => {
      await Promise.all(range(20).map((n) => append(frameOf(0, 2 * n), frameOf(0, 2 * n + 1))));
      expect((await readAll(0)).map((record) => 'seq' in record && record.seq)).toEqual(range(40));
    });

    it('takes an append of no records and of more than a transaction holds', async () => {
      expect(await append()).toEqual([]);
      expect(await append(...range(700).map((seq) => frameOf(0, seq)))).toHaveLength(700);
      expect(await readAll(0)).toHaveLength(700);
    });

    it('reads a record as soon as its append resolved', async () => {
      for (const seq of range(10)) {
        const [position = -1] = await append(frameOf(0, seq));
        const { entries } = await harness.log.read('detections', partition, { from: position, limit: 1 });
        expect(entries[0]?.record).toEqual(frameOf(0, seq));
      }
    });

    it('never shows a record before the bounds hold it', async () => {
      const before = await bounds();
      const appending = append(frameOf(0, 0));
      const seen = await harness.log.read('detections', partition, { from: before.end, limit: 1 });
      const { end } = await bounds();
      expect(seen.entries.every(({ position }) => position < end)).toBe(true);
      await appending;
      expect((await bounds()).end).toBe(before.end + 1);
    });

    it('holds the same after it was opened again, unusual text and numbers included', async () => {
      const odd = { label: 'Päckchen "☃"\n\u2028 \u0000 😀', score: 0.1 + 0.2, box: [1e-7, 0, 1, 0.3333333333333333] as const };
      const records: Detections[] = [
        mark('up', 0, { camera: cameras[0] ?? '', source: { codec: 'h264' } }),
        frame(1, [{ ...odd, box: [...odd.box] }], { camera: cameras[0] ?? '' }),
        gap(2, 9, 'still', { camera: cameras[0] ?? '' }),
      ];
      await append(...records);
      const before = await readAll(0);
      await harness.reopen();
      expect(await readAll(0)).toEqual(before);
      expect(before).toEqual(records);
    });

    it('gives a record back byte for byte as it was written, from memory and after it was opened again', async () => {
      const { v, type, id, camera, session, ...rest } = frameOf(0, 0, { picture: { sharpness: 2, brightness: 1 } });
      const frameLast: Detections = { ...rest, session, camera, id, type, v };
      const { reason, until, ...head } = gap(1, 3, 'stale', { camera: cameras[0] ?? '' });
      const written = [frameLast, { until, ...head, reason }, mark('heartbeat', 4, { camera: cameras[0] ?? '' })];
      const texts = written.map((record) => JSON.stringify(record));
      await append(...written);
      expect((await readAll(0)).map((record) => JSON.stringify(record))).toEqual(texts);
      await harness.reopen();
      expect((await readAll(0)).map((record) => JSON.stringify(record))).toEqual(texts);
    });

    it('goes on counting positions where it stood when it was opened again', async () => {
      await append(frameOf(0, 0), frameOf(0, 1));
      const { end } = await bounds();
      await harness.reopen();
      expect(await bounds()).toEqual({ start: 0, end });
      expect((await append(frameOf(0, 2)))[0]).toBeGreaterThanOrEqual(end);
    });

    it('reads at most as many as asked, and says where to go on', async () => {
      await append(...range(10).map((seq) => frameOf(0, seq)));
      const first = await harness.log.read('detections', partition, { from: 0, limit: 4 });
      const second = await harness.log.read('detections', partition, { from: first.next, limit: 100 });
      expect(first.entries).toHaveLength(4);
      expect([...first.entries, ...second.entries].map(({ record }) => record)).toEqual(range(10).map((seq) => frameOf(0, seq)));
      expect(second.next).toBe((await bounds()).end);
    });

    for (const where of ['in memory', 'on disk'] as const) {
      it(`reads one camera, and goes on past the records of others (${where})`, async () => {
        await append(...range(60).map((n) => frameOf(n % 3, Math.floor(n / 3))));
        if (where === 'on disk') await harness.reopen();
        expect(await readAll(0, cameras[1])).toEqual(range(20).map((seq) => frameOf(1, seq)));
        const nobody = await harness.log.read('detections', partition, { from: 0, limit: 1_000, camera: 'nobody' });
        expect(nobody).toEqual({ entries: [], next: (await bounds()).end });
      });

      it(`reads more than is kept for one answer (${where})`, async () => {
        const records = range(300).map((seq) =>
          frame(
            seq,
            Array.from({ length: 40 }, () => detected()),
            { camera: cameras[0] ?? '' },
          ),
        );
        await append(...records);
        if (where === 'on disk') await harness.reopen();
        const seen: Detections[] = [];
        for (let next = 0; next < (await bounds()).end; ) {
          const page = await harness.log.read('detections', partition, { from: next, limit: 1_000 });
          expect(page.next).toBeGreaterThan(next);
          seen.push(...page.entries.map(({ record }) => record));
          next = page.next;
        }
        expect(seen).toEqual(records);
      });
    }

    it('keeps topics apart', async () => {
      await append(frameOf(0, 0));
      expect(await harness.log.bounds('tracks', partition)).toEqual({ start: 0, end: 0 });
      expect((await harness.log.progress('tracks', partition)).size).toBe(0);
    });

    it('refuses to read beyond its end and before its start, and says what is there', async () => {
      await append(frameOf(0, 0));
      const { end } = await bounds();
      await expect(harness.log.read('detections', partition, { from: end + 1, limit: 1 })).rejects.toMatchObject({
        code: 'LOG_POSITION_LOST',
        context: { start: 0, end },
      });
      await harness.expireAll();
      await append(frameOf(0, 1));
      await expect(harness.log.read('detections', partition, { from: 0, limit: 1 })).rejects.toMatchObject({
        code: 'LOG_POSITION_LOST',
        context: { start: end, end: end + 1 },
      });
    });

    it('keeps its end when retention took everything, also when opened again', async () => {
      await append(...range(5).map((seq) => frameOf(0, seq)));
      const { end } = await bounds();
      await harness.expireAll();
      expect(await bounds()).toEqual({ start: end, end });
      await harness.reopen();
      expect(await bounds()).toEqual({ start: end, end });
      expect(await append(frameOf(0, 5))).toEqual([end]);
    });

    describe('progress', () => {
      const progress = () => harness.log.progress('detections', partition);

      it('tells how far each camera reaches; a gap reaches to its last place and its end', async () => {
        await append(frameOf(0, 0), gap(1, 6, 'stale', { camera: cameras[0] ?? '' }), mark('up', 0, { camera: cameras[1] ?? '' }));
        expect(await progress()).toEqual(
          new Map([
            [cameras[0], { session: 1, seq: 6, time: timeOf(6) }],
            [cameras[1], { session: 1, seq: 0, time: timeOf(0) }],
          ]),
        );
      });

      it('counts a later session above every place of an earlier one', async () => {
        await append(frameOf(0, 900), frameOf(0, 0, { session: 2, time: timeOf(901) }));
        expect((await progress()).get(cameras[0] ?? '')).toEqual({ session: 2, seq: 0, time: timeOf(901) });
      });

      it('never falls, in place or time', async () => {
        await append(frameOf(0, 9));
        await append(frameOf(0, 3), frameOf(0, 10, { time: timeOf(4) }));
        expect((await progress()).get(cameras[0] ?? '')).toEqual({ session: 1, seq: 10, time: timeOf(9) });
      });

      it('survives retention and being opened again', async () => {
        await append(frameOf(0, 9));
        const before = await progress();
        await harness.expireAll();
        await harness.reopen();
        expect(await progress()).toEqual(before);
      });
    });

    describe('seekTime', () => {
      const seek = (time: number, camera?: string) => harness.log.seekTime('detections', partition, time, camera);

      it('finds the first record of a camera at or after a time, as a scan of the records does', async () => {
        const records = range(90).map((n) => frameOf(n % 3, Math.floor(n / 3), { time: timeOf(Math.floor(n / 3) * (1 + (n % 3))) }));
        const positions = await append(...records);
        const { end } = await bounds();
        for (const camera of cameras) {
          for (const time of [0, timeOf(0), timeOf(0) + 1, timeOf(7), timeOf(29), timeOf(30), timeOf(59), timeOf(1_000)]) {
            const index = records.findIndex((record) => record.camera === camera && record.time >= time);
            expect(await seek(time, camera)).toBe(positions[index] ?? end);
          }
        }
      });

      it('finds the first of any camera when none is named', async () => {
        const records = range(60).map((n) => frameOf(n % 3, Math.floor(n / 3), { time: timeOf(n * (3 - (n % 3))) }));
        const positions = await append(...records);
        const { end } = await bounds();
        for (const time of [0, timeOf(10), timeOf(77), timeOf(150), timeOf(1_000)]) {
          expect(await seek(time)).toBe(positions[records.findIndex((record) => record.time >= time)] ?? end);
        }
      });

      it('finds the gap that spans the time', async () => {
        const [, spanning] = await append(frameOf(0, 0), gap(1, 50, 'still', { camera: cameras[0] ?? '' }), frameOf(0, 51));
        expect(await seek(timeOf(20), cameras[0])).toBe(spanning);
      });

      it('answers the end for a camera that never wrote, and in an empty topic', async () => {
        expect(await seek(0)).toBe(0);
        await append(frameOf(0, 0));
        expect(await seek(0, 'nobody')).toBe((await bounds()).end);
      });
    });

    describe('without room', () => {
      it('rejects what it cannot write, keeps nothing of it, and says so', async () => {
        await append(frameOf(0, 0));
        const before = { bounds: await bounds(), progress: await harness.log.progress('detections', partition) };
        await harness.fill();
        await expect(append(...large(cameras[0], 1))).rejects.toMatchObject({ code: harness.noRoom });
        expect({ bounds: await bounds(), progress: await harness.log.progress('detections', partition) }).toEqual(before);
        expect(await readAll(0)).toEqual([frameOf(0, 0)]);
      });

      it('refuses every later append until the writer resumes, so that nothing stands past the hole', async () => {
        await harness.fill();
        const outcomes = await Promise.allSettled([append(...large(cameras[0], 0)), append(frameOf(0, 500)), append(frameOf(0, 501))]);
        await harness.makeRoom();
        outcomes.push(...(await Promise.allSettled([append(frameOf(0, 502))])));
        expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected']);
        expect(await bounds()).toEqual({ start: 0, end: 0 });
        harness.log.resume('detections', partition);
        await append(frameOf(0, 0));
        expect(await readAll(0)).toEqual([frameOf(0, 0)]);
      });

      it('lets other topics write on', async () => {
        await harness.fill();
        await expect(append(...large(cameras[0], 0))).rejects.toMatchObject({ code: harness.noRoom });
        await harness.makeRoom();
        expect(await harness.log.append('tracks', partition, [mark('up', 0, { camera: cameras[0] ?? '' })])).toHaveLength(1);
      });
    });

    describe('onCommit', () => {
      it('calls back after a commit, when the records can be read', async () => {
        const seen = new Promise<number>((resolve) => {
          harness.log.onCommit('detections', partition, async () => resolve((await readAll(0)).length));
        });
        await append(frameOf(0, 0), frameOf(0, 1));
        expect(await seen).toBe(2);
      });

      it('calls back once for a burst', async () => {
        let calls = 0;
        const called = new Promise<void>((resolve) => {
          harness.log.onCommit('detections', partition, () => {
            calls++;
            resolve();
          });
        });
        await Promise.all(range(50).map((seq) => append(frameOf(0, seq))));
        await called;
        await append(frameOf(1, 0));
        expect(calls).toBeLessThanOrEqual(2);
      });

      it('calls nobody for other topics, nor after it was ended', async () => {
        let calls = 0;
        const end = harness.log.onCommit('detections', partition, () => calls++);
        harness.log.onCommit('tracks', partition, () => calls++);
        end();
        const other = new Promise<void>((resolve) => harness.log.onCommit('detections', partition, resolve));
        await append(frameOf(0, 0));
        await other;
        expect(calls).toBe(0);
      });
    });

    it('commits what it took before it closes, and takes nothing after', async () => {
      const taken = Promise.all(range(600).map((seq) => append(frameOf(0, seq))));
      const { log } = harness;
      await harness.reopen();
      expect((await taken).flat()).toHaveLength(600);
      expect(await readAll(0)).toHaveLength(600);
      await expect(log.append('detections', partition, [frameOf(0, 601)])).rejects.toThrow('closed');
    });
  });
}

function camerasOfOnePartition(log: Log, count: number): readonly string[] {
  const names = range(1_000).map((n) => `dock-${n}`);
  const partition = log.partitionOf(names[0] ?? '');
  return names.filter((name) => log.partitionOf(name) === partition).slice(0, count);
}

/** Some 100 KB of records. */
function large(camera = '', seq: number): Detections[] {
  return range(20).map((n) =>
    frame(
      seq + n,
      Array.from({ length: 80 }, () => detected()),
      { camera },
    ),
  );
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
