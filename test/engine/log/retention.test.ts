import { EventEmitter, once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type MaintenanceReport, openLogForReading, SqliteLog } from '../../../engine/log/index.ts';
import { checkpoint } from '../../../engine/log/sqlite/checkpoint.ts';
import { retentionStep } from '../../../engine/log/sqlite/retention.ts';
import type { RetentionLimits } from '../../../engine/log/sqlite/retention-limits.ts';
import { Connection } from '../../../engine/sqlite/connection.ts';
import { Database } from '../../../engine/sqlite/index.ts';
import { ManualClock } from '../../manual-clock.ts';
import { detected, frame, tracked } from '../../records.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const HOUR_MS = 3_600_000;
const UNLIMITED: RetentionLimits = {
  keptMs: {
    detections: Number.MAX_SAFE_INTEGER,
    tracks: Number.MAX_SAFE_INTEGER,
    alerts: Number.MAX_SAFE_INTEGER,
    'dead-letters': Number.MAX_SAFE_INTEGER,
  },
  maxBytes: 2 ** 40,
};

async function setUp() {
  const path = join(temporaryFolder(), 'ocelli.db');
  const clock = new ManualClock();
  const database = new Database(path, { clock });
  const reports: MaintenanceReport[] = [];
  const heard = new EventEmitter<{ report: [MaintenanceReport] }>();
  const log = await SqliteLog.open(database, {
    retention: { keptMs: { detections: HOUR_MS, tracks: 2 * HOUR_MS } },
    onMaintenance: (report) => {
      reports.push(report);
      heard.emit('report', report);
    },
  });
  onTestFinished(async () => {
    await log.close();
    database.close();
  });
  /** Steps of retention until none is left, on a connection of their own as in the worker. */
  const retainAll = (limits: Partial<RetentionLimits>) => {
    const connection = new Connection(path);
    const steps = [];
    for (let step = retentionStep(connection, { ...UNLIMITED, ...limits }, clock.now()); step !== undefined; ) {
      steps.push(step);
      step = retentionStep(connection, { ...UNLIMITED, ...limits }, clock.now());
    }
    connection.close();
    return steps;
  };
  return { path, clock, database, log, reports, nextReport: () => once(heard, 'report'), retainAll };
}

const objects = Array.from({ length: 10 }, () => detected());

/** Writes turn and turn about, `count` detections and half as many tracks, a minute apart; answers when each was written. */
async function writeMinutes(log: SqliteLog, clock: ManualClock, count: number) {
  const written: { topic: 'detections' | 'tracks'; position: number; at: number }[] = [];
  for (let seq = 0; seq < count; seq++) {
    clock.set(clock.now() + 60_000);
    const [position = -1] = await log.append('detections', 0, [frame(seq, objects)]);
    written.push({ topic: 'detections', position, at: clock.now() });
    if (seq % 2 === 1) continue;
    const [other = -1] = await log.append('tracks', 0, [tracked(seq)]);
    written.push({ topic: 'tracks', position: other, at: clock.now() });
  }
  return written;
}

describe('retention by age', () => {
  it('removes what was written longer ago than the topic keeps, and nothing else', async () => {
    const { log, clock, retainAll } = await setUp();
    const written = await writeMinutes(log, clock, 300);
    const keptMs = { ...UNLIMITED.keptMs, detections: HOUR_MS, tracks: 2 * HOUR_MS };
    const removed = retainAll({ keptMs }).reduce((sum, step) => sum + step.removed, 0);
    const expired = written.filter(({ topic, at }) => at < clock.now() - keptMs[topic]);
    expect(removed).toBe(expired.length);
    for (const topic of ['detections', 'tracks'] as const) {
      expect((await log.bounds(topic, 0)).start).toBe(expired.filter((one) => one.topic === topic).length);
    }
  });

  it('goes by the time of writing, never by the time of the event', async () => {
    const { log, clock, retainAll } = await setUp();
    await log.append('detections', 0, [frame(0, [], { time: 0 }), frame(1, [], { time: clock.now() + 90 * 24 * HOUR_MS })]);
    clock.set(clock.now() + HOUR_MS - 1);
    const keptMs = { ...UNLIMITED.keptMs, detections: HOUR_MS };
    expect(retainAll({ keptMs })).toEqual([]);
    clock.set(clock.now() + 2);
    expect(retainAll({ keptMs })).toEqual([{ removed: 2, freedBytes: 0 }]);
  });

  it('does it in steps of at most 200 records', async () => {
    const { log, clock, retainAll } = await setUp();
    await log.append(
      'detections',
      0,
      Array.from({ length: 1_000 }, (_, seq) => frame(seq)),
    );
    clock.set(clock.now() + 1_000);
    const steps = retainAll({ keptMs: { ...UNLIMITED.keptMs, detections: 0 } });
    expect(steps.map(({ removed }) => removed)).toEqual([200, 200, 200, 200, 200]);
  });

  it('comes every ten seconds by itself; a checkpoint every second in which something was written', async () => {
    const { log, clock, reports, nextReport } = await setUp();
    await log.append('detections', 0, [frame(0)]);
    clock.set(clock.now() + HOUR_MS + 1);
    await log.append('detections', 0, [frame(1)]);
    const first = nextReport();
    clock.advance(1_000);
    await first;
    expect(reports).toEqual([{ checkpoint: expect.anything() }]);
    clock.advance(8_000);
    expect(await log.bounds('detections', 0)).toEqual({ start: 0, end: 2 });
    const second = nextReport();
    clock.advance(1_000);
    await second;
    expect(reports.slice(1)).toEqual([{ checkpoint: expect.anything(), retention: expect.objectContaining({ removed: 1 }) }]);
    expect(await log.bounds('detections', 0)).toEqual({ start: 1, end: 2 });
  });

  it('is preceded by a checkpoint before the second is over when much was written', async () => {
    const { log, reports, nextReport } = await setUp();
    const first = nextReport();
    await log.append(
      'detections',
      0,
      Array.from({ length: 4_000 }, (_, seq) => frame(seq)),
    );
    await first;
    expect(reports).toEqual([{ checkpoint: expect.anything() }]);
  });

  it('tells of a round that failed, and does it a second later', async () => {
    const { log, clock, database, reports, nextReport } = await setUp();
    await log.append('detections', 0, [frame(0)]);
    clock.set(clock.now() + HOUR_MS + 1);
    database.connection.exec('BEGIN IMMEDIATE');
    expect((await log.maintain()).error).toMatchObject({ code: 'LOG_UNAVAILABLE' });
    database.connection.exec('COMMIT');
    const next = nextReport();
    clock.advance(1_000);
    await next;
    expect(reports.map(({ retention }) => retention?.removed)).toEqual([undefined, 1]);
  });
});

