import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type LogReader, SqliteLog } from '../../../engine/log/index.ts';
import { readFrom, type StreamStart } from '../../../engine/log/stream-start.ts';
import { type StreamRequest, streamTopic } from '../../../engine/log/topic-stream.ts';
import { TOPICS } from '../../../engine/records/topic.ts';
import { Database } from '../../../engine/sqlite/index.ts';
import { ManualClock } from '../../manual-clock.ts';
import { frame, gap, timeOf } from '../../records.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

async function setUp() {
  const clock = new ManualClock();
  const database = new Database(join(temporaryFolder(), 'ocelli.db'), { clock });
  const log = await SqliteLog.open(database);
  onTestFinished(async () => {
    await log.close();
    database.close();
  });
  const abort = new AbortController();
  const stream = (request: Partial<StreamRequest> = {}, reader: LogReader = log) =>
    streamTopic(reader, 'detections', { from: 'beginning', follow: false, signal: abort.signal, ...request });
  const ids = async (request: Partial<StreamRequest> = {}, reader: LogReader = log) => {
    const seen: string[] = [];
    for await (const record of await stream(request, reader)) seen.push(record.id);
    return seen;
  };
  const append = (camera: string, from: number, count: number) =>
    log.append(
      'detections',
      0,
      Array.from({ length: count }, (_, index) => frame(from + index, [], { camera })),
    );
  return { log, clock, abort, stream, ids, append };
}

