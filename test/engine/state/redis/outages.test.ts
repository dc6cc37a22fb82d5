import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePorts } from '../../../../demo/brokers/free-ports.ts';
import { TcpProxy } from '../../../brokers/tcp-proxy.ts';
import { has } from '../../../requirements.ts';
import { bytes, committed, TASK, useRedis } from './redis-in-use.ts';
import { SteppedState } from './stepped-state.ts';

describe.skipIf(!has('redis'))('a Redis', () => {
  const inUse = useRedis();

  describe('that is away', () => {
    it('at the start is waited for, with a sentence and pauses that double', async () => {
      const [port] = await freePorts(1);
      const away = new SteppedState(`redis://somebody:hidden@127.0.0.1:${port}/0`);
      await expect(away.patiently(away.state.store.acquire(TASK))).rejects.toMatchObject({
        code: 'STATE_UNAVAILABLE',
        fate: 'retry',
        message: `Redis at redis://***@127.0.0.1:${port}/0 cannot be reached (connect ECONNREFUSED 127.0.0.1:${port}).`,
      });
      expect(away.troubles.map(({ delayMs }) => delayMs)).toEqual([25, 50, 100, 200, 400, 500, 500, 500, 500]);
      await away.state.close();
    });

    it('is used as soon as it is there', async () => {
      const url = inUse.redis.url;
      await inUse.redis.kill();
      const trouble = inUse.stepped.trouble();
      const owner = inUse.acquire();
      expect((await trouble).sentence).toContain(`Redis at ${url} cannot be reached`);
      await inUse.redis.startAgain();
      inUse.stepped.tryAgain();
      expect(await owner).toMatchObject({ position: 0, epoch: 1 });
      expect(inUse.stepped.recoveries).toBe(1);
    });

    it('ends waiting when the site stops', async () => {
      await inUse.redis.kill();
      const trouble = inUse.stepped.trouble();
      const owner = inUse.acquire();
      await trouble;
      await inUse.stepped.state.close();
      await expect(owner).rejects.toMatchObject({ code: 'STATE_UNAVAILABLE' });
      await inUse.redis.startAgain();
    });
  });

  describe('that is killed and started again', () => {
    it('has every commit that it acknowledged, and takes the next', async () => {
      const owner = await inUse.acquire();
      await inUse.commit(owner, 1);
      await inUse.redis.kill();
      const trouble = inUse.stepped.trouble();
      const next = inUse.commit(owner, 2);
      await trouble;
      await inUse.redis.startAgain();
      const done = inUse.stepped.patiently(next);
      inUse.stepped.tryAgain();
      await done;
      expect(await inUse.stored()).toEqual(committed(2));
    });

    it('and has lost its last commits, as with appendfsync everysec, sends the owner back to what is there', async () => {
      const owner = await inUse.acquire();
      await inUse.commit(owner, 1);
      const [files, kept] = [join(inUse.redis.folder, 'appendonlydir'), join(inUse.redis.folder, 'kept')];
      cpSync(files, kept, { recursive: true });
      await inUse.commit(owner, 2);
      await inUse.redis.kill();
      rmSync(files, { recursive: true });
      cpSync(kept, files, { recursive: true });
      rmSync(kept, { recursive: true });
      await inUse.redis.startAgain();
      await expect(inUse.stepped.patiently(inUse.commit(owner, 3))).rejects.toMatchObject({
        code: 'STATE_STALE_OWNER',
        context: { position: 1, expected: 2 },
      });
      expect(await inUse.stored()).toEqual(committed(1));
    });
  });

  describe('whose connection breaks in mid-commit', () => {
    let proxy: TcpProxy;
    let behind: SteppedState;

    beforeEach(async () => {
      proxy = await TcpProxy.before(`127.0.0.1:${inUse.redis.port}`);
      behind = new SteppedState(`redis://127.0.0.1:${proxy.port}/0`, { prefix: inUse.stepped.settings.prefix });
    });
    afterEach(async () => {
      await behind.state.close();
      await proxy.close();
    });

    it.each(['request', 'answer'] as const)('with the %s lost, commits once', async (loss) => {
      const owner = await behind.state.store.acquire(TASK);
      await inUse.commit(owner, 1);
      void proxy.lose(loss, 'EVALSHA');
      await behind.patiently(inUse.commit(owner, 2));
      expect(behind.troubles).toHaveLength(1);
      expect(await inUse.stored()).toEqual(committed(2));
    });

    it('refuses the commit that was done, when the task was taken over meanwhile', async () => {
      const owner = await behind.state.store.acquire(TASK);
      void proxy.lose('answer', 'EVALSHA');
      const trouble = behind.trouble();
      const late = inUse.commit(owner, 1);
      await trouble;
      expect((await inUse.acquire()).position).toBe(1);
      behind.tryAgain();
      await expect(late).rejects.toMatchObject({ code: 'STATE_STALE_OWNER' });
      expect(await inUse.stored()).toEqual(committed(1));
    });

    it('takes a task over once, and gives out no session twice', async () => {
      await behind.state.store.readTable('windows');
      void proxy.lose('answer', 'EVALSHA');
      expect(await behind.patiently(behind.state.store.acquire(TASK))).toMatchObject({ epoch: 1 });
      expect(behind.troubles).toHaveLength(1);
      const first = await behind.state.sessions.beginLive('dock-1', 5_000);
      void proxy.lose('answer', 'EVALSHA');
      expect(await behind.patiently(behind.state.sessions.beginLive('dock-1', 5_000))).toBeGreaterThan(first);
    });
  });

  it('that is slow is waited for, and what it did late counts once', async () => {
    const slow = new SteppedState(inUse.redis.url, { prefix: inUse.stepped.settings.prefix, timeoutMs: 50 });
    const owner = await slow.state.store.acquire(TASK);
    await inUse.redis.admin.client('PAUSE', 60_000, 'WRITE');
    const trouble = slow.trouble();
    const late = inUse.commit(owner, 1);
    expect((await trouble).sentence).toContain('(no answer in time)');
    await inUse.redis.admin.client('UNPAUSE');
    const done = slow.patiently(late);
    slow.tryAgain();
    await done;
    await slow.state.close();
    expect(await inUse.stored()).toEqual(committed(1));
  });

  it('that stands still is asked over a new connection each time, until it goes on', async () => {
    const slow = new SteppedState(inUse.redis.url, { prefix: inUse.stepped.settings.prefix, timeoutMs: 50 });
    const owner = await slow.state.store.acquire(TASK);
    inUse.redis.standStill();
    let trouble = slow.trouble();
    const late = inUse.commit(owner, 1);
    for (let tries = 0; tries < 3; tries++) {
      expect((await trouble).sentence).toContain('(no answer in time)');
      trouble = slow.trouble();
      slow.tryAgain();
    }
    await trouble;
    inUse.redis.goOn();
    const done = slow.patiently(late);
    slow.tryAgain();
    await done;
    await slow.state.close();
    expect(await inUse.stored()).toEqual(committed(1));
  });

  it('that is a read-only replica is waited for until it is the primary', async () => {
    const owner = await inUse.acquire();
    const [nobody = 0] = await freePorts(1);
    const readOnly = inUse.stepped.trouble('is a read-only replica; expected the primary');
    await inUse.redis.admin.replicaof('127.0.0.1', nobody);
    const late = inUse.commit(owner, 1);
    await readOnly;
    await inUse.redis.admin.replicaof('NO', 'ONE');
    const done = inUse.stepped.patiently(late);
    inUse.stepped.tryAgain();
    await done;
    expect(await inUse.stored()).toEqual(committed(1));
  });

  it('that is out of memory writes nothing by half, and goes on when it has some', async () => {
    const owner = await inUse.acquire();
    await inUse.commit(owner, 1);
    await inUse.redis.admin.config('SET', 'maxmemory', '1');
    await expect(inUse.stepped.patiently(inUse.commit(owner, 2))).rejects.toMatchObject({
      code: 'STATE_FULL',
      fate: 'retry',
      message: `Redis at ${inUse.redis.url} is out of memory (\`maxmemory\`) and takes no writes; give it more memory.`,
    });
    expect(await owner.load()).toEqual(new Map([['dock-1', bytes(1)]]));
    await inUse.redis.admin.config('SET', 'maxmemory', '0');
    await inUse.commit(owner, 2);
    expect(await inUse.stored()).toEqual(committed(2));
  });

  it('that forgot its scripts gets them again', async () => {
    const owner = await inUse.acquire();
    await inUse.commit(owner, 1);
    await inUse.redis.admin.script('FLUSH');
    await inUse.commit(owner, 2);
    expect([await inUse.stored(), inUse.stepped.troubles]).toEqual([committed(2), []]);
  });
});
