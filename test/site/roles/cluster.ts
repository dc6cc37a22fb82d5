import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { expect } from 'vitest';
import { SystemClock } from '../../../engine/clock.ts';
import { type KafkaLog, openKafkaLog } from '../../../engine/log/index.ts';
import { streamTopic } from '../../../engine/log/topic-stream.ts';
import { checkAccount } from '../../../engine/records/account.ts';
import { PlaceRule } from '../../../engine/records/place-rule.ts';
import type { MarkRecord } from '../../../engine/records/record.ts';
import type { RecordOf, Topic } from '../../../engine/records/topic.ts';
import type { AccountTopic } from '../../../engine/runtime/keyed/account-topic.ts';
import { type Leases, openRedisState, type RedisState, StatePartitionTable } from '../../../engine/state/index.ts';
import { sharedBroker } from '../../brokers/kafka/shared-broker.ts';
import { redisSettings, type SuiteRedis, suiteRedis } from '../../brokers/redis-state.ts';
import { type SiteCamera, SiteFolder, type SiteProcess } from '../../end-to-end/site-process.ts';

export const QUADRANTS = join(process.cwd(), 'test/fixtures/models/quadrants.onnx');

type Stream = RecordOf<'detections'> | RecordOf<'tracks'>;

/** A distributed site over a real broker and Redis: a configuration, processes with roles, and what they write. */
export class Cluster {
  readonly site: SiteFolder;
  readonly log: KafkaLog;
  readonly leases: Leases;
  private readonly redis: SuiteRedis;
  private readonly state: RedisState;
  private readonly processes: SiteProcess[] = [];

  static async open(cameras: readonly SiteCamera[], more: Readonly<Record<string, unknown>> = {}): Promise<Cluster> {
    const [broker, redis] = await Promise.all([sharedBroker(), suiteRedis()]);
    const own = redisSettings(redis.url);
    const clock = new SystemClock();
    const state = await openRedisState(own, { clock, mayBegin: async () => true });
    const kafka = { prefix: `roles-${randomUUID()}.`, partitions: 2 };
    const table = new StatePartitionTable(Promise.resolve(state.store), clock);
    const log = await openKafkaLog({ settings: { ...kafka, brokers: [broker] }, clock, table });
    const settings = {
      model: QUADRANTS,
      frames: { encoding: 'raw' },
      log: { url: `kafka://${broker}`, ...kafka },
      state: { url: redis.url, prefix: own.prefix },
      ...more,
    };
    return new Cluster(new SiteFolder(cameras, settings), log, redis, state);
  }

  private constructor(site: SiteFolder, log: KafkaLog, redis: SuiteRedis, state: RedisState) {
    this.site = site;
    this.log = log;
    this.redis = redis;
    this.state = state;
    this.leases = state.leases('test');
  }

  /** Starts a process with these roles. */
  run(roles: string): SiteProcess {
    const started = this.site.run('--role', roles);
    this.processes.push(started);
    return started;
  }

  /** The first record of a topic that fits; waits for it as long as it takes. */
  async first<T extends Topic>(topic: T, fits: (record: RecordOf<T>) => boolean): Promise<RecordOf<T>> {
    const stream = await streamTopic(this.log, topic, { from: 'beginning', follow: true, signal: new AbortController().signal });
    for await (const record of stream) if (fits(record)) return record;
    throw new Error(`The stream of ${topic} ended.`);
  }

  /** Resolves when each of these cameras has said this in a session above the given one. */
  async said(mark: MarkRecord['mark'], cameras: readonly string[], above: ReadonlyMap<string, number> = new Map()): Promise<MarkRecord[]> {
    const isIt = (record: Stream, camera: string): record is MarkRecord =>
      record.type === 'mark' && record.mark === mark && record.camera === camera && record.session > (above.get(camera) ?? 0);
    const found = cameras.map((camera) => this.first('detections', (record) => isIt(record, camera)));
    return (await Promise.all(found)) as MarkRecord[];
  }

  /** What readers take of a topic by now, having checked that it accounts for every place once. */
  async account<T extends AccountTopic>(topic: T): Promise<RecordOf<T>[]> {
    const stream = await streamTopic(this.log, topic, { from: 'beginning', follow: false, signal: new AbortController().signal });
    const records = await Array.fromAsync(stream);
    expect(checkAccount(records, { topic, placeRule: true }).breaches).toEqual([]);
    const rule = new PlaceRule();
    return records.flatMap((record) => rule.admit(record).record ?? []) as RecordOf<T>[];
  }

  async close(): Promise<void> {
    await Promise.all(this.processes.map((one) => one.kill('SIGKILL')));
    await this.log.close();
    await this.state.close();
    await this.redis.stop();
  }
}

/** Whose session each camera is in by the last of its records. */
export function sessionsOf(records: readonly Stream[]): Map<string, number> {
  return new Map(records.map(({ camera, session }) => [camera, session]));
}
