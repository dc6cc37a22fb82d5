import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { OcelliError } from '../../../../engine/errors.ts';
import type { KeyedTaskOptions, TaskState } from '../../../../engine/runtime/keyed/index.ts';
import { KeyedTask } from '../../../../engine/runtime/keyed/index.ts';
import { moveTo } from '../../../../engine/runtime/keyed/task-state.ts';
import { CRASH, KeyedTaskDriver, tick } from '../../../keyed-task-driver.ts';
import { ManualClock } from '../../../manual-clock.ts';
import { detected, frame, mark } from '../../../records.ts';
import { MemoryDisk, MemoryLog } from './doubles/memory-log.ts';
import { MemoryStateStore } from './doubles/memory-state-store.ts';
import { numbering, tallying } from './operators.ts';

const one = [detected()];

function taskWith(options: Partial<KeyedTaskOptions> = {}): KeyedTask {
  const log = new MemoryLog(new MemoryDisk());
  const facts = { name: 'analyse', input: 'detections', partition: 0, operators: [numbering] } as const;
  return new KeyedTask({ ...facts, log, store: new MemoryStateStore(), clock: new ManualClock(), ...options });
}

describe('the life of a task', () => {
  it('goes from created to closed as it is drawn', async () => {
    const states: TaskState[] = [];
    const task = taskWith({ observer: { moved: (state) => states.push(state) } });
    expect(task.state).toBe('created');
    task.start();
    await task.idle();
    await task.drain();
    expect(states).toEqual(['acquiring', 'running', 'draining', 'closed']);
  });

  it('may end before it began', async () => {
    expect(await taskWith().drain()).toEqual({ state: 'closed', position: undefined });
  });

  it('may be drained while it takes the task over', async () => {
    const task = taskWith();
    task.start();
    expect(await task.drain()).toEqual({ state: 'closed', position: 0 });
  });

  it('begins once: a second start is a bug and thrown as one', async () => {
    const task = taskWith();
    task.start();
    expect(() => task.start()).toThrow('cannot go from acquiring to acquiring');
    await task.drain();
  });

  it.each([
    ['closed', 'running'],
    ['failed', 'acquiring'],
    ['created', 'running'],
  ] as const)('has no way from %s to %s', (from, to) => {
    expect(() => moveTo(from, to)).toThrow(`cannot go from ${from} to ${to}`);
  });

  it('ends with the error of a store that cannot be reached', async () => {
    const store = new MemoryStateStore();
    store.acquire = () => Promise.reject(new Error('no route to the store'));
    const task = taskWith({ store });
    task.start();
    expect(await task.closed).toMatchObject({ state: 'failed', position: undefined, error: new Error('no route to the store') });
  });

  it('refuses operators that cannot feed each other', async () => {
    const task = taskWith({ operators: [tallying, numbering] });
    task.start();
    expect(await task.closed).toMatchObject({ state: 'failed', error: { code: 'CONFIG_INVALID' } });
  });
});

