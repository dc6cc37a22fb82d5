import { setImmediate } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CheckpointFacts } from '../../../../engine/runtime/keyed/index.ts';
import { LAST_INPUT_KEY } from '../../../../engine/runtime/keyed/last-input.ts';
import { drive, KeyedTaskDriver, tick } from '../../../keyed-task-driver.ts';
import { detected, frame, mark } from '../../../records.ts';
import { numbering, tallying } from './operators.ts';

const one = [detected()];
const other = { camera: 'dock-2' };
let checkpoints: CheckpointFacts[];
let driver: KeyedTaskDriver;

beforeEach(async () => {
  checkpoints = [];
  driver = new KeyedTaskDriver([numbering, tallying], { observer: { checkpoint: (facts) => checkpoints.push(facts) } });
  await driver.begin();
});

const saved = () => driver.store.saved('analyse/0');

describe('a checkpoint', () => {
  it('is made half a second after the last one, not before, and not at all when nothing came', async () => {
    await driver.step(mark('up'));
    await driver.step(tick(499));
    expect(checkpoints).toEqual([]);
    await driver.step(tick(1));
    expect(checkpoints).toMatchObject([{ position: 1 }]);
    await driver.step(tick(10_000));
    expect(checkpoints).toHaveLength(1);
  });

  it('is made at most twice a second, however much comes', async () => {
    for (let seq = 0; seq < 60; seq++) {
      await driver.step(frame(seq, one));
      await driver.step(tick(50));
    }
    expect(checkpoints).toHaveLength(6);
  });

  it('moves the position together with the state', async () => {
    await driver.step([mark('up'), frame(1, one), frame(2, one)]);
    expect(saved()).toMatchObject({ position: 0, keys: new Map() });
    await driver.step(tick(500));
    expect(saved()?.position).toBe(3);
    expect([...(saved()?.keys.keys() ?? [])]).toEqual(['dock-1', LAST_INPUT_KEY]);
  });

  it('writes only the cameras that changed', async () => {
    await driver.step([mark('up'), mark('up', 0, other)]);
    await driver.step(tick(500));
    await driver.step(frame(1, one, other));
    await driver.step(tick(500));
    expect(checkpoints.map(({ cameras }) => cameras)).toEqual([2, 1]);
  });

  it('moves the position although no camera changed, when everything read was known', async () => {
    await driver.step(mark('up'));
    await driver.step(tick(500));
    await driver.step(mark('up'));
    await driver.step(tick(500));
    expect(checkpoints).toMatchObject([{ position: 1 }, { position: 2, cameras: 0 }]);
  });

  it('joins what was set in one row to one change, and tells what it wrote', async () => {
    await driver.step([mark('up'), ...Array.from({ length: 20 }, (_, index) => frame(index + 1))]);
    await driver.step(tick(500));
    const [facts] = checkpoints;
    const stateBytes = saved()
      ?.keys.values()
      .reduce((sum, bytes) => sum + bytes.length, 0);
    expect(facts).toMatchObject({ position: 21, cameras: 1, tookMs: 0, stateBytes });
    expect(facts?.tableChanges).toBe(21);
  });

  it('comes after the output it stands on: nothing is saved while output waits for its commit', async () => {
    await driver.step(mark('up'));
    driver.clock.advance(500);
    for (let turn = 0; turn < 10; turn++) await setImmediate();
    expect(saved()?.position).toBe(0);
    expect(driver.read('tracks')).toEqual([]);
    await driver.step(tick(0));
    expect(driver.read('tracks')).toHaveLength(1);
    expect(saved()?.position).toBe(1);
  });
});

describe('draining', () => {
  it('saves everything that was read, at once, and closes', async () => {
    await driver.step([mark('up'), frame(1, one)]);
    driver.release();
    expect(await driver.task.drain()).toEqual({ state: 'closed', position: 2 });
    expect(saved()?.position).toBe(2);
    expect(driver.task.state).toBe('closed');
  });

  it('reads nothing more', async () => {
    const drained = driver.task.drain();
    await driver.write([mark('up')]);
    expect(await drained).toEqual({ state: 'closed', position: 0 });
    expect(driver.read('tracks')).toEqual([]);
  });

  it('may be asked for again', async () => {
    const [first, second] = await Promise.all([driver.task.drain(), driver.task.drain()]);
    expect(second).toBe(first);
  });
});

it('gives the same readable rows, however often it saves', async () => {
  const steps = [mark('up'), frame(1, one), frame(2, one), frame(5, one)];
  const often = await drive(
    [numbering, tallying],
    steps.flatMap((step) => [step, tick(500)]),
  );
  const once = await drive([numbering, tallying], steps);
  expect(often.tables['totals']).toEqual(once.tables['totals']);
  expect(often.tables['newest']).toEqual(once.tables['newest']);
});
