import { describe, expect, it } from 'vitest';
import type { KeyedOperator } from '../../../../engine/contract/operator.ts';
import { OcelliError } from '../../../../engine/errors.ts';
import { KeyedTask, KeyedTaskSupervisor, type RestartFacts } from '../../../../engine/runtime/keyed/index.ts';
import { ManualClock } from '../../../manual-clock.ts';
import { frame, mark } from '../../../records.ts';
import { MemoryDisk, MemoryLog } from './doubles/memory-log.ts';
import { MemoryStateStore } from './doubles/memory-state-store.ts';
import { numbering } from './operators.ts';

/** A supervised task over a log and a store whose failures a test chooses. */
class Site {
  readonly clock = new ManualClock();
  readonly disk = new MemoryDisk();
  readonly log = new MemoryLog(this.disk);
  readonly store = new MemoryStateStore();
  readonly restarts: RestartFacts[] = [];
  readonly tasks: KeyedTask[] = [];
  readonly supervisor: KeyedTaskSupervisor;
  /** What the store answers to the next acquisitions, first to last. */
  failures: unknown[] = [];

  constructor(operators: readonly KeyedOperator<never, 'detections', 'tracks'>[] = [numbering as never]) {
    const acquire = this.store.acquire.bind(this.store);
    this.store.acquire = async (task) => {
      if (this.failures.length > 0) throw this.failures.shift();
      return acquire(task);
    };
    this.supervisor = new KeyedTaskSupervisor({
      name: 'analyse/0',
      create: () => this.create(operators as never),
      clock: this.clock,
      random: () => 1 - Number.EPSILON,
      onRestart: (facts) => this.restarts.push(facts),
    });
  }

  private create(operators: readonly never[]): KeyedTask {
    const { log, store, clock } = this;
    const task = new KeyedTask({ name: 'analyse', input: 'detections', partition: 0, operators, log, store, clock });
    this.tasks.push(task);
    return task;
  }

  /** The task that runs has ended, and the supervisor has heard of it. */
  async ended(): Promise<void> {
    await this.tasks.at(-1)?.closed;
    await Promise.resolve();
  }

  async idle(): Promise<void> {
    await this.tasks.at(-1)?.idle((await this.log.bounds('detections')).end);
  }
}

describe('a supervisor', () => {
  it('starts a task that failed again, after a while, and it goes on from the saved position', async () => {
    const site = new Site();
    site.supervisor.start();
    await site.log.append('detections', 0, [mark('up'), frame(1)]);
    await site.idle();
    site.clock.advance(500);
    await site.idle();
    const taken = await site.store.acquire('analyse/0'); // somebody else owns the task now
    await site.log.append('detections', 0, [frame(2)]);
    await site.idle();
    site.clock.advance(500);
    await site.ended();
    expect(taken.position).toBe(2);
    expect(site.restarts).toMatchObject([{ restarts: 1, delayMs: expect.closeTo(100), error: { code: 'STATE_STALE_OWNER' } }]);
    expect([site.supervisor.restarts, site.supervisor.lastProgress]).toEqual([1, 2]);
    site.clock.advance(100);
    await site.idle();
    expect(await site.supervisor.drain()).toEqual({ kind: 'drained' });
    expect(site.store.saved('analyse/0')?.position).toBe(3);
    expect(site.disk.topic('tracks').rows).toHaveLength(3);
  });

  it('waits longer each time, and gives up after five restarts in a minute, with the sentence', async () => {
    const site = new Site();
    site.failures = Array.from({ length: 6 }, () => new Error('the store is upside down'));
    site.supervisor.start();
    for (let restart = 0; restart < 5; restart++) {
      await site.ended();
      site.clock.advance(site.restarts.at(-1)?.delayMs ?? 0);
    }
    expect(site.restarts.map(({ delayMs }) => Math.round(delayMs))).toEqual([100, 200, 400, 800, 1_600]);
    expect(await site.supervisor.ended).toMatchObject({
      kind: 'stopped',
      error: {
        code: 'TASK_KEEPS_FAILING',
        message:
          'The task analyse/0 failed 6 times within 60 s, saved up to position 0, and is not started again: the store is upside down',
      },
    });
  });

  it('forgets failures that are more than a minute old', async () => {
    const site = new Site();
    site.failures = Array.from({ length: 20 }, () => new Error('now and then'));
    site.supervisor.start();
    for (let restart = 0; restart < 20; restart++) {
      await site.ended();
      site.clock.advance(61_000);
    }
    await site.idle();
    expect(site.supervisor.restarts).toBe(20);
    expect(new Set(site.restarts.map(({ delayMs }) => Math.round(delayMs)))).toEqual(new Set([100]));
    await site.supervisor.drain();
  });

  it('never gives up what only needs time, such as a full disk', async () => {
    const site = new Site();
    site.failures = Array.from({ length: 30 }, () => new OcelliError('LOG_FULL', 'There is no room.'));
    site.supervisor.start();
    for (let restart = 0; restart < 30; restart++) {
      await site.ended();
      site.clock.advance(site.restarts.at(-1)?.delayMs ?? 0);
    }
    await site.idle();
    expect(site.supervisor.restarts).toBe(30);
    expect(Math.max(...site.restarts.map(({ delayMs }) => delayMs))).toBeCloseTo(30_000);
    expect(await site.supervisor.drain()).toEqual({ kind: 'drained' });
  });

  it('stops at once where starting again cannot help', async () => {
    const site = new Site();
    const error = new OcelliError('STATE_POSITION_LOST', 'Log and state do not belong together.');
    site.failures = [error];
    site.supervisor.start();
    expect(await site.supervisor.ended).toEqual({ kind: 'stopped', error });
    expect(site.restarts).toEqual([]);
  });

  it('drains its task', async () => {
    const site = new Site();
    site.supervisor.start();
    await site.log.append('detections', 0, [mark('up')]);
    await site.idle();
    expect(await site.supervisor.drain()).toEqual({ kind: 'drained' });
    expect(site.store.saved('analyse/0')?.position).toBe(1);
  });

  it('starts nothing more when it is drained while it waits', async () => {
    const site = new Site();
    site.failures = [new Error('once')];
    site.supervisor.start();
    await site.ended();
    expect(await site.supervisor.drain()).toEqual({ kind: 'drained' });
    site.clock.advance(60_000);
    expect(site.tasks).toHaveLength(1);
    expect(site.clock.waiting).toBe(0);
  });

  it('that never started is drained as well', async () => {
    expect(await new Site().supervisor.drain()).toEqual({ kind: 'drained' });
  });

  it('tells the error of a task that failed while it drained', async () => {
    const site = new Site();
    site.supervisor.start();
    await site.log.append('detections', 0, [mark('up')]);
    await site.idle();
    await site.store.acquire('analyse/0');
    expect(await site.supervisor.drain()).toMatchObject({ kind: 'stopped', error: { code: 'STATE_STALE_OWNER' } });
  });
});
