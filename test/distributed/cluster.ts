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
  /** Where the processes meet Redis, if not at its own address. */
  readonly redisUrl?: string;
  readonly cameras: readonly SiteCamera[];
  readonly settings?: Readonly<Record<string, unknown>>;
}

interface ClusterParts {
  readonly site: SiteFolder;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly cameras: readonly string[];
  readonly redis: RedisServer;
  readonly prefix: string;
  readonly stores: SiteStores;
  readonly commits: CommitWatch;
}

/** A distributed site: processes of the real command over a real broker and a real Redis, and this process as one that looks on. */
export class Cluster {
  readonly stores: SiteStores;
  readonly tracks: TopicFollower;
  readonly commits: CommitWatch;
  private readonly parts: Omit<ClusterParts, 'stores' | 'commits'>;
  private readonly processes = new Set<SiteProcess>();

  static async open({ kafka, redis, redisUrl = redis.url, cameras, settings = {} }: ClusterOptions): Promise<Cluster> {
    const prefix = `faults-${randomUUID().slice(0, 8)}`;
    const log = { url: `kafka://${kafka}`, prefix: `${prefix}.`, partitions: PARTITIONS };
    const all = { ...SETTINGS, log, state: { url: redisUrl, prefix: `${prefix}:` }, ...settings };
    const site = new SiteFolder(cameras, all);
    const configuration = readConfiguration(site.file, { operators: OPERATORS });
    const stores = await openStores({ configuration, file: site.file, clock: new SystemClock(), logger: silentLogger });
    const names = cameras.map(({ id }) => id);
    await stores.log.assign(names);
    return new Cluster({ site, settings: all, cameras: names, redis, prefix, stores, commits: await CommitWatch.on(redis.admin) });
  }

  private constructor({ stores, commits, ...parts }: ClusterParts) {
    this.parts = parts;
    this.stores = stores;
    this.commits = commits;
    this.tracks = new TopicFollower(stores.log, 'tracks');
  }

  get cameras(): readonly string[] {
    return this.parts.cameras;
  }

  /** Starts a process of these roles, with orders for faults. */
  start(roles: RoleName | readonly RoleName[], orders: Partial<Orders> = {}): SiteProcess {
    const given: Orders = { sessionTimeoutMs: SESSION_TIMEOUT_MS, ...orders };
    const environment = { NODE_OPTIONS: `--import ${FAULTS}`, [ORDERS]: JSON.stringify(given) };
    const process = this.parts.site.runIn({ environment }, '--role', [roles].flat().join(','));
    this.processes.add(process);
    void process.exited.then(() => this.processes.delete(process));
    return process;
  }

  /** Changes what the configuration says of the cameras; processes that run take it up. */
  configure(cameras: readonly SiteCamera[]): void {
    this.parts.site.configure(cameras, this.parts.settings);
  }

  /** Time passes for what a dead member held and said of itself: nobody need wait until it expires. */
  async forget({ child: { pid } }: SiteProcess): Promise<void> {
    const { admin } = this.parts.redis;
    const isIts = (name: string) => name.includes(`-${pid}-`);
    const members = (await admin.smembers(`${this.parts.prefix}:{members}:all`)).filter(isIts);
    for (const member of members) await admin.del(`${this.parts.prefix}:{members}:member:${member}`);
    for (const camera of this.parts.cameras) {
      const lease = `${this.parts.prefix}:{${camera}}:lease`;
      if (isIts((await admin.hget(lease, 'holder')) ?? '')) await admin.del(lease);
    }
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
      this.parts.redis.admin.hgetallBuffer(`${this.parts.prefix}:{analyse/${partition}}:state`),
    );
    return comparableState((await Promise.all(hashes)).flatMap((hash) => Object.entries(hash)));
  }
}
