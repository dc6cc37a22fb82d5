import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KafkaLog } from '../../../engine/log/index.ts';
import type { KafkaSettings } from '../../../engine/log/kafka/kafka-settings.ts';
import type { RecordOf } from '../../../engine/records/topic.ts';
import { sharedBroker } from '../../brokers/kafka/shared-broker.ts';
import { RedisServer } from '../../brokers/redis-server.ts';
import { SiteFolder, type SiteProcess } from '../../end-to-end/site-process.ts';
import { testClip } from '../../end-to-end/test-clips.ts';
import { openKafkaLog, ownTopics } from '../../engine/log/kafka/open-kafka-log.ts';
import { has } from '../../requirements.ts';
import { accountOf, lastIds, readAccount, written } from './account-of.ts';

const MODEL = join(process.cwd(), 'test/fixtures/models/quadrants.onnx');
const PARTITIONS = 4;
const LIMIT_MS = 120_000;
/** As the role has it; what the broker allows by default is not less. */
const SESSION_MS = 6_000;

/** One of two processes is killed, one stands still: two thirds of the partitions lose their owner in mid-run. */
describe.skipIf(!has('kafka') || !has('redis'))('processes of the role analyse', { timeout: LIMIT_MS }, () => {
  let redis: RedisServer;
  let settings: KafkaSettings;
  let log: KafkaLog;
  let site: SiteFolder;
  let detections: RecordOf<'detections'>[];
  let embedded: RecordOf<'tracks'>[];
  let found: string[];
  let handOverMs: number;
  let processes: Record<'killed' | 'still' | 'last', SiteProcess>;

  beforeAll(async () => {
    const alone = new SiteFolder(cameras(), { model: MODEL });
    const undisturbed = alone.run('--until-end');
    const [{ code }, broker, server] = await Promise.all([undisturbed.exited, sharedBroker(), RedisServer.start()]);
    expect(code, undisturbed.output).toBe(0);
    [detections, embedded] = [await alone.records('detections'), await alone.records('tracks')];
    redis = server;
    settings = ownTopics(broker, { partitions: PARTITIONS });
    log = await openKafkaLog(settings);
    await log.assign(cameras().map(({ id }) => id));
    const address = { url: `kafka://${broker}`, prefix: settings.prefix, partitions: PARTITIONS };
    site = new SiteFolder(cameras(), { model: MODEL, log: address, state: redis.url });
    await loseTwoOfThree();
  }, LIMIT_MS);
  afterAll(async () => {
    await log?.close();
    await redis?.stop();
  });

  async function loseTwoOfThree(): Promise<void> {
    const start = () => site.run('--role', 'analyse');
    const [killed, still, last] = [start(), start(), start()];
    processes = { killed, still, last };
    await Promise.all([killed, still, last].map((one) => one.says(/"partitions":\[\d[^\]]*\],"generation":\d+/)));
    const half = Math.floor(detections.length / 2);
    await write(detections.slice(0, half));
    await written(log, 'tracks', lastIds(detections.slice(0, half)));
    still.child.kill('SIGSTOP');
    await killed.kill('SIGKILL');
    const lostMs = performance.now();
    await write(detections.slice(half));
    await written(log, 'tracks', lastIds(detections));
    handOverMs = performance.now() - lostMs;
    still.child.kill('SIGCONT');
    await still.says(/The group went on without this process/);
    await still.says(/went on without.*"partitions":\[\d[^\]]*\],"generation"/s);
    await Promise.all([still, last].map((one) => one.kill('SIGTERM')));
    found = await readAccount(log, 'tracks');
  }

  async function write(records: readonly RecordOf<'detections'>[]): Promise<void> {
    for (const [partition, own] of Map.groupBy(records, ({ camera }) => log.partitionOf(camera))) {
      await log.append('detections', partition, own);
    }
  }

  it('say after kill -9 and a stand-still what one process says that nothing happens to, byte for byte', () => {
    expect(found.length).toBeGreaterThan(200);
    expect(found).toEqual(accountOf(embedded));
  });

  it('go on with lost partitions within three seconds after the session of their owner', () => {
    expect(handOverMs).toBeLessThan(SESSION_MS + 3_000);
  });

  it('end cleanly, also the one that stood still', async () => {
    const { still, last } = processes;
    expect([await still.exited, await last.exited]).toEqual([
      { code: 0, signal: null },
      { code: 0, signal: null },
    ]);
  });

  it('save the position behind every record', async () => {
    const positions = await Promise.all(
      Array.from({ length: PARTITIONS }, async (_, partition) => [
        Number(await redis.admin.hget(`ocelli:{analyse/${partition}}:task`, 'position')),
        (await log.bounds('detections', partition)).end,
      ]),
    );
    expect(positions.map(([saved]) => saved)).toEqual(positions.map(([, end]) => end));
  });
});

function cameras() {
  return ['testsrc2', 'smptebars'].flatMap((source) =>
    ['east', 'west'].map((side) => ({ id: `${source}-${side}`, url: `file:${testClip(source, 5)}`, view: false as const })),
  );
}
