import { randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import type { RoleName } from '../../engine/cli/role-names.ts';
import { SystemClock } from '../../engine/clock.ts';
import { readConfiguration } from '../../engine/config/read-configuration.ts';
import { silentLogger } from '../../engine/observe/logger.ts';
import { openStores, type SiteStores } from '../../site/open-stores.ts';
import { OPERATORS } from '../../site/operator-settings.ts';
import type { RedisServer } from '../brokers/redis-server.ts';
import { type SiteCamera, SiteFolder, type SiteProcess } from '../end-to-end/site-process.ts';
import { CommitWatch } from './commit-watch.ts';
import { ORDERS, type Orders } from './fault-order.ts';
import { byPlace, comparable, comparableState, type Outcome, recordsOf } from './outcome.ts';
import { SETTINGS } from './recordings.ts';
import { TopicFollower } from './topic-follower.ts';

/** Of the members of a group, in tests. */
export const SESSION_TIMEOUT_MS = 1_500;
const PARTITIONS = 2;
const FAULTS = pathToFileURL('test/distributed/order-fault.ts').href;

export interface ClusterOptions {
  /** `host:port`. */
  readonly kafka: string;
  readonly redis: RedisServer;
  readonly cameras: readonly SiteCamera[];
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A distributed site: processes of the real command over a real broker and a real Redis, and this process as one that looks on. */
export class Cluster {
  readonly stores: SiteStores;
  readonly tracks: TopicFollower;
  readonly commits: CommitWatch;
  private readonly site: SiteFolder;
  private readonly redis: RedisServer;
  private readonly prefix: string;
  private readonly processes = new Set<SiteProcess>();

  static async open({ kafka, redis, cameras, settings = {} }: ClusterOptions): Promise<Cluster> {
    const prefix = `faults-${randomUUID().slice(0, 8)}`;
    const log = { url: `kafka://${kafka}`, prefix: `${prefix}.`, partitions: PARTITIONS };
    const site = new SiteFolder(cameras, { ...SETTINGS, log, state: { url: redis.url, prefix: `${prefix}:` }, ...settings });
    const configuration = readConfiguration(site.file, { operators: OPERATORS });
    const stores = await openStores({ configuration, file: site.file, clock: new SystemClock(), logger: silentLogger });
    await stores.log.assign(cameras.map(({ id }) => id));
    return new Cluster(site, redis, prefix, stores, await CommitWatch.on(redis.admin));
  }

  private constructor(site: SiteFolder, redis: RedisServer, prefix: string, stores: SiteStores, commits: CommitWatch) {
    this.site = site;
    this.redis = redis;
    this.prefix = prefix;
    this.stores = stores;
    this.commits = commits;
    this.tracks = new TopicFollower(stores.log, 'tracks');
  }

  /** Starts a process of these roles, with orders for faults. */
  start(roles: RoleName | readonly RoleName[], orders: Partial<Orders> = {}): SiteProcess {
    const given: Orders = { sessionTimeoutMs: SESSION_TIMEOUT_MS, ...orders };
    const environment = { NODE_OPTIONS: `--import ${FAULTS}`, [ORDERS]: JSON.stringify(given) };
    const process = this.site.runIn({ environment }, '--role', [roles].flat().join(','));
    this.processes.add(process);
    void process.exited.then(() => this.processes.delete(process));
    return process;
  }

  /** Resolves when the state of every task holds all detections that there are now. */
  async saved(): Promise<void> {
    const { log } = this.stores;
    const tasks = Array.from({ length: PARTITIONS }, async (_, partition) => {
      const { end } = await log.bounds('detections', partition);
      if (end > 0) await this.commits.until(`analyse/${partition}`, end);
    });
    await Promise.all(tasks);
  }

  /** Lets every process drain, and reads what came out. */
  async finish(): Promise<Outcome> {
    await Promise.all([...this.processes].map((process) => process.kill('SIGTERM')));
    return this.outcome();
  }

  async outcome(): Promise<Outcome> {
    const [detections, tracks] = [await recordsOf(this.stores.log, 'detections'), await recordsOf(this.stores.log, 'tracks')];
    return { detections: comparable(byPlace(detections)), tracks: comparable(byPlace(tracks)), state: await this.state() };
  }

  async close(): Promise<void> {
    await Promise.all([...this.processes].map((process) => process.kill('SIGKILL')));
    this.commits.close();
    await this.tracks.close();
    await this.stores.close();
  }

  private async state(): Promise<Record<string, unknown>> {
    const hashes = Array.from({ length: PARTITIONS }, (_, partition) =>
      this.redis.admin.hgetallBuffer(`${this.prefix}:{analyse/${partition}}:state`),
    );
    return comparableState((await Promise.all(hashes)).flatMap((hash) => Object.entries(hash)));
  }
}
