import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordOf } from '../../engine/records/topic.ts';
import { sharedBroker } from '../brokers/kafka/shared-broker.ts';
import { RedisServer } from '../brokers/redis-server.ts';
import type { SiteProcess } from '../end-to-end/site-process.ts';
import { has } from '../requirements.ts';
import { Cluster } from './cluster.ts';
import { ANALYSE_STEPS, announcement, type FaultOrder, type Orders, STANDSTILLS, type Step } from './fault-order.ts';
import { type Oracle, runOracle } from './oracle.ts';
import { recordings } from './recordings.ts';
import { seeded, shuffled } from './seeded.ts';

const SECONDS = 30;
const CHUNK = 12;
const SEED = Number(process.env['OCELLI_FAULT_SEED'] ?? 1);
const LIMIT = { timeout: 240_000 };
const BY_THEMSELVES: readonly Step[] = ['restored', 'saving', 'committing-state', 'committed-state'];
const HAS_PARTITIONS = /"partitions":\[\d[^\n]*analysed here/;

/** The detections of the oracle, written piece by piece, so that there is something to do while processes come and go. */
class Feed {
  private readonly cluster: Cluster;
  private readonly left: RecordOf<'detections'>[];

  constructor(cluster: Cluster, records: readonly RecordOf<'detections'>[]) {
    this.cluster = cluster;
    this.left = [...records].sort((a, b) => a.time - b.time);
  }

  get isEmpty(): boolean {
    return this.left.length === 0;
  }

  /** Writes the next piece; resolves when its tracks are there. */
  async next(records = CHUNK): Promise<void> {
    const { log } = this.cluster.stores;
    const chunk = this.left.splice(0, records);
    for (const [partition, own] of Map.groupBy(chunk, ({ camera }) => log.partitionOf(camera)))
      await log.append('detections', partition, own);
    await this.cluster.tracks.until(chunk);
  }
}

describe.skipIf(!has('kafka') || !has('redis'))('processes of analyse', () => {
  let redis: RedisServer;
  let oracle: Oracle;
  let kafka: string;

  beforeAll(async () => {
    [redis, oracle, kafka] = await Promise.all([RedisServer.start(), runOracle(recordings(SECONDS)), sharedBroker()]);
  }, 180_000);
  afterAll(() => redis.stop());

  async function withCluster(work: (cluster: Cluster, feed: Feed) => Promise<void>): Promise<void> {
    const cluster = await Cluster.open({ kafka, redis, cameras: recordings(SECONDS) });
    try {
      await work(cluster, new Feed(cluster, oracle.detections));
    } finally {
      await cluster.close();
    }
  }

  it(`are killed at each step, one after another, and the outcome is that of the oracle (seed ${SEED})`, LIMIT, async () => {
    await withCluster(async (cluster, feed) => {
      const random = seeded(SEED);
      cluster.start('analyse');
      for (const step of shuffled(ANALYSE_STEPS, random)) {
        const fault: FaultOrder = { step, times: BY_THEMSELVES.includes(step) ? 1 : 1 + Math.floor(random() * 3), signal: 'SIGKILL' };
        const victim = cluster.start('analyse', { fault });
        await Promise.race([victim.says(HAS_PARTITIONS), victim.exited]);
        await feedUntil(victim, feed, fault);
        expect(await victim.exited, victim.output).toMatchObject({ signal: 'SIGKILL' });
      }
      await feed.next(Number.POSITIVE_INFINITY);
      expect(await cluster.finish()).toEqual(oracle.outcome);
      expect(cluster.commits.stepsBack()).toEqual([]);
      expect(cluster.commits.commits.length).toBeGreaterThan(ANALYSE_STEPS.length);
    });
  });

  /** One stands still with work in its hands until another has done it, and goes on. */
  async function standStill(cluster: Cluster, feed: Feed, step: Step, orders: Partial<Orders> = {}): Promise<void> {
    const fault: FaultOrder = { step, times: 1, signal: 'SIGSTOP' };
    const zombie = cluster.start('analyse', { ...orders, fault });
    await zombie.says(HAS_PARTITIONS);
    const fed = feed.next();
    await zombie.says(new RegExp(announcement(fault)));
    const other = cluster.start('analyse', orders);
    await fed;
    await feed.next();
    await cluster.saved();
    zombie.child.kill('SIGCONT');
    await zombie.says(/The group went on without this process/);
    await feed.next();
    await zombie.kill('SIGTERM');
    await feed.next();
    await other.kill('SIGTERM');
  }

  it.each(STANDSTILLS.analyse)(
    'that stand still at the step %s, and come back, change nothing of what others did meanwhile',
    LIMIT,
    async (step) => {
      await withCluster(async (cluster, feed) => {
        await standStill(cluster, feed, step);
        cluster.start('analyse');
        await feed.next(Number.POSITIVE_INFINITY);
        expect(await cluster.finish()).toEqual(oracle.outcome);
        expect(cluster.commits.stepsBack()).toEqual([]);
      });
    },
  );

  it('would go back to what is old without the fence (so that the tests above can fail)', LIMIT, async () => {
    await withCluster(async (cluster, feed) => {
      await standStill(cluster, feed, 'saving', { withoutFence: true });
      expect(cluster.commits.stepsBack()).not.toEqual([]);
    });
  });
});

/** Gives the victim work until it is dead. */
async function feedUntil(victim: SiteProcess, feed: Feed, { step }: FaultOrder): Promise<void> {
  let alive = true;
  void victim.exited.then(() => {
    alive = false;
  });
  while (alive && !feed.isEmpty) {
    const fed = feed.next();
    await Promise.race([fed, victim.exited]);
    if (BY_THEMSELVES.includes(step)) await victim.exited;
    await fed;
  }
}
