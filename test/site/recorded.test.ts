import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type Log, SqliteLog } from '../../engine/log/index.ts';
import type { RecordOf } from '../../engine/records/topic.ts';
import { Database } from '../../engine/sqlite/index.ts';
import { readRecordedOf } from '../../site/recorded.ts';
import { frame, mark, timeOf } from '../records.ts';
import { temporaryFolder } from '../temporary-folder.ts';

type Record = RecordOf<'detections'>;

async function logOf(records: readonly Record[]): Promise<SqliteLog> {
  const database = new Database(join(temporaryFolder(), 'ocelli.db'));
  const log = await SqliteLog.open(database);
  onTestFinished(async () => {
    await log.close();
    database.close();
  });
  await log.append('detections', 0, records);
  return log;
}

const recordedOf = async (log: Log, isRecording: boolean) => (await readRecordedOf(log, new Map([['dock-1', isRecording]]))).get('dock-1');
const settings = mark('settings', 1, { hash: 'abc', settings: {} });

it('takes nothing of what others write while it reads: places and times must belong together', async () => {
  const log = await logOf([mark('up'), settings, frame(2), frame(3)]);
  const meanwhile: Log = Object.assign(Object.create(log) as Log, {
    progress: async (...asked: Parameters<Log['progress']>) => {
      const reached = await log.progress(...asked);
      await log.append('detections', 0, [frame(4), frame(5)]);
      return reached;
    },
  });
  const reached = { session: 1, seq: 3, time: timeOf(3), framesUntil: timeOf(3) };
  expect(await recordedOf(meanwhile, true)).toEqual({ ...reached, settings: 'abc', began: timeOf(0) });
  expect(await recordedOf(log, true)).toMatchObject({ seq: 5, framesUntil: timeOf(5) });
});

it('knows when the last frame of a live camera was, though marks came behind it', async () => {
  const log = await logOf([mark('up'), settings, frame(2), mark('down', 3), mark('heartbeat', 4)]);
  expect(await recordedOf(log, false)).toEqual({ session: 1, seq: 4, time: timeOf(4), framesUntil: timeOf(2) });
});

it('knows nothing of it when that is long ago', async () => {
  const log = await logOf([mark('up'), settings, frame(2), mark('heartbeat', 3, { time: timeOf(3) + 60_000 })]);
  expect(await recordedOf(log, false)).toEqual({ session: 1, seq: 3, time: timeOf(3) + 60_000 });
});
