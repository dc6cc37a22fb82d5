import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { has } from '../../../requirements.ts';
import { bytes, TASK, useRedis } from './redis-in-use.ts';
import { SteppedState } from './stepped-state.ts';

describe.skipIf(!has('redis'))('a Redis', () => {
  const inUse = useRedis();

  describe('that is refused:', () => {
    it('one that may throw keys away', async () => {
      await inUse.redis.admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
      await expect(inUse.acquire()).rejects.toMatchObject({
        code: 'STATE_REFUSED',
        fate: 'stop',
        message: `Redis at ${inUse.redis.url} may throw keys away when memory runs short (maxmemory-policy allkeys-lru); expected noeviction. Set it, or use a Redis that is not a cache.`,
      });
    });

    it('one without an append-only file is used, and people are told', async () => {
      await inUse.redis.admin.config('SET', 'appendonly', 'no');
      await inUse.acquire();
      expect(inUse.stepped.warnings).toEqual([expect.stringContaining('writes no append-only file')]);
    });

    it.each([
      ['a wrong password', 'reader:hidden@', 'refuses user or password; correct them in `state:`'],
      ['no password', '', 'asks for a password; write user and password into the address in `state:`'],
    ])('%s', async (_name, credentials, why) => {
      await inUse.redis.admin.config('SET', 'requirepass', 'right');
      const url = `redis://${credentials}127.0.0.1:${inUse.redis.port}/0`;
      const refused = new SteppedState(url);
      const error = await refused.state.store.acquire(TASK).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'STATE_REFUSED', message: `Redis at ${url.replace('reader:hidden', '***')} ${why}.` });
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('hidden');
      await refused.state.close();
    });

    it('nobody whose password has a % that was written plainly', async () => {
      await inUse.redis.admin.config('SET', 'requirepass', '50%off');
      const opened = new SteppedState(`redis://:50%off@127.0.0.1:${inUse.redis.port}/0`);
      expect(await opened.state.store.acquire(TASK)).toMatchObject({ epoch: 1 });
      await opened.state.close();
    });

    it('a database that there is not', async () => {
      const refused = new SteppedState(inUse.redis.url.replace(/0$/, '99'));
      await expect(refused.state.store.acquire(TASK)).rejects.toMatchObject({
        code: 'STATE_REFUSED',
        message: expect.stringContaining('DB index is out of range'),
      });
      await refused.state.close();
    });
  });

  describe('that was emptied', () => {
    const LOST = { code: 'STATE_LOST', fate: 'stop' };

    it('is never taken for a new one: at the start, with a log that is not empty', async () => {
      const late = new SteppedState(inUse.redis.url, {}, { mayBegin: async () => false });
      for (const work of [() => late.state.store.acquire(TASK), () => late.state.sessions.beginLive('dock-1', 0)]) {
        await expect(work()).rejects.toMatchObject({
          ...LOST,
          message: `The state in ${inUse.redis.url} is empty, and the log is not. Restore it from its backup, however old: what is missing is made again from the log. Or accept that all tasks begin anew: ocelli state begin-again.`,
        });
      }
      await late.state.close();
      expect(await inUse.redis.admin.keys(late.key('*'))).toEqual([]);
    });

    it('is never taken for a new one: while it is in use', async () => {
      const owner = await inUse.acquire();
      await inUse.commit(owner, 1);
      await inUse.redis.admin.flushall();
      for (const work of [
        () => inUse.commit(owner, 2),
        () => owner.load(),
        () => inUse.acquire(),
        () => inUse.stepped.state.sessions.beginLive('dock-1', 0),
      ]) {
        await expect(work()).rejects.toMatchObject({ ...LOST, message: expect.stringContaining('was emptied while it was in use') });
      }
      expect(await inUse.redis.admin.dbsize()).toBe(0);
    });

    it('and begun anew by somebody else is not the one that this process knows', async () => {
      await inUse.acquire();
      await inUse.redis.admin.flushall();
      const other = new SteppedState(inUse.redis.url, { prefix: inUse.stepped.settings.prefix });
      await other.state.store.acquire(TASK);
      await other.state.close();
      await expect(inUse.acquire()).rejects.toMatchObject({
        ...LOST,
        message: expect.stringContaining('was replaced by another one while it was in use'),
      });
    });

    it('of its marker alone is not begun anew', async () => {
      await inUse.acquire();
      await inUse.redis.admin.del(inUse.stepped.key('version'));
      const late = new SteppedState(inUse.redis.url, { prefix: inUse.stepped.settings.prefix });
      await expect(late.state.store.acquire(TASK)).rejects.toMatchObject({
        ...LOST,
        message: expect.stringContaining(`has lost ${late.key('version')}`),
      });
      await late.state.close();
    });

    it('of one task sends its owner back, so that the next one can hold it against the log', async () => {
      const owner = await inUse.acquire();
      await inUse.commit(owner, 1);
      await inUse.redis.admin.del(inUse.stepped.key(`{${TASK}}:task`), inUse.stepped.key(`{${TASK}}:state`));
      await expect(inUse.commit(owner, 2)).rejects.toMatchObject({ code: 'STATE_STALE_OWNER' });
      expect(await inUse.acquire()).toMatchObject({ epoch: 1, position: 0 });
    });
  });

  describe('that holds something else', () => {
    const CORRUPT = { code: 'STATE_CORRUPT', fate: 'stop' };
    const spoil = (part: string) => inUse.redis.admin.set(inUse.stepped.key(`{${TASK}}:${part}`), 'foreign');

    it.each(['state', 'table:windows'])('as %s: the commit is refused and changes nothing', async (part) => {
      const owner = await inUse.acquire();
      await spoil(part);
      const refused = owner.commit(0, 1, new Map([['dock-1', bytes(1)]]), [{ table: 'windows', row: 'dock-1', set: { count: 1 } }]);
      await expect(refused).rejects.toMatchObject(CORRUPT);
      expect(await inUse.redis.admin.hget(inUse.stepped.key(`{${TASK}}:task`), 'position')).toBe('0');
      expect(await inUse.redis.admin.get(inUse.stepped.key(`{${TASK}}:${part}`))).toBe('foreign');
    });

    it('as the task, or a task without a position', async () => {
      await spoil('task');
      await expect(inUse.acquire()).rejects.toMatchObject({
        ...CORRUPT,
        message: expect.stringContaining('holds something else where state should be'),
      });
      await inUse.redis.admin.del(inUse.stepped.key(`{${TASK}}:task`));
      await inUse.redis.admin.hset(inUse.stepped.key(`{${TASK}}:task`), 'color', 'blue');
      await expect(inUse.acquire()).rejects.toMatchObject({ ...CORRUPT, message: expect.stringContaining('has no epoch or no position') });
    });

    it('as the sessions of a camera', async () => {
      await inUse.redis.admin.set(inUse.stepped.key('{dock-1}:sessions'), 'foreign');
      await expect(inUse.stepped.state.sessions.beginLive('dock-1', 0)).rejects.toMatchObject(CORRUPT);
      await expect(inUse.stepped.state.leases('here').acquire('dock-1', 1_000)).rejects.toMatchObject(CORRUPT);
    });

    it('than the whole state of a task: it is not loaded by half', async () => {
      const owner = await inUse.acquire();
      await inUse.commit(owner, 1);
      await inUse.redis.admin.hdel(inUse.stepped.key(`{${TASK}}:state`), 'dock-1');
      await expect(owner.load()).rejects.toMatchObject({
        ...CORRUPT,
        message: expect.stringContaining('has 0 keys, and its last commit left 1'),
      });
    });

    it.each([
      ['2', 'STATE_NEWER_VERSION', 'was written by a newer Ocelli: its layout is 2, this Ocelli knows 1'],
      ['0', 'STATE_CORRUPT', 'says layout "0", which no Ocelli has written'],
      ['blue', 'STATE_CORRUPT', 'says layout "blue", which no Ocelli has written'],
    ])('in layout %s', async (layout, code, sentence) => {
      await inUse.redis.admin.hset(inUse.stepped.key('version'), 'layout', layout);
      await expect(inUse.acquire()).rejects.toMatchObject({ code, fate: 'stop', message: expect.stringContaining(sentence) });
    });
  });
});
