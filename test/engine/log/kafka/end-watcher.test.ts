import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EndWatcher, type Watched } from '../../../../engine/log/kafka/end-watcher.ts';
import type { RawBroker } from '../../../../engine/log/kafka/kafkajs-door.ts';
import { ManualClock } from '../../../manual-clock.ts';

const watched = (partition: number): Watched => ({ name: { topic: 't', partition }, end: 0, learnEnd: () => {} });

/** A cluster where nobody writes: partition n is led by broker n, unless it is moved, and a fetch waits for a turn of the event loop. */
class SilentCluster {
  readonly fetched = new Set<string>();
  readonly moved = new Map<number, string>();

  async leaderOf({ partition }: { readonly partition: number }): Promise<string> {
    return this.moved.get(partition) ?? String(partition);
  }

  async broker(nodeId: string): Promise<RawBroker> {
    this.fetched.add(nodeId);
    return { fetch: () => setImmediate({ responses: [] }) } as unknown as RawBroker;
  }

  async end(): Promise<number> {
    return 0;
  }

  async close(): Promise<void> {}
}

function open() {
  const cluster = new SilentCluster();
  const watcher = new EndWatcher(cluster, new ManualClock());
  onTestFinished(() => watcher.close());
  return { cluster, watcher };
}

/** Lets the watcher look a few times. */
async function looks(): Promise<void> {
  for (let look = 0; look < 4; look += 1) await setImmediate();
}

describe('who hears of records that others write', () => {
  it.each(Array.from({ length: 8 }, (_, turns) => turns))(
    'asks also for a partition that comes %d turns after the first',
    async (turns) => {
      const { cluster, watcher } = open();
      watcher.watch(watched(1));
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      watcher.watch(watched(2));
      await looks();
      expect([...cluster.fetched].toSorted()).toEqual(['1', '2']);
    },
  );

  it('goes on at the broker that a partition has moved to, though others stay where they are', async () => {
    const { cluster, watcher } = open();
    cluster.moved.set(2, '1');
    for (const partition of [1, 2]) watcher.watch(watched(partition));
    await looks();
    expect([...cluster.fetched]).toEqual(['1']);
    cluster.moved.set(2, '3');
    await looks();
    expect([...cluster.fetched]).toEqual(['1', '3']);
  });

  it('asks no more when nobody listens', async () => {
    const { cluster, watcher } = open();
    const end = watcher.watch(watched(1));
    await looks();
    end();
    await looks();
    cluster.fetched.clear();
    await looks();
    expect([...cluster.fetched]).toEqual([]);
  });
});