describe('log and state that do not belong together', () => {
  async function stopped(spoil: (driver: KeyedTaskDriver) => void): Promise<unknown> {
    const driver = new KeyedTaskDriver([numbering]);
    await driver.begin();
    await driver.step([mark('up'), frame(1), frame(2)]);
    await driver.step(tick(500));
    spoil(driver);
    await driver.step(CRASH);
    const end = await driver.task.closed;
    return end.state === 'failed' ? end.error : end;
  }

  it('stop the task with the sentence when the state lies beyond the end of the log', async () => {
    const error = await stopped(({ disk }) => disk.cutEnd('detections', 1));
    expect(error).toBeInstanceOf(OcelliError);
    expect(error).toMatchObject({
      code: 'STATE_POSITION_LOST',
      fate: 'stop',
      message:
        'The state of task analyse/0 stands at position 3 of detections, and the log holds 0 to 1. The log was replaced or restored without the state. Restore both from the same backup, or remove the state of the task to begin again at 0.',
    });
  });

  it('stop the task with the sentence when the log begins behind the state', async () => {
    const error = await stopped(({ disk }) => {
      for (let seq = 3; seq < 9; seq++) disk.writeRaw('detections', 'dock-1', Buffer.from(JSON.stringify(frame(seq))));
      disk.expire('detections', 5);
    });
    expect(error).toMatchObject({
      code: 'STATE_POSITION_LOST',
      message: expect.stringContaining('Retention has removed 2 positions before the task read them. Keep detections longer'),
    });
  });

  it('stop the task with the sentence when the log was replaced and has grown as long again', async () => {
    const error = await stopped(({ disk }) => {
      disk.cutEnd('detections', 2);
      disk.writeRaw('detections', 'dock-1', Buffer.from(JSON.stringify(frame(7))));
    });
    expect(error).toMatchObject({
      code: 'STATE_POSITION_LOST',
      message:
        'The state of task analyse/0 was made from another log: its last record is dock-1/1/2 at position 2 of detections, where this log has record dock-1/1/7. Use the log and the state of one site, restored from one backup.',
    });
  });

  it('stop the task with the sentence when its output is there and its state is not, until somebody accepts it', async () => {
    const error = await stopped(({ store }) => store.forget('analyse/0'));
    expect(error).toMatchObject({
      code: 'STATE_LOST',
      fate: 'stop',
      message:
        'The log holds what task analyse/0 wrote to tracks, and there is no state of the task: it was emptied, or is kept elsewhere. Restore it from its backup, however old: what is missing is made again from the log. Or accept that the task begins anew: ocelli state begin-again.',
    });
  });

  it('are no such thing when the task was accepted as new by acquiring it: it runs again from the start, to the same output', async () => {
    const driver = new KeyedTaskDriver([numbering]);
    await driver.begin();
    await driver.step([mark('up'), frame(1, one)]);
    await driver.step(tick(500));
    const before = driver.read('tracks');
    driver.store.forget('analyse/0');
    await driver.store.acquire('analyse/0');
    await driver.step(CRASH);
    const { topics, position } = await driver.finish();
    expect([topics.tracks, position]).toEqual([before, 2]);
  });

  it('are no such thing when retention has taken exactly what was read', async () => {
    const driver = new KeyedTaskDriver([numbering]);
    await driver.begin();
    await driver.step([mark('up'), frame(1, one)]);
    await driver.step(tick(500));
    driver.disk.expire('detections', 2);
    await driver.step(CRASH);
    await driver.step(frame(2, one));
    expect((await driver.finish()).topics.tracks.map(({ id }) => id)).toEqual(['dock-1/1/0', 'dock-1/1/1', 'dock-1/1/2']);
  });
});

describe('a task that fails', () => {
  it('has ended only when nothing of it is under way any more, so that the next one cannot meet its output', async () => {
    const driver = new KeyedTaskDriver([numbering]);
    await driver.begin();
    await driver.step([mark('up'), frame(1, one)]);
    let ended = false;
    const closed = driver.task.closed.then((end) => {
      ended = true;
      return end;
    });
    driver.disk.cutEnd('detections', 0);
    driver.disk.tell('detections');
    for (let turn = 0; turn < 10; turn++) await setImmediate();
    expect(ended).toBe(false);
    driver.release();
    expect(await closed).toMatchObject({ state: 'failed', error: { code: 'LOG_POSITION_LOST' } });
    expect(driver.read('tracks')).toHaveLength(2);
  });
});

describe('an append that is lost', () => {
  it('ends the task; nothing is written behind it and nothing saved, and the next one goes on exactly', async () => {
    const driver = new KeyedTaskDriver([numbering]);
    await driver.begin();
    await driver.step([mark('up'), frame(1, one)]);
    driver.disk.full = true;
    await driver.step(tick(500));
    expect(await driver.task.closed).toMatchObject({ state: 'failed', position: 0, error: { code: 'LOG_FULL' } });
    expect(driver.read('tracks')).toEqual([]);
    driver.disk.full = false;
    await driver.begin();
    await driver.step(frame(2, one));
    const { topics } = await driver.finish();
    expect(topics.tracks.map(({ id }) => id)).toEqual(['dock-1/1/0', 'dock-1/1/1', 'dock-1/1/2']);
  });
});
