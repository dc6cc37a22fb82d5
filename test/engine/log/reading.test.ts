import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openLogForReading, SqliteLog, type SqliteLogOptions } from '../../../engine/log/index.ts';
import { RecentRecords } from '../../../engine/log/recent-records.ts';
import { toRow } from '../../../engine/log/record-row.ts';
import { Background } from '../../../engine/log/sqlite/background.ts';
import { Database } from '../../../engine/sqlite/index.ts';
import { ManualClock } from '../../manual-clock.ts';
import { frame } from '../../records.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

/** Nothing stays in memory, so that every read is one of the file. */
const FROM_FILE: SqliteLogOptions = { recent: { records: 0, bytes: 0 } };
const PAGE_BYTES = 4_096;
/** Limits of a read that happens on the main thread, and of one that goes to the background. */
const LIMITS = { 'a small read': 10, 'a large read': 1_000 };

async function setUp(options: SqliteLogOptions = FROM_FILE) {
  const path = join(temporaryFolder(), 'ocelli.db');
  const database = new Database(path, { clock: new ManualClock() });
  const log = await SqliteLog.open(database, options);
  onTestFinished(async () => {
    await log.close();
    database.close();
  });
  const frames = (count: number) =>
    log.append(
      'detections',
      0,
      Array.from({ length: count }, (_, seq) => frame(seq)),
    );
  const read = (from: number, limit: number) => log.read('detections', 0, { from, limit });
  const spoil = (position: number, body: string) =>
    database.connection.run('UPDATE log_detections SET body = ? WHERE position = ?', body, position);
  return { path, database, log, frames, read, spoil };
}

describe('a record that cannot be parsed', () => {
  const SPOILT = {
    'cut off': '{"v":1,"type":"detec',
    'of a newer version': JSON.stringify({ ...frame(3), v: 2 }),
    'without a camera': JSON.stringify({ ...frame(3), camera: undefined }),
    empty: '',
  };
  for (const [size, limit] of Object.entries(LIMITS)) {
    for (const [what, body] of Object.entries(SPOILT)) {
      it(`ends ${size} before it, is named, and can be stepped over (${what})`, async () => {
        const { frames, read, spoil } = await setUp();
        await frames(6);
        spoil(3, body);
        const before = await read(0, limit);
        expect(before.entries.map(({ position }) => position)).toEqual([0, 1, 2]);
        expect(before.next).toBe(3);
        await expect(read(3, limit)).rejects.toMatchObject({ code: 'RECORD_INVALID', context: { topic: 'detections', position: 3, body } });
        expect((await read(4, limit)).entries.map(({ position }) => position)).toEqual([4, 5]);
      });
    }
  }
});

describe('a damaged file', () => {
  /** A log whose table of detections begins with junk. */
  async function damaged() {
    const path = join(temporaryFolder(), 'ocelli.db');
    const whole = new Database(path);
    const writer = await SqliteLog.open(whole);
    await writer.append('detections', 0, [frame(0), frame(1)]);
    const page = whole.connection.number(`SELECT rootpage FROM sqlite_schema WHERE name = 'log_detections'`);
    await writer.close();
    whole.close();
    const file = openSync(path, 'r+');
    writeSync(file, Buffer.alloc(PAGE_BYTES, 'junk'), 0, PAGE_BYTES, (page - 1) * PAGE_BYTES);
    closeSync(file);
    const database = new Database(path);
    const log = await SqliteLog.open(database);
    onTestFinished(async () => {
      await log.close();
      database.close();
    });
    return log;
  }

  for (const [size, limit] of Object.entries(LIMITS)) {
    it(`is told by ${size}, and what to do`, async () => {
      const log = await damaged();
      await expect(log.read('detections', 0, { from: 0, limit })).rejects.toMatchObject({
        code: 'LOG_CORRUPT',
        message: expect.stringContaining('.recover'),
      });
    });
  }

  it('is told by an append', async () => {
    const log = await damaged();
    await expect(log.append('detections', 0, [frame(2)])).rejects.toMatchObject({ code: 'LOG_CORRUPT' });
  });
});

describe('a request that no log can answer', () => {
  it('is a mistake in the program, told at once', async () => {
    const { log, read } = await setUp();
    await expect(read(0, 0)).rejects.toThrow(RangeError);
    await expect(read(0.5, 1)).rejects.toThrow(RangeError);
    await expect(log.bounds('detections', 1)).rejects.toThrow('partition 0 only');
    await expect(log.bounds('frames' as 'detections', 0)).resolves.toEqual({ start: 0, end: 0 });
    await expect(log.progress('frames' as 'detections', 0)).rejects.toMatchObject({ code: 'TOPIC_UNKNOWN' });
  });
});

