import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BrokerProcess } from '../../demo/brokers/kafka/broker-process.ts';
import { RedisServer } from '../brokers/redis-server.ts';
import { TcpProxy } from '../brokers/tcp-proxy.ts';
import { has } from '../requirements.ts';
import { BROKER_FAULTS } from './broker-faults.ts';
import { Cluster } from './cluster.ts';
import { announcement, CONNECT_STEPS, DETECT_STEPS, type FaultOrder, STANDSTILLS, type Step } from './fault-order.ts';
import { type Encoding, type Oracle, runOracle } from './oracle.ts';
import { recordings } from './recordings.ts';
import { seeded, shuffled } from './seeded.ts';

/** Longer than all faults take, on a slow machine too: when they are over the rest comes at once. */
const SECONDS = 240;
const FPS = 1;
const SENT_FPS = 2;
const SEED = Number(process.env['OCELLI_FAULT_SEED'] ?? 1);
const LIMIT = { timeout: 240_000 };
const FRAMES: Encoding = { encoding: 'jpeg', quality: 90 };
/** As fast as frames come while faults happen; so there is always something to do. */
const paced = recordings(SECONDS, { fps: FPS, pace: 'real-time' }, SENT_FPS);
const unpaced = recordings(SECONDS, { fps: FPS, pace: 'fast' }, SENT_FPS);
const cameras = paced.map(({ id }) => id);

describe.skipIf(!has('kafka') || !has('redis') || process.env['OCELLI_TEST_KAFKA'] !== undefined)(
  'from cameras to tracks, in many processes,',
  () => {
    let redis: RedisServer;
    let oracle: Oracle;
    let kafka: BrokerProcess;
    let proxies: readonly [TcpProxy, TcpProxy];

    beforeAll(async () => {
      [kafka, redis, oracle] = await Promise.all([BrokerProcess.start(), RedisServer.start(), runOracle(paced, FRAMES)]);
      const { listens, advertised } = kafka.addresses.behindProxy;
      proxies = await Promise.all([TcpProxy.before(listens, advertised), TcpProxy.before(`127.0.0.1:${redis.port}`)]);
    }, 180_000);
    afterAll(async () => {
      await Promise.all(proxies?.map((proxy) => proxy.close()) ?? []);
      await Promise.all([kafka?.stop(), redis?.stop()]);
    });

    async function withCluster(work: (cluster: Cluster) => Promise<void>): Promise<void> {
      const cluster = await Cluster.open({
        kafka: kafka.addresses.behindProxy.advertised,
        redis,
        redisUrl: `redis://127.0.0.1:${proxies[1].port}/0`,
        cameras: paced,
        settings: { frames: FRAMES },
      });
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
        const fault: FaultOrder = { step, times: 1 + Math.floor(random() * 2), signal: 'SIGKILL' };
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
      ...STANDSTILLS.connect.map((step) => ['connect', step] as const),
      ...STANDSTILLS.detect.map((step) => ['detect', step] as const),
    ])('nothing is doubled by a process of %s that stood still at the step %s until others had its work', LIMIT, async (role, step) => {
      await withCluster(async (cluster) => {
        cluster.start(['analyse', role === 'connect' ? 'detect' : 'connect']);
        const fault: FaultOrder = { step, times: 2, signal: 'SIGSTOP' };
        const zombie = cluster.start(role, { fault });
        await zombie.says(new RegExp(announcement(fault)));
        await cluster.forget(zombie);
        cluster.start(role);
        await cluster.tracks.goesOn(cameras, 3);
        zombie.child.kill('SIGCONT');
        expect(await toTheEnd(cluster)).toEqual(oracle.outcome);
      });
    });

    it(`the outcome is that of the oracle, though Kafka and Redis go away, forget, and come back (seed ${SEED})`, LIMIT, async () => {
      await withCluster(async (cluster) => {
        cluster.start('connect');
        const [detect, analyse] = [cluster.start('detect'), cluster.start('analyse')];
        const [kafkaProxy, redisProxy] = proxies;
        await cluster.tracks.goesOn(cameras, 3);
        for (const [, happen] of shuffled(Object.entries(BROKER_FAULTS), seeded(SEED))) {
          await happen({ cluster, kafka, kafkaProxy, redis, redisProxy, detect, analyse });
          await cluster.tracks.goesOn(cameras, 2);
        }
        expect(await toTheEnd(cluster)).toEqual(oracle.outcome);
      });
    });
  },
);
