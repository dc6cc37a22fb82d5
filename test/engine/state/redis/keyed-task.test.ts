import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SqliteLog } from '../../../../engine/log/index.ts';
import type { RecordOf, Topic } from '../../../../engine/records/topic.ts';
import { KeyedTask, type TaskEnd } from '../../../../engine/runtime/keyed/index.ts';
import { Database } from '../../../../engine/sqlite/index.ts';
import { openRedisState, type RedisState } from '../../../../engine/state/index.ts';
import { RedisServer } from '../../../brokers/redis-server.ts';
import { redisSettings } from '../../../brokers/redis-state.ts';
import { ManualClock } from '../../../manual-clock.ts';
import { detected, frame, mark } from '../../../records.ts';
import { has } from '../../../requirements.ts';
import { numbering, seconds, tallying } from '../../runtime/keyed/operators.ts';

const two = [detected(), detected()];
const other = { camera: 'dock-2' };
const batches: readonly RecordOf<'detections'>[][] = [
  [mark('up'), mark('up', 0, other), frame(1, two)],
  [frame(2, two), frame(1, two, other), frame(3, [])],
  [frame(4, two), frame(2, two, other)],
  [frame(5, two), frame(3, two, other)],
];
const ALL = batches.flat().length;

/** A log in SQLite and the state of its task in Redis, as two systems that can be lost and brought back by themselves. */
class Deployment {
  readonly redis: RedisServer;
  private readonly folder = mkdtempSync(join(tmpdir(), 'ocelli-redis-task-'));
  private readonly clock = new ManualClock();
  private readonly database = new Database(join(this.folder, 'ocelli.db'));
  private readonly settings;
  private log!: SqliteLog;
  private state!: RedisState;
  private task!: KeyedTask;

  static async open(redis: RedisServer): Promise<Deployment> {
    const deployment = new Deployment(redis);
    deployment.log = await SqliteLog.open(deployment.database);
    await deployment.start();
    await deployment.state.sessions.beginLive('dock-1', 0); // Whoever writes records has a session of the same store.
    return deployment;
  }

  private constructor(redis: RedisServer) {
    this.redis = redis;
    this.settings = redisSettings(redis.url);
  }

  /** Starts the task in a new process, so to say: nothing is known but what is stored. */
  async start(): Promise<void> {
    const mayBegin = async () => (await this.log.bounds('detections', 0)).end === 0;
    this.state = await openRedisState(this.settings, { clock: this.clock, mayBegin });
    const facts = { name: 'analyse', input: 'detections', partition: 0, operators: [numbering, seconds, tallying] } as const;
    this.task = new KeyedTask({ ...facts, log: this.log, store: this.state.store, clock: this.clock });
    this.task.start();
  }

  /** Writes records and saves the state behind them. */
  async pass(records: readonly RecordOf<'detections'>[]): Promise<void> {
    await this.log.append('detections', 0, records);
    await this.task.idle((await this.log.bounds('detections', 0)).end);
    this.clock.advance(500);
    await this.task.idle();
  }

  /** Lets it process everything first. */
  async stop(): Promise<TaskEnd> {
    await this.task.idle((await this.log.bounds('detections', 0)).end);
    const end = await this.task.drain();
    await this.state.close();
    return end;
  }

  async outcome() {
    const end = await this.stop();
    const read = async <T extends Topic>(topic: T) =>
      (await this.log.read(topic, 0, { from: 0, limit: 1_000 })).entries.map(({ record }) => record);
    const { store, close } = await openRedisState(this.settings, { clock: this.clock, mayBegin: async () => false });
    const outcome = { end, tracks: await read('tracks'), totals: await store.readTable('totals'), newest: await store.readTable('newest') };
    await close();
    await this.log.close();
    this.database.close();
    rmSync(this.folder, { recursive: true });
    return outcome;
  }

  /** Makes `work` unhappen for Redis, as a crash, an older backup or the promotion of a replica that lagged. */
  async goBackBehind(work: () => Promise<void>): Promise<void> {
    const [files, kept] = [join(this.redis.folder, 'appendonlydir'), join(this.redis.folder, 'kept')];
    cpSync(files, kept, { recursive: true });
    await work();
    await this.redis.kill();
    rmSync(files, { recursive: true });
    cpSync(kept, files, { recursive: true });
    rmSync(kept, { recursive: true });
    await this.redis.startAgain();
  }

  acceptAsNew(): Promise<unknown> {
    return openRedisState(this.settings, { clock: this.clock, mayBegin: async () => true }).then(async ({ store, close }) => {
      await store.acquire('analyse/0');
      await close();
    });
  }
}

describe.skipIf(!has('redis'))('a task with its state in Redis', () => {
  let redis: RedisServer;
  let undisturbed: Awaited<ReturnType<Deployment['outcome']>>;

  beforeAll(async () => {
    redis = await RedisServer.start({ appendfsync: 'always' });
    const deployment = await Deployment.open(redis);
    for (const batch of batches) await deployment.pass(batch);
    undisturbed = await deployment.outcome();
  });
  afterAll(() => redis.stop());

  it('has tracks and tables to compare', () => {
    expect(undisturbed.end).toEqual({ state: 'closed', position: ALL });
    expect(undisturbed.tracks.length).toBeGreaterThan(8);
    expect(undisturbed.totals.get('dock-1')).toEqual({ objects: 8 });
  });

  it.each([1, 2, 3])('says the same when Redis goes back behind %i commits', async (from) => {
    const deployment = await Deployment.open(redis);
    for (const batch of batches.slice(0, from)) await deployment.pass(batch);
    await deployment.goBackBehind(async () => {
      for (const batch of batches.slice(from)) await deployment.pass(batch);
      await deployment.stop();
    });
    await deployment.start();
    expect(await deployment.outcome()).toEqual(undisturbed);
  });

  it('that goes on while Redis goes back is sent back, and the next one says the same', async () => {
    const deployment = await Deployment.open(redis);
    await deployment.pass(batches[0] ?? []);
    await deployment.goBackBehind(() => deployment.pass(batches[1] ?? []));
    await deployment.pass(batches[2] ?? []);
    expect(await deployment.stop()).toMatchObject({ state: 'failed', error: { code: 'STATE_STALE_OWNER', fate: 'restart' } });
    await deployment.start();
    await deployment.pass(batches[3] ?? []);
    expect(await deployment.outcome()).toEqual(undisturbed);
  });

  it('stops when Redis was emptied, until that is accepted; then it says the same', async () => {
    const deployment = await Deployment.open(redis);
    for (const batch of batches) await deployment.pass(batch);
    await deployment.stop();
    await redis.admin.flushall();
    await deployment.start();
    expect(await deployment.stop()).toMatchObject({ state: 'failed', error: { code: 'STATE_LOST', fate: 'stop' } });
    await deployment.acceptAsNew();
    await deployment.start();
    expect(await deployment.outcome()).toEqual(undisturbed);
  });

  it('stops when Redis is from before its first commit, and its output is there', async () => {
    const deployment = await Deployment.open(redis);
    for (const batch of batches) await deployment.pass(batch);
    await deployment.stop();
    await redis.admin.del(...(await redis.admin.keys('*{analyse/0}*')));
    await deployment.start();
    expect(await deployment.stop()).toMatchObject({
      state: 'failed',
      error: { code: 'STATE_LOST', message: expect.stringContaining('The log holds what task analyse/0 wrote to') },
    });
    await deployment.acceptAsNew();
    await deployment.start();
    expect(await deployment.outcome()).toEqual(undisturbed);
  });
});