describe('recent records', () => {
  const rows = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => toRow(frame(from + index)));
  const sizeOf = (seq: number) => JSON.stringify(frame(seq)).length;

  it('are bounded by their number', () => {
    const recent = new RecentRecords(0, { records: 10, bytes: 1e9 });
    for (let seq = 0; seq < 100; seq += 7) recent.push(rows(seq, seq + 7));
    expect(recent.start).toBe(105 - 10);
    expect(recent.read({ from: 94, limit: 5 })).toBeUndefined();
    expect(recent.read({ from: 95, limit: 100 })?.entries.map(({ position }) => position)).toEqual(
      Array.from({ length: 10 }, (_, n) => 95 + n),
    );
  });

  it('are bounded by their size', () => {
    const recent = new RecentRecords(0, { records: 1_000, bytes: 3 * sizeOf(100) });
    recent.push(rows(100, 150));
    expect(recent.start).toBe(47);
  });

  it('begin at the end of the file, not at 0', () => {
    const recent = new RecentRecords(40, { records: 10, bytes: 1e9 });
    expect(recent.start).toBe(40);
    recent.push(rows(40, 42));
    expect(recent.read({ from: 41, limit: 9 })).toEqual({ entries: [{ position: 41, record: frame(41) }], next: 42 });
  });

  it('answer the end of the log with nothing', () => {
    const recent = new RecentRecords(7, { records: 10, bytes: 1e9 });
    expect(recent.read({ from: 7, limit: 9 })).toEqual({ entries: [], next: 7 });
  });
});

describe('the background worker', () => {
  const limits = { keptMs: { detections: 1, tracks: 1, alerts: 1, 'dead-letters': 1 }, maxBytes: 1 };

  it('that cannot begin rejects what it was asked, and is started again for the next question', async () => {
    const { path, frames } = await setUp();
    await frames(3);
    const background = new Background(temporaryFolder(), limits);
    const question = { topic: 'detections', request: { from: 0, limit: 100 } } as const;
    await expect(background.ask('read', question)).rejects.toThrow();
    await expect(background.ask('read', question)).rejects.toThrow();
    await background.close();
    const healthy = new Background(path, limits);
    expect((await healthy.ask('read', question)).rows).toHaveLength(3);
    await healthy.close();
  });

  it('answers nothing after it was closed', async () => {
    const { path } = await setUp();
    const background = new Background(path, limits);
    await background.close();
    await expect(background.ask('checkpoint', null)).rejects.toThrow('closed');
  });
});

describe('reading beside the engine', () => {
  it('sees what is committed, as it is committed', async () => {
    const { path, log } = await setUp();
    const reader = openLogForReading(path, new ManualClock());
    onTestFinished(() => reader.close());
    expect(await reader.bounds('detections', 0)).toEqual({ start: 0, end: 0 });
    await log.append('detections', 0, [frame(0), frame(1)]);
    expect(await reader.read('detections', 0, { from: 0, limit: 10 })).toEqual(await log.read('detections', 0, { from: 0, limit: 10 }));
    expect(await reader.progress('detections', 0)).toEqual(await log.progress('detections', 0));
    expect(await reader.seekTime('detections', 0, frame(1).time)).toBe(1);
  });

  it('is told of new records by looking ten times a second', async () => {
    const { path, log } = await setUp();
    const clock = new ManualClock();
    const reader = openLogForReading(path, clock);
    onTestFinished(() => reader.close());
    let calls = 0;
    const end = reader.onCommit('detections', 0, () => calls++);
    clock.advance(1_000);
    expect(calls).toBe(0);
    await log.append('detections', 0, [frame(0)]);
    await log.append('detections', 0, [frame(1)]);
    clock.advance(100);
    expect(calls).toBe(1);
    end();
    await log.append('detections', 0, [frame(2)]);
    clock.advance(1_000);
    expect(calls).toBe(1);
    expect(clock.waiting).toBe(0);
  });

  it('works when no engine runs, and writes nothing', async () => {
    const path = join(temporaryFolder(), 'ocelli.db');
    const database = new Database(path);
    const log = await SqliteLog.open(database);
    await log.append('detections', 0, [frame(0)]);
    await log.close();
    database.close();
    const reader = openLogForReading(path);
    expect((await reader.read('detections', 0, { from: 0, limit: 1 })).entries).toHaveLength(1);
    const engine = new Database(path);
    engine.close();
    await reader.close();
  });

  it('is refused where there is no log, and where it is newer', () => {
    const path = join(temporaryFolder(), 'ocelli.db');
    expect(() => openLogForReading(path)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(path) }),
    );
    const database = new Database(path);
    database.connection.exec('PRAGMA user_version = 99');
    database.close();
    expect(() => openLogForReading(path)).toThrow(expect.objectContaining({ code: 'LOG_NEWER_VERSION' }));
  });
});
