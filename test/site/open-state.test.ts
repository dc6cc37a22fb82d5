import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseConfiguration } from '../../engine/config/read-configuration.ts';
import { SqliteLog } from '../../engine/log/index.ts';
import { type Logger, silentLogger } from '../../engine/observe/logger.ts';
import { Database } from '../../engine/sqlite/index.ts';
import { openState } from '../../site/open-state.ts';
import { RedisServer } from '../brokers/redis-server.ts';
import { ManualClock } from '../manual-clock.ts';
import { mark } from '../records.ts';
import { has } from '../requirements.ts';
import { temporaryFolder } from '../temporary-folder.ts';

async function site(state: string) {
  const folder = temporaryFolder();
  const clock = new ManualClock();
  const database = new Database(join(folder, 'log.db'));
  const log = await SqliteLog.open(database);
  const lines: string[] = [];
  const logger: Logger = {
    ...silentLogger,
    warn: (_, line) => lines.push(`warn: ${line}`),
    info: (_, line) => lines.push(`info: ${line}`),
  };
  const file = join(folder, 'ocelli.yaml');
  const address = parseConfiguration(`state: ${state}`, file).state;
  const opened = await openState(address, { file, clock, logger, log, database });
  onTestFinished(async () => {
    await opened.close();
    await log.close();
    database.close();
  });
  return { state: opened, clock, log, lines };
}

describe('the state of a site', () => {
  it('lies in the file of the log, or in one of its own', async () => {
    for (const path of ['sqlite:log.db', 'sqlite:state.db']) {
      const { state } = await site(path);
      expect(await state.store.acquire('analyse/0')).toMatchObject({ epoch: 1, position: 0 });
      const leases = state.leases('here');
      expect(await leases.acquire('dock-1', 1_000)).toMatchObject({ name: 'dock-1' });
      expect(await leases.list(['dock-1'])).toEqual(new Map([['dock-1', 'here']]));
      expect(state.trouble()).toBeUndefined();
    }
  });

  it('is refused without the certificates that it names', async () => {
    await expect(site('{ url: "rediss://localhost:1", ca: nowhere.pem }')).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('nowhere.pem cannot be read'),
    });
  });

  describe.skipIf(!has('redis'))('in Redis', () => {
    it('tells once that it is away, and when it is back', async () => {
      const redis = await RedisServer.start();
      onTestFinished(() => redis.stop());
      const { state, clock, lines } = await site(redis.url);
      await redis.kill();
      const owner = state.store.acquire('analyse/0');
      for (let tries = 0; tries < 3; tries++) {
        await clock.isWaitedFor();
        expect(state.trouble()).toContain('cannot be reached');
        clock.advance(500);
      }
      await clock.isWaitedFor();
      await redis.startAgain();
      clock.advance(500);
      await owner;
      expect(state.trouble()).toBeUndefined();
      expect(lines).toEqual([
        expect.stringMatching(/^warn: Redis at .* cannot be reached .*What needs it waits; it is tried again$/),
        `info: Redis at ${redis.url} is back`,
      ]);
    });

    it('is never taken for new when there are records', async () => {
      const redis = await RedisServer.start();
      onTestFinished(() => redis.stop());
      const { state, log } = await site(redis.url);
      await log.append('detections', 0, [mark('up')]);
      await expect(state.sessions.beginLive('dock-1', 0)).rejects.toMatchObject({ code: 'STATE_LOST' });
    });
  });
});
