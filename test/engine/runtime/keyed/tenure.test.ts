import { beforeEach, describe, expect, it } from 'vitest';
import type { Tenure } from '../../../../engine/log/index.ts';
import { KeyedTask, KeyedTaskSupervisor, type RestartFacts } from '../../../../engine/runtime/keyed/index.ts';
import { ManualClock } from '../../../manual-clock.ts';
import { frame, mark } from '../../../records.ts';
import { MemoryDisk, MemoryLog } from './doubles/memory-log.ts';
import { MemoryStateStore } from './doubles/memory-state-store.ts';
import { numbering } from './operators.ts';

/** A tenure that ends when a test says so. */
class GivenTenure implements Tenure {
  readonly partition = 0;
  readonly answers: ((isOurs: boolean) => void)[] = [];
  private readonly end = new AbortController();
  private over = false;

  get lost(): AbortSignal {
    return this.end.signal;
  }

  holds(): boolean {
    return !this.over;
  }

  confirmed(): Promise<boolean> {
    return new Promise((resolve) => this.answers.push(resolve));
  }

  /** Nobody was told yet. */
  runOut(): void {
    this.over = true;
  }

  lose(): void {
    this.over = true;
    this.end.abort();
  }
}

describe('a task that is one process’s for a time', () => {
  let clock: ManualClock;
  let log: MemoryLog;
  let store: MemoryStateStore;
  let tenure: GivenTenure;

  beforeEach(async () => {
    [clock, log, store, tenure] = [new ManualClock(), new MemoryLog(new MemoryDisk()), new MemoryStateStore(), new GivenTenure()];
    await log.append('detections', 0, [mark('up'), frame(1)]);
  });

  function task(): KeyedTask {
    return new KeyedTask({ name: 'analyse', input: 'detections', partition: 0, operators: [numbering], log, store, clock, tenure });
  }

  /** Has processed everything, and saved it. */
  async function atWork(started = task()): Promise<KeyedTask> {
    started.start();
    await started.idle(2);
    clock.advance(500);
    await started.idle();
    return started;
  }

  it('saves what it has read when it is asked back', async () => {
    const working = await atWork();
    await log.append('detections', 0, [frame(2)]);
    await working.idle(3);
    expect(await working.drain()).toEqual({ state: 'closed', position: 3 });
  });

  it('saves nothing more when it is lost', async () => {
    const working = await atWork();
    await log.append('detections', 0, [frame(2)]);
    await working.idle(3);
    tenure.lose();
    expect(await working.closed).toEqual({ state: 'closed', position: 2 });
    expect(store.saved('analyse/0')?.position).toBe(2);
  });

  it('neither saves nor emits when its time is over and nobody could tell it', async () => {
    const working = await atWork();
    await log.append('detections', 0, [frame(2)]);
    await working.idle(3);
    tenure.runOut();
    const emitted = (await log.bounds('tracks')).end;
    await log.append('detections', 0, [frame(3)]);
    expect(await working.closed).toMatchObject({ state: 'failed', position: 2, error: { code: 'STATE_STALE_OWNER' } });
    expect([store.saved('analyse/0')?.position, (await log.bounds('tracks')).end]).toEqual([2, emitted]);
  });

  it('does not take over what was lost before it began', async () => {
    tenure.lose();
    const late = task();
    late.start();
    expect(await late.closed).toEqual({ state: 'closed', position: undefined });
    expect(store.saved('analyse/0')).toBeUndefined();
  });

  describe('when somebody else took it over', () => {
    let restarts: RestartFacts[];
    let supervisor: KeyedTaskSupervisor;

    beforeEach(async () => {
      const tasks: KeyedTask[] = [];
      restarts = [];
      const create = () => {
        tasks.push(task());
        return tasks.at(-1) as KeyedTask;
      };
      supervisor = new KeyedTaskSupervisor({ name: 'analyse/0', create, clock, tenure, onRestart: (facts) => restarts.push(facts) });
      supervisor.start();
      await tasks[0]?.idle(2);
      await store.acquire('analyse/0');
      clock.advance(500);
      await tasks[0]?.closed;
      await Promise.resolve();
    });

    it('is not taken back before it is asked whose it is', () => {
      expect([tenure.answers.length, restarts]).toEqual([1, []]);
    });

    it('is taken back when it is still ours', async () => {
      tenure.answers[0]?.(true);
      await Promise.resolve();
      expect(restarts).toMatchObject([{ restarts: 1, error: { code: 'STATE_STALE_OWNER' } }]);
      await supervisor.drain();
    });

    it('is left to the other one when it is not', async () => {
      tenure.answers[0]?.(false);
      expect(await supervisor.ended).toEqual({ kind: 'drained' });
      expect(restarts).toEqual([]);
    });

    it('is given up at once when this process ends meanwhile', async () => {
      expect(await supervisor.drain()).toEqual({ kind: 'drained' });
    });
  });
});