describe('retention by size', () => {
  const maxBytes = 512 * 1024;

  it('removes the records written first, of whatever topic, until the file has the size', async () => {
    const { log, clock, retainAll, path } = await setUp();
    const written = await writeMinutes(log, clock, 1_200);
    const steps = retainAll({ maxBytes });
    const removed = steps.reduce((sum, step) => sum + step.removed, 0);
    expect(removed).toBeGreaterThan(200);
    expect(removed).toBeLessThan(written.length);
    const oldest = written.slice(0, removed);
    for (const topic of ['detections', 'tracks'] as const) {
      expect((await log.bounds(topic, 0)).start).toBe(oldest.filter((one) => one.topic === topic).length);
    }
    const connection = new Connection(path);
    connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    connection.close();
    expect(statSync(path).size).toBeLessThanOrEqual(maxBytes);
  });

  it('leaves a file alone that is small enough', async () => {
    const { log, clock, retainAll } = await setUp();
    await writeMinutes(log, clock, 20);
    expect(retainAll({ maxBytes })).toEqual([]);
  });

  it('ends when there is nothing left to remove', async () => {
    const { log, clock, retainAll } = await setUp();
    await writeMinutes(log, clock, 20);
    retainAll({ maxBytes: 4_096 });
    expect(await log.bounds('detections', 0)).toEqual({ start: 20, end: 20 });
  });

  it('keeps the state and the progress of the cameras, whatever is removed', async () => {
    const { log, clock, retainAll, database } = await setUp();
    await writeMinutes(log, clock, 20);
    await database.write(() => database.connection.run(`INSERT INTO task_state VALUES ('task', 'key', ?)`, new Uint8Array(10_000)));
    const before = await log.progress('detections', 0);
    retainAll({ maxBytes: 4_096 });
    expect(await log.progress('detections', 0)).toEqual(before);
    expect(database.connection.number('SELECT length(value) FROM task_state')).toBe(10_000);
  });
});

describe('reading while retention removes', () => {
  it('never skips over a record that is gone: it is told that the position is lost', async () => {
    const { log, clock, path } = await setUp();
    await log.append(
      'detections',
      0,
      Array.from({ length: 300 }, (_, seq) => frame(seq)),
    );
    const reader = openLogForReading(path, clock);
    const first = await reader.read('detections', 0, { from: 0, limit: 50 });
    clock.set(clock.now() + HOUR_MS + 1);
    await log.append('detections', 0, [frame(300)]);
    await log.maintain();
    const behind = expect.objectContaining({ code: 'LOG_POSITION_LOST', context: { topic: 'detections', from: 50, start: 300, end: 301 } });
    await expect(reader.read('detections', 0, { from: first.next, limit: 50 })).rejects.toEqual(behind);
    await expect(log.read('detections', 0, { from: first.next, limit: 50 })).rejects.toEqual(behind);
    await reader.close();
  });
});

describe('the checkpoint', () => {
  it('moves a long write-ahead log into the file and lets it begin anew', async () => {
    const { database, path } = await setUp();
    const checkpointer = new Connection(path);
    const megabyte = new Uint8Array(2 ** 20);
    const write = async (megabytes: number) => {
      for (let n = 0; n < megabytes; n++) {
        await database.write(() => database.connection.run(`INSERT INTO task_state VALUES ('task', ?, ?)`, crypto.randomUUID(), megabyte));
      }
    };
    await write(20);
    const { pages, checkpointed } = checkpoint(checkpointer);
    expect(pages).toBe(checkpointed);
    const size = statSync(`${path}-wal`).size;
    expect(size).toBeGreaterThan(20 * 2 ** 20);
    await write(12);
    expect(statSync(`${path}-wal`).size).toBe(size);
    checkpointer.close();
  });

  it('leaves a short write-ahead log alone', async () => {
    const { log, path } = await setUp();
    await log.append('detections', 0, [frame(0)]);
    const checkpointer = new Connection(path);
    const { pages, checkpointed } = checkpoint(checkpointer);
    expect(pages).toBeGreaterThan(0);
    expect(checkpointed).toBe(0);
    checkpointer.close();
  });
});
