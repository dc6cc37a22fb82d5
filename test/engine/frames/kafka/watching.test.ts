import { setImmediate as asyncWork } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { WatchKeeper } from '../../../../engine/frames/kafka/watch-keeper.ts';
import { WatchedCameras } from '../../../../engine/frames/kafka/watched-cameras.ts';
import type { WatchLeases } from '../../../../engine/frames/kafka-views.ts';
import { LeaseTable, type Sessions } from '../../../../engine/state/index.ts';
import { ManualClock } from '../../../manual-clock.ts';

let clock: ManualClock;
let leases: (member: string) => WatchLeases;
let troubles: unknown[];

beforeEach(() => {
  clock = new ManualClock();
  const table = new LeaseTable({ clock, sessions: {} as Sessions });
  leases = (member) => table.of(member);
  troubles = [];
});

const onTrouble = (error: unknown) => void troubles.push(error);
const watch = (member: string) => new WatchKeeper('dock-1', { leases: leases(member), clock, onTrouble });
const watched = (from = leases('connect')) => new WatchedCameras({ leases: from, clock, onTrouble });

/** Time passes, half a second at a time, and what was asked of the store is answered meanwhile. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    clock.advance(500);
    await asyncWork();
  }
}

describe('a camera', () => {
  it('is watched from half a second after somebody says so, and until three seconds after the last has left', async () => {
    const cameras = watched();
    expect(cameras.has('dock-1')).toBe(false);
    const viewer = watch('serve-1');
    await pass(500);
    expect(cameras.has('dock-1')).toBe(true);
    await pass(20_000);
    expect(cameras.has('dock-1')).toBe(true);
    await viewer.close();
    await pass(2_500);
    expect(cameras.has('dock-1')).toBe(true);
    await pass(1_000);
    expect(cameras.has('dock-1')).toBe(false);
  });

  it('stays watched when the one of two who held its lease stops', async () => {
    const cameras = watched();
    cameras.has('dock-1');
    const [first, second] = [watch('serve-1'), watch('serve-2')];
    await pass(2_000);
    await first.close();
    const seen: boolean[] = [];
    for (let second = 0; second < 10; second += 1) {
      await pass(1_000);
      seen.push(cameras.has('dock-1'));
    }
    expect(seen).toEqual(Array.from({ length: 10 }, () => true));
    await second.close();
  });

  it('is asked about again when the store did not answer', async () => {
    let away = true;
    const list: WatchLeases['list'] = async (names) => {
      if (away) throw new Error('away');
      return leases('connect').list(names);
    };
    const cameras = watched({ ...leases('connect'), list });
    cameras.has('dock-1');
    watch('serve-1');
    await pass(1_000);
    expect([cameras.has('dock-1'), troubles.length]).toEqual([false, 2]);
    away = false;
    await pass(500);
    expect(cameras.has('dock-1')).toBe(true);
  });
});