/** The same log, and how often it was read. */
function counting(log: LogReader) {
  const counts = { reads: 0 };
  const reader = new Proxy(log, {
    get: (target, name) => {
      if (name === 'read') counts.reads++;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { reader, counts };
}

const idsOf = (camera: string, from: number, to: number) => Array.from({ length: to - from }, (_, index) => `${camera}/1/${from + index}`);

describe('a stream of a topic', () => {
  it('gives every record from the beginning, over many pages, and ends', async () => {
    const { ids, append } = await setUp();
    await append('a', 0, 1_000);
    expect(await ids()).toEqual(idsOf('a', 0, 1_000));
  });

  it('reads one page for whoever takes a record and then nothing, however much there is', async () => {
    const { log, stream, append } = await setUp();
    await append('a', 0, 1_000);
    const { reader, counts } = counting(log);
    const records = await stream({}, reader);
    expect((await records.next()).value?.id).toBe('a/1/0');
    await append('a', 1_000, 1_000);
    expect(counts.reads).toBe(1);
    await records.return(undefined);
  });

  it('gives one camera only, and as many records as asked', async () => {
    const { ids, append } = await setUp();
    for (let seq = 0; seq < 30; seq += 10) {
      await append('a', seq, 10);
      await append('b', seq, 10);
    }
    expect(await ids({ camera: 'b' })).toEqual(idsOf('b', 0, 30));
    expect(await ids({ camera: 'b', limit: 7 })).toEqual(idsOf('b', 0, 7));
  });

  it('gives as many records as asked when the first of several partitions has them all', async () => {
    const [first, second] = [await setUp(), await setUp()];
    await first.append('a', 0, 10);
    await second.append('b', 0, 10);
    const logs = [first.log, second.log];
    const both = new Proxy(first.log, {
      get: (log, name) => {
        if (name === 'partitions') return logs.length;
        if (name === 'onCommit') return () => () => {};
        if (name === 'read' || name === 'bounds')
          return (topic: 'detections', partition: number, request: never) => logs[partition]?.[name](topic, 0, request);
        const value: unknown = Reflect.get(log, name);
        return typeof value === 'function' ? value.bind(log) : value;
      },
    });
    expect(await first.ids({ limit: 10 }, both)).toEqual(idsOf('a', 0, 10));
    expect(await first.ids({ limit: 12 }, both)).toEqual([...idsOf('a', 0, 10), ...idsOf('b', 0, 2)]);
  });

  it('begins now, at a time, at a position', async () => {
    const { ids, append } = await setUp();
    await append('a', 0, 20);
    expect(await ids({ from: 'now' })).toEqual([]);
    expect(await ids({ from: { time: timeOf(12) } })).toEqual(idsOf('a', 12, 20));
    expect(await ids({ from: { position: 18 } })).toEqual(idsOf('a', 18, 20));
  });

  it('goes on with records as they are committed, until the signal', async () => {
    const { stream, append, abort } = await setUp();
    await append('a', 0, 2);
    const following = await stream({ follow: true });
    const next = async () => (await following.next()).value?.id;
    expect([await next(), await next()]).toEqual(idsOf('a', 0, 2));
    const waiting = next();
    await append('a', 2, 1);
    expect(await waiting).toBe('a/1/2');
    const last = following.next();
    abort.abort();
    expect((await last).done).toBe(true);
  });

  it('tells when retention has taken what should come next', async () => {
    const { stream, append, clock, log } = await setUp();
    await append('a', 0, 600);
    const reading = await stream();
    await reading.next();
    clock.set(clock.now() + TOPICS.detections.keptMs + 1);
    await append('a', 600, 1);
    await log.maintain();
    const rest = async () => {
      for await (const _ of reading);
    };
    await expect(rest()).rejects.toMatchObject({ code: 'LOG_POSITION_LOST' });
  });
});

describe('a stream from a place', () => {
  it('begins at the record that reaches it, a gap included, and at the end when none does', async () => {
    const { log, ids, append } = await setUp();
    await append('a', 0, 10);
    await log.append('detections', 0, [gap(10, 19, 'stale', { camera: 'a' })]);
    await append('a', 20, 5);
    const from = (seq: number, session = 1): StreamStart => ({ camera: 'a', place: { session, seq } });
    expect((await ids({ camera: 'a', from: from(7) }))[0]).toBe('a/1/7');
    expect((await ids({ camera: 'a', from: from(15) }))[0]).toBe('a/1/10');
    expect((await ids({ camera: 'a', from: from(0) }))[0]).toBe('a/1/0');
    expect((await ids({ camera: 'a', from: from(99, 0) }))[0]).toBe('a/1/0');
    expect(await ids({ camera: 'a', from: from(25) })).toEqual([]);
    expect(await ids({ camera: 'a', from: from(0, 2) })).toEqual([]);
  });

  it('finds it without reading what lies before', async () => {
    const { log, ids, append } = await setUp();
    for (let seq = 0; seq < 2_000; seq += 100) {
      await append('a', seq, 100);
      await append('b', seq, 100);
    }
    const { reader, counts } = counting(log);
    expect(await ids({ camera: 'b', from: { camera: 'b', place: { session: 1, seq: 1_990 } } }, reader)).toEqual(idsOf('b', 1_990, 2_000));
    expect(counts.reads).toBeLessThan(20);
  });
});

describe('where to read from', () => {
  it('is read as people write it', () => {
    expect(readFrom('now')).toBe('now');
    expect(readFrom('1766400000123')).toEqual({ time: 1_766_400_000_123 });
    expect(readFrom('2025-12-22T10:40:00.123Z')).toEqual({ time: 1_766_400_000_123 });
    expect(readFrom('dock-1/1766400000/88213')).toEqual({ camera: 'dock-1', place: { session: 1_766_400_000, seq: 88_213 } });
    expect(readFrom('dock-1/1766400000/88213/2')).toEqual({ camera: 'dock-1', place: { session: 1_766_400_000, seq: 88_213 } });
  });

  it('is refused with what was expected', () => {
    for (const text of ['', 'yesterday', 'dock-1/7', '-5x']) {
      expect(() => readFrom(text)).toThrow(
        expect.objectContaining({ code: 'INPUT_INVALID', message: expect.stringContaining('expected beginning, now') }),
      );
    }
  });
});
