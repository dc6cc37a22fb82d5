import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SqliteLog } from '../../../../engine/log/index.ts';
import { KeyedTask } from '../../../../engine/runtime/keyed/index.ts';
import { Database } from '../../../../engine/sqlite/database.ts';
import { openRedisState } from '../../../../engine/state/index.ts';
import { RedisServer } from '../../../brokers/redis-server.ts';
import { redisSettings } from '../../../brokers/redis-state.ts';
import { ManualClock } from '../../../manual-clock.ts';
import { detected, frame } from '../../../records.ts';
import { has } from '../../../requirements.ts';
import { numbering, tallying } from '../../runtime/keyed/operators.ts';

const SECONDS = 5;
const STEP_MS = 100;

describe.skipIf(!has('redis'))('a task with its state in Redis', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await RedisServer.start();
  });
  afterAll(() => redis.stop());

  /** Scripts that Redis ran while so many frames came every 100 ms: each commit is one. */
  async function commitsAt(framesEach: number): Promise<number> {
    const [clock, folder] = [new ManualClock(), mkdtempSync(join(tmpdir(), 'ocelli-commits-'))];
    const database = new Database(join(folder, 'ocelli.db'));
    const log = await SqliteLog.open(database);
    const { store, close } = await openRedisState(redisSettings(redis.url), { clock, mayBegin: async () => true });
    const operators = [numbering, tallying];
    const task = new KeyedTask({ name: 'analyse', input: 'detections', partition: 0, operators, log, store, clock });
    task.start();
    await task.idle();
    await redis.admin.config('RESETSTAT');
    for (let step = 0, seq = 0; step < (SECONDS * 1_000) / STEP_MS; step += 1) {
      await log.append(
        'detections',
        0,
        Array.from({ length: framesEach }, () => frame(seq++, [detected()])),
      );
      await task.idle(seq);
      clock.advance(STEP_MS);
      await task.idle(seq);
    }
    const [, calls] = /cmdstat_evalsha:calls=(\d+)/.exec(await redis.admin.info('commandstats')) ?? [];
    await task.drain();
    await Promise.all([close(), log.close()]);
    database.close();
    rmSync(folder, { recursive: true });
    return Number(calls);
  }

  it('commits twice a second, however many frames come', async () => {
    expect([await commitsAt(1), await commitsAt(20)]).toEqual([2 * SECONDS, 2 * SECONDS]);
  });
});
