import { beforeEach, describe, expect, it } from 'vitest';
import { CameraStates } from '../../../../engine/runtime/keyed/camera-states.ts';
import { numbering } from './operators.ts';

let states: CameraStates;
beforeEach(() => {
  states = new CameraStates([numbering], 10, [], () => {});
});

const numberOf = (camera: string) => (states.of(camera).operators.get('numbering') as { readonly next: Float64Array }).next[0];

function count(camera: string): void {
  (states.of(camera).operators.get('numbering') as { readonly next: Float64Array }).next[0] = (numberOf(camera) ?? 0) + 1;
  states.markChanged(camera);
}

describe('the states of a task', () => {
  it('take a camera back to the last checkpoint, any number of times', () => {
    count('dock-1');
    states.takeChanged(20);
    for (let time = 0; time < 3; time++) {
      count('dock-1');
      expect(numberOf('dock-1')).toBe(2);
      expect(states.restore('dock-1')).toBe(20);
      expect(numberOf('dock-1')).toBe(1);
    }
  });

  it('take a camera that was new back to nothing', () => {
    count('dock-1');
    expect(states.restore('dock-1')).toBe(10);
    expect(numberOf('dock-1')).toBe(0);
  });

  it('need not run a quiet camera again from where it last changed, but from the last checkpoint', () => {
    count('dock-1');
    states.takeChanged(20);
    count('dock-2');
    states.takeChanged(900);
    expect(states.restore('dock-1')).toBe(900);
  });

  it('take a camera back to a state that was kept after the checkpoint', () => {
    count('dock-1');
    states.keep('dock-1', 15);
    count('dock-1');
    expect(states.restore('dock-1')).toBe(15);
    expect(numberOf('dock-1')).toBe(1);
  });

  it('give the bytes of what changed since the last checkpoint, also after a camera was taken back', () => {
    count('dock-1');
    count('dock-2');
    states.restore('dock-2');
    expect([...states.takeChanged(20).keys()]).toEqual(['dock-1', 'dock-2']);
    expect([...states.takeChanged(30).keys()]).toEqual([]);
  });
});
