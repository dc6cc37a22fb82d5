import { resolve } from 'node:path';
import { Redis } from 'ioredis';
import { serveCameras } from '../../demo/cameras/index.ts';
import { streamTopic } from '../../engine/log/topic-stream.ts';
import { CommitWatch } from '../../test/distributed/commit-watch.ts';
import type { SiteProcess } from '../../test/end-to-end/site-process.ts';
import { printCase } from '../print-case.ts';
import { type Brokers, Deployment } from './deployment.ts';

const FPS = 10;
const WATCHED_MS = 5_000;
/** Longer than the session of a member and what follows it. */
const AFTER_MS = 15_000;

/** How long nobody follows a camera when a process of analyse leaves, and when it dies; and how often state is saved meanwhile. */
export async function handOvers(brokers: Brokers): Promise<void> {
  const clip = resolve('demo/footage/clips/dock-1.mp4');
  const names = ['camera-0', 'camera-1'];
  const served = await serveCameras({ clips: Object.fromEntries(names.map((name) => [name, clip])) });
  const cameras = names.map((id) => ({ id, url: served.url(id), fps: FPS, view: false as const }));
  const deployment = new Deployment(cameras, brokers, { frames: { encoding: 'jpeg' } });
  const redis = new Redis(brokers.redis, { disableClientInfo: true, protocol: 2 });
  const commits = await CommitWatch.on(redis);
  let [leaver] = await Promise.all([deployment.start('analyse'), deployment.start('analyse'), deployment.start('detect')]);
  await deployment.start('connect');
  const arrivals = new Arrivals(deployment);
  await arrivals.watch(WATCHED_MS);
  for (const [what, signal] of [
    ['leaves', 'SIGTERM'],
    ['is killed', 'SIGKILL'],
  ] as const) {
    const longest = await arrivals.longestAfter(leaver, signal);
    printCase('distributed', `a process of analyse ${what}: longest that no track of a camera came`, longest, 'ms');
    leaver = await deployment.start('analyse');
    await arrivals.watch(WATCHED_MS);
  }
  const before = commits.commits.length;
  await arrivals.watch(AFTER_MS);
  printCase('distributed', 'commits of state, a task', ((commits.commits.length - before) * 1000) / AFTER_MS / names.length, '1/s');
  await arrivals.end();
  commits.close();
  redis.disconnect();
  await deployment.stop();
  served.close();
}

/** When tracks of each camera came. */
class Arrivals {
  private readonly lastMs = new Map<string, number>();
  private readonly closing = new AbortController();
  private readonly reading: Promise<void>;
  private longestMs = 0;
  private wake = () => {};

  constructor(deployment: Deployment) {
    this.reading = this.read(deployment);
  }

  /** Lets time pass. */
  async watch(ms: number): Promise<void> {
    const untilMs = performance.now() + ms;
    while (performance.now() < untilMs) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  async longestAfter({ child, exited }: SiteProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<number> {
    this.longestMs = 0;
    child.kill(signal);
    await exited;
    await this.watch(AFTER_MS);
    return this.longestMs;
  }

  async end(): Promise<void> {
    this.closing.abort();
    await this.reading;
  }

  private async read(deployment: Deployment): Promise<void> {
    const log = await deployment.openLog();
    for await (const { camera } of await streamTopic(log, 'tracks', { from: 'now', follow: true, signal: this.closing.signal })) {
      const nowMs = performance.now();
      this.longestMs = Math.max(this.longestMs, nowMs - (this.lastMs.get(camera) ?? nowMs));
      this.lastMs.set(camera, nowMs);
      this.wake();
    }
    await log.close();
  }
}
