import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Ownership } from '../../../../engine/state/index.ts';
import { AnswerDropper } from '../../../brokers/answer-dropper.ts';
import { freePorts } from '../../../../demo/brokers/free-ports.ts';
import { RedisServer } from '../../../brokers/redis-server.ts';
import { has } from '../../../requirements.ts';
import { SteppedState } from './stepped-state.ts';

const TASK = 'tracks/0';
const bytes = (...values: number[]) => Uint8Array.from(values);
const ADD_ONE = { table: 'windows', row: 'dock-1', add: { count: 1 } } as const;

/** Undoes whatever a test did to the server, also one that failed. */
async function asFresh(redis: RedisServer): Promise<void> {
  const { admin } = redis;
  redis.goOn();
  await admin.replicaof('NO', 'ONE');
  await admin.client('UNPAUSE');
  const settings = { maxmemory: '0', 'maxmemory-policy': 'noeviction', appendonly: 'yes', requirepass: '' };
  for (const [name, value] of Object.entries(settings)) await admin.config('SET', name, value);
  await admin.flushall();
}

describe.skipIf(!has('redis'))('a Redis', () => {
  let redis: RedisServer;
  let stepped: SteppedState;

  beforeAll(async () => {
    redis = await RedisServer.start({ appendfsync: 'always' });
  });
  afterAll(() => redis.stop());
  beforeEach(async () => {
    stepped = await SteppedState.open(redis.url);
  });
  afterEach(async () => {
    await stepped.state.close();
    await asFresh(redis);
  });

  const acquire = () => stepped.state.store.acquire(TASK);
  const commit = (owner: Ownership, next: number) => owner.commit(next - 1, next, new Map([['dock-1', bytes(next)]]), [ADD_ONE]);
  /** What is stored, as a new owner finds it. */
  async function stored() {
    const owner = await acquire();
    const rows = await stepped.state.store.readTable('windows');
    return { position: owner.position, state: (await owner.load()).get('dock-1'), count: rows.get('dock-1')?.['count'] };
  }
  const committed = (position: number) => ({ position, state: bytes(position), count: position });

  describe('that is away', () => {
    it('at the start is waited for, with a sentence and pauses that double', async () => {
      const [port] = await freePorts(1);
      const away = await SteppedState.open(`redis://somebody:hidden@127.0.0.1:${port}/0`);
      await expect(away.patiently(away.state.store.acquire(TASK))).rejects.toMatchObject({
        code: 'STATE_UNAVAILABLE',
        fate: 'retry',
        message: `Redis at redis://***@127.0.0.1:${port}/0 cannot be reached (connect ECONNREFUSED 127.0.0.1:${port}).`,
      });
      expect(away.troubles.map(({ delayMs }) => delayMs)).toEqual([25, 50, 100, 200, 400, 500, 500, 500, 500]);
      await away.state.close();
    });

    it('is used as soon as it is there', async () => {
      const url = redis.url;
      await redis.kill();
      const trouble = stepped.trouble();
      const owner = acquire();
      expect((await trouble).sentence).toContain(`Redis at ${url} cannot be reached`);
      await redis.startAgain();
      stepped.tryAgain();
      expect(await owner).toMatchObject({ position: 0, epoch: 1 });
      expect(stepped.recoveries).toBe(1);
    });

    it('ends waiting when the site stops', async () => {
      await redis.kill();
      const trouble = stepped.trouble();
      const owner = acquire();
      await trouble;
      await stepped.state.close();
      await expect(owner).rejects.toMatchObject({ code: 'STATE_UNAVAILABLE' });
      await redis.startAgain();
    });
  });

  describe('that is killed and started again', () => {
    it('has every commit that it acknowledged, and takes the next', async () => {
      const owner = await acquire();
      await commit(owner, 1);
      await redis.kill();
      const trouble = stepped.trouble();
      const next = commit(owner, 2);
      await trouble;
      await redis.startAgain();
      const done = stepped.patiently(next);
      stepped.tryAgain();
      await done;
      expect(await stored()).toEqual(committed(2));
    });

    it('and has lost its last commits, as with appendfsync everysec, sends the owner back to what is there', async () => {
      const owner = await acquire();
      await commit(owner, 1);
      const [files, kept] = [join(redis.folder, 'appendonlydir'), join(redis.folder, 'kept')];
      cpSync(files, kept, { recursive: true });
      await commit(owner, 2);
      await redis.kill();
      rmSync(files, { recursive: true });
      cpSync(kept, files, { recursive: true });
      rmSync(kept, { recursive: true });
      await redis.startAgain();
      await expect(stepped.patiently(commit(owner, 3))).rejects.toMatchObject({
        code: 'STATE_STALE_OWNER',
        context: { position: 1, expected: 2 },
      });
      expect(await stored()).toEqual(committed(1));
    });
  });

  describe('whose connection breaks in mid-commit', () => {
    let dropper: AnswerDropper;
    let behind: SteppedState;

    beforeEach(async () => {
      dropper = await AnswerDropper.before(redis.port);
      behind = await SteppedState.open(`redis://127.0.0.1:${dropper.port}/0`, { prefix: stepped.settings.prefix });
    });
    afterEach(async () => {
      await behind.state.close();
      await dropper.close();
    });

    it.each(['request', 'answer'] as const)('with the %s lost, commits once', async (loss) => {
      const owner = await behind.state.store.acquire(TASK);
      await commit(owner, 1);
      dropper.lose(loss, 'EVALSHA');
      await behind.patiently(commit(owner, 2));
      expect(behind.troubles).toHaveLength(1);
      expect(await stored()).toEqual(committed(2));
    });

    it('refuses the commit that was done, when the task was taken over meanwhile', async () => {
      const owner = await behind.state.store.acquire(TASK);
      dropper.lose('answer', 'EVALSHA');
      const trouble = behind.trouble();
      const late = commit(owner, 1);
      await trouble;
      expect((await acquire()).position).toBe(1);
      behind.tryAgain();
      await expect(late).rejects.toMatchObject({ code: 'STATE_STALE_OWNER' });
      expect(await stored()).toEqual(committed(1));
    });

    it('takes a task over once, and gives out no session twice', async () => {
      await behind.state.store.readTable('windows');
      dropper.lose('answer', 'EVALSHA');
      expect(await behind.patiently(behind.state.store.acquire(TASK))).toMatchObject({ epoch: 1 });
      expect(behind.troubles).toHaveLength(1);
      const first = await behind.state.sessions.beginLive('dock-1', 5_000);
      dropper.lose('answer', 'EVALSHA');
      expect(await behind.patiently(behind.state.sessions.beginLive('dock-1', 5_000))).toBeGreaterThan(first);
    });
  });

  it('that is slow is waited for, and what it did late counts once', async () => {
    const slow = await SteppedState.open(redis.url, { prefix: stepped.settings.prefix, timeoutMs: 50 });
    const owner = await slow.state.store.acquire(TASK);
    await redis.admin.client('PAUSE', 60_000, 'WRITE');
    const trouble = slow.trouble();
    const late = commit(owner, 1);
    expect((await trouble).sentence).toContain('(no answer in time)');
    await redis.admin.client('UNPAUSE');
    const done = slow.patiently(late);
    slow.tryAgain();
    await done;
    await slow.state.close();
    expect(await stored()).toEqual(committed(1));
  });

  it('that stands still is asked over a new connection each time, until it goes on', async () => {
    const slow = await SteppedState.open(redis.url, { prefix: stepped.settings.prefix, timeoutMs: 50 });
    const owner = await slow.state.store.acquire(TASK);
    redis.standStill();
    let trouble = slow.trouble();
    const late = commit(owner, 1);
    for (let tries = 0; tries < 3; tries++) {
      expect((await trouble).sentence).toContain('(no answer in time)');
      trouble = slow.trouble();
      slow.tryAgain();
    }
    await trouble;
    redis.goOn();
    const done = slow.patiently(late);
    slow.tryAgain();
    await done;
    await slow.state.close();
    expect(await stored()).toEqual(committed(1));
  });

  it('that is a read-only replica is waited for until it is the primary', async () => {
    const owner = await acquire();
    const [nobody = 0] = await freePorts(1);
    const readOnly = stepped.trouble('is a read-only replica; expected the primary');
    await redis.admin.replicaof('127.0.0.1', nobody);
    const late = commit(owner, 1);
    await readOnly;
    await redis.admin.replicaof('NO', 'ONE');
    const done = stepped.patiently(late);
    stepped.tryAgain();
    await done;
    expect(await stored()).toEqual(committed(1));
  });

  it('that is out of memory writes nothing by half, and goes on when it has some', async () => {
    const owner = await acquire();
    await commit(owner, 1);
    await redis.admin.config('SET', 'maxmemory', '1');
    await expect(stepped.patiently(commit(owner, 2))).rejects.toMatchObject({
      code: 'STATE_FULL',
      fate: 'retry',
      message: `Redis at ${redis.url} is out of memory (\`maxmemory\`) and takes no writes; give it more memory.`,
    });
    expect(await owner.load()).toEqual(new Map([['dock-1', bytes(1)]]));
    await redis.admin.config('SET', 'maxmemory', '0');
    await commit(owner, 2);
    expect(await stored()).toEqual(committed(2));
  });

  it('that forgot its scripts gets them again', async () => {
    const owner = await acquire();
    await commit(owner, 1);
    await redis.admin.script('FLUSH');
    await commit(owner, 2);
    expect([await stored(), stepped.troubles]).toEqual([committed(2), []]);
  });

  describe('that is refused:', () => {
    it('one that may throw keys away', async () => {
      await redis.admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
      await expect(acquire()).rejects.toMatchObject({
        code: 'STATE_REFUSED',
        fate: 'stop',
        message: `Redis at ${redis.url} may throw keys away when memory runs short (maxmemory-policy allkeys-lru); expected noeviction. Set it, or use a Redis that is not a cache.`,
      });
    });

    it('one without an append-only file is used, and people are told', async () => {
      await redis.admin.config('SET', 'appendonly', 'no');
      await acquire();
      expect(stepped.warnings).toEqual([expect.stringContaining('writes no append-only file')]);
    });

    it.each([
      ['a wrong password', 'reader:hidden@', 'refuses user or password; correct them in `state:`'],
      ['no password', '', 'asks for a password; write user and password into the address in `state:`'],
    ])('%s', async (_name, credentials, why) => {
      await redis.admin.config('SET', 'requirepass', 'right');
      const url = `redis://${credentials}127.0.0.1:${redis.port}/0`;
      const refused = await SteppedState.open(url);
      const error = await refused.state.store.acquire(TASK).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'STATE_REFUSED', message: `Redis at ${url.replace('reader:hidden', '***')} ${why}.` });
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('hidden');
      await refused.state.close();
    });

    it('a database that there is not', async () => {
      const refused = await SteppedState.open(redis.url.replace(/0$/, '99'));
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
      const late = await SteppedState.open(redis.url, {}, { mayBegin: async () => false });
      for (const refused of [late.state.store.acquire(TASK), late.state.sessions.beginLive('dock-1', 0)]) {
        await expect(refused).rejects.toMatchObject({
          ...LOST,
          message: `The state in ${redis.url} is empty, and the log is not. Restore it from its backup, however old: what is missing is made again from the log. Or accept that all tasks begin anew: ocelli state begin-again.`,
        });
      }
      await late.state.close();
      expect(await redis.admin.keys(late.key('*'))).toEqual([]);
    });

    it('is never taken for a new one: while it is in use', async () => {
      const owner = await acquire();
      await commit(owner, 1);
      await redis.admin.flushall();
      for (const work of [() => commit(owner, 2), () => owner.load(), acquire, () => stepped.state.sessions.beginLive('dock-1', 0)]) {
        await expect(work()).rejects.toMatchObject({ ...LOST, message: expect.stringContaining('was emptied while it was in use') });
      }
      expect(await redis.admin.dbsize()).toBe(0);
    });

    it('and begun anew by somebody else is not the one that this process knows', async () => {
      await acquire();
      await redis.admin.flushall();
      const other = await SteppedState.open(redis.url, { prefix: stepped.settings.prefix });
      await other.state.store.acquire(TASK);
      await other.state.close();
      await expect(acquire()).rejects.toMatchObject({
        ...LOST,
        message: expect.stringContaining('was replaced by another one while it was in use'),
      });
    });

    it('of its marker alone is not begun anew', async () => {
      await acquire();
      await redis.admin.del(stepped.key('version'));
      const late = await SteppedState.open(redis.url, { prefix: stepped.settings.prefix });
      await expect(late.state.store.acquire(TASK)).rejects.toMatchObject({
        ...LOST,
        message: expect.stringContaining(`has lost ${late.key('version')}`),
      });
      await late.state.close();
    });

    it('of one task sends its owner back, so that the next one can hold it against the log', async () => {
      const owner = await acquire();
      await commit(owner, 1);
      await redis.admin.del(stepped.key(`{${TASK}}:task`), stepped.key(`{${TASK}}:state`));
      await expect(commit(owner, 2)).rejects.toMatchObject({ code: 'STATE_STALE_OWNER' });
      expect(await acquire()).toMatchObject({ epoch: 1, position: 0 });
    });
  });

  describe('that holds something else', () => {
    const CORRUPT = { code: 'STATE_CORRUPT', fate: 'stop' };
    const spoil = (part: string) => redis.admin.set(stepped.key(`{${TASK}}:${part}`), 'foreign');

    it.each(['state', 'table:windows'])('as %s: the commit is refused and changes nothing', async (part) => {
      const owner = await acquire();
      await spoil(part);
      const refused = owner.commit(0, 1, new Map([['dock-1', bytes(1)]]), [{ table: 'windows', row: 'dock-1', set: { count: 1 } }]);
      await expect(refused).rejects.toMatchObject(CORRUPT);
      expect(await redis.admin.hget(stepped.key(`{${TASK}}:task`), 'position')).toBe('0');
      expect(await redis.admin.get(stepped.key(`{${TASK}}:${part}`))).toBe('foreign');
    });

    it('as the task, or a task without a position', async () => {
      await spoil('task');
      await expect(acquire()).rejects.toMatchObject({
        ...CORRUPT,
        message: expect.stringContaining('holds something else where state should be'),
      });
      await redis.admin.del(stepped.key(`{${TASK}}:task`));
      await redis.admin.hset(stepped.key(`{${TASK}}:task`), 'color', 'blue');
      await expect(acquire()).rejects.toMatchObject({ ...CORRUPT, message: expect.stringContaining('has no epoch or no position') });
    });

    it('as the sessions of a camera', async () => {
      await redis.admin.set(stepped.key('{dock-1}:sessions'), 'foreign');
      await expect(stepped.state.sessions.beginLive('dock-1', 0)).rejects.toMatchObject(CORRUPT);
      await expect(stepped.state.leases('here').acquire('dock-1', 1_000)).rejects.toMatchObject(CORRUPT);
    });

    it('than the whole state of a task: it is not loaded by half', async () => {
      const owner = await acquire();
      await commit(owner, 1);
      await redis.admin.hdel(stepped.key(`{${TASK}}:state`), 'dock-1');
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
      await redis.admin.hset(stepped.key('version'), 'layout', layout);
      await expect(acquire()).rejects.toMatchObject({ code, fate: 'stop', message: expect.stringContaining(sentence) });
    });
  });
});
