import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedBroker } from '../brokers/kafka/shared-broker.ts';
import { RedisServer } from '../brokers/redis-server.ts';
import { has } from '../requirements.ts';
import { Cluster } from './cluster.ts';
import { announcement, CONNECT_STEPS, DETECT_STEPS, type FaultOrder, type Step } from './fault-order.ts';
import { type Encoding, type Oracle, runOracle } from './oracle.ts';
import { recordings } from './recordings.ts';
import { seeded, shuffled } from './seeded.ts';

const SECONDS = 120;
const FPS = 2;
const SEED = Number(process.env['OCELLI_FAULT_SEED'] ?? 1);
const LIMIT = { timeout: 180_000 };
const FRAMES: Encoding = { encoding: 'jpeg', quality: 90 };
/** As fast as frames come while faults happen; so there is always something to do. */
const paced = recordings(SECONDS, { fps: FPS, pace: 'real-time' });
const unpaced = recordings(SECONDS, { fps: FPS, pace: 'fast' });
const cameras = paced.map(({ id }) => id);

describe.skipIf(!has('kafka') || !has('redis'))('from cameras to tracks, in many processes,', () => {
  let redis: RedisServer;
  let oracle: Oracle;
  let kafka: string;

  beforeAll(async () => {
    [redis, oracle, kafka] = await Promise.all([RedisServer.start(), runOracle(paced, FRAMES), sharedBroker()]);
  }, 60_000);
  afterAll(() => redis.stop());

  async function withCluster(work: (cluster: Cluster) => Promise<void>): Promise<void> {
    const cluster = await Cluster.open({ kafka, redis, cameras: paced, settings: { frames: FRAMES } });
    try {
      await work(cluster);
    } finally {
      await cluster.close();
    }
  }

  /** No more faults: what is left of the recordings comes as fast as it can. */
  async function toTheEnd(cluster: Cluster) {
    cluster.configure(unpaced);
    await cluster.tracks.untilEnded(cameras);
    return cluster.finish();
  }

  /** One after another starts, is given work by the group, and dies at its step. */
  async function killEach(cluster: Cluster, role: 'connect' | 'detect', steps: readonly Step[], random: () => number): Promise<void> {
    for (const step of shuffled(steps, random)) {
      const fault: FaultOrder = { step, times: 1 + Math.floor(random() * 3), signal: 'SIGKILL' };
      const victim = cluster.start(role, { fault });
      expect(await victim.exited, victim.output).toMatchObject({ signal: 'SIGKILL' });
      await cluster.forget(victim);
    }
  }

  it(`the outcome is that of the oracle, though each role is killed at each of its steps (seed ${SEED})`, LIMIT, async () => {
    await withCluster(async (cluster) => {
      cluster.start(['analyse', 'connect']);
      cluster.start('detect');
      const random = seeded(SEED);
      await Promise.all([killEach(cluster, 'connect', CONNECT_STEPS, random), killEach(cluster, 'detect', DETECT_STEPS, random)]);
      expect(await toTheEnd(cluster)).toEqual(oracle.outcome);
      expect(cluster.commits.stepsBack()).toEqual([]);
    });
  });

  it.each([
    ['connect', 'decoded'],
    ['detect', 'detected'],
  ] as const)(
    'nothing is doubled by a process of %s that stood still at the step %s until others had its work',
    LIMIT,
    async (role, step) => {
      await withCluster(async (cluster) => {
        cluster.start(['analyse', role === 'connect' ? 'detect' : 'connect']);
        const fault: FaultOrder = { step, times: 2, signal: 'SIGSTOP' };
        const zombie = cluster.start(role, { fault });
        await zombie.says(new RegExp(announcement(fault)));
        await cluster.forget(zombie);
        const [before] = [cluster.tracks.furthestOf(cameras)];
        cluster.start(role);
        await Promise.all(cameras.map((camera, index) => cluster.tracks.untilPlace(camera, (before[index] ?? 0) + 3)));
        zombie.child.kill('SIGCONT');
        expect(await toTheEnd(cluster)).toEqual(oracle.outcome);
      });
    },
  );
});
