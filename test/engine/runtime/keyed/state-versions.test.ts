import { serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import type { AnyKeyedOperator, KeyedOperator } from '../../../../engine/contract/operator.ts';
import type { FreshStart } from '../../../../engine/runtime/keyed/camera-state.ts';
import { decodeCameraState, encodeCameraState, newCameraState } from '../../../../engine/runtime/keyed/camera-state.ts';
import { KeyedTaskDriver } from '../../../keyed-task-driver.ts';
import { detected, frame, mark } from '../../../records.ts';
import { numbering } from './operators.ts';
import { numbersOf } from './outcomes.ts';

type Counter = KeyedOperator<{ count: number }, 'detections', never>;
const counter = (facts: Partial<Counter> = {}): AnyKeyedOperator => ({
  ...{ name: 'counter', stateVersion: 1, consumes: 'detections', emits: [] },
  initial: () => ({ count: 0 }),
  process: (_, state: { count: number }) => {
    state.count++;
  },
  ...(facts as object),
});

function reopened(saved: AnyKeyedOperator, opened: AnyKeyedOperator) {
  const before = newCameraState('dock-1', [saved]);
  before.operators.set('counter', { count: 7 });
  before.wakes.push({ time: 5, operator: 'counter' });
  const fresh: FreshStart[] = [];
  const after = decodeCameraState('dock-1', encodeCameraState(before, [saved]), [opened], (facts) => fresh.push(facts));
  return {
    state: after.operators.get('counter'),
    wakes: after.wakes,
    reasons: fresh.map(({ operator, reason }) => `${operator}: ${reason}`),
  };
}

describe('a saved state', () => {
  it('of the same version is used as it is', () => {
    expect(reopened(counter(), counter())).toEqual({ state: { count: 7 }, wakes: [{ time: 5, operator: 'counter' }], reasons: [] });
  });

  it('of an older version goes through upgrade, and keeps its timers', () => {
    const upgrade = (old: unknown, from: number) => ({ count: (old as { count: number }).count * 100 + from });
    expect(reopened(counter(), counter({ stateVersion: 2, upgrade }))).toEqual({
      state: { count: 701 },
      wakes: [{ time: 5, operator: 'counter' }],
      reasons: [],
    });
  });

  it.each([
    ['without an upgrade', counter(), counter({ stateVersion: 2 }), 'its state has version 1, the operator has 2 and no upgrade'],
    [
      'that is newer',
      counter({ stateVersion: 3 }),
      counter({ stateVersion: 2 }),
      'its state has version 3, the operator has 2: a newer state cannot be turned back',
    ],
    [
      'whose upgrade throws',
      counter(),
      counter({
        stateVersion: 2,
        upgrade: () => {
          throw new Error('no idea');
        },
      }),
      'its state has version 1, the operator has 2, and the upgrade failed: no idea',
    ],
  ])('%s is left, and the operator says why it begins again', (_, saved, opened, reason) => {
    expect(reopened(saved, opened)).toEqual({ state: { count: 0 }, wakes: [], reasons: [`counter: ${reason}`] });
  });

  it('of an operator that is new to the task is simply not there', () => {
    const state = newCameraState('dock-1', []);
    const fresh: FreshStart[] = [];
    const after = decodeCameraState('dock-1', encodeCameraState(state, []), [counter()], (facts) => fresh.push(facts));
    expect([after.operators.get('counter'), fresh]).toEqual([{ count: 0 }, []]);
  });

  it('that is no state at all is refused with what to do', () => {
    const bytes = serialize('x').subarray(0, 3);
    expect(() => decodeCameraState('dock-1', bytes, [counter()], () => {})).toThrow(
      /The saved state of camera dock-1 \(3 bytes\) cannot be read: .* Restore the state from a backup, or remove it to begin again\./,
    );
  });

  it('that holds more than plain data is refused with the camera and the operators in question', () => {
    const state = newCameraState('dock-1', [counter({ initial: () => ({ count: 0, log: () => {} }) })]);
    expect(() => encodeCameraState(state, [counter()])).toThrow(
      /The state of camera dock-1 cannot be saved: .* could not be cloned\. Expected plain data \(no functions, no promises\) from counter\./,
    );
  });

  it('can be opened any number of times: typed arrays do not share memory with the saved bytes', () => {
    const state = newCameraState('dock-1', [numbering]);
    for (let offset = 0; offset < 8; offset++) {
      const padded = Buffer.concat([Buffer.alloc(offset), encodeCameraState(state, [numbering])]).subarray(offset);
      const opened = decodeCameraState('dock-1', padded, [numbering], () => {});
      (opened.operators.get('numbering') as { next: Float64Array }).next[0] = 9;
      const again = decodeCameraState('dock-1', padded, [numbering], () => {});
      expect(again.operators.get('numbering')).toEqual({ next: new Float64Array([0]) });
    }
  });
});

it('is brought to the new version by a task that takes over, in the middle of its work', async () => {
  const driver = new KeyedTaskDriver([numbering]);
  await driver.begin();
  await driver.step([mark('up'), frame(1, [detected(), detected()])]);
  const { topics } = await driver.finish();
  expect(numbersOf(topics.tracks)).toEqual([0, 1]);
  const doubled: AnyKeyedOperator = {
    ...numbering,
    stateVersion: 2,
    upgrade: (old) => ({ next: (old as { next: Float64Array }).next.map((next) => next * 10) }),
  };
  const next = driver.successor([doubled]);
  await next.begin();
  await next.step(frame(2, [detected()]));
  expect(numbersOf((await next.finish()).topics.tracks)).toEqual([0, 1, 20]);
});
