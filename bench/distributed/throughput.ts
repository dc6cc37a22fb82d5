import { resolve } from 'node:path';
import { streamTopic } from '../../engine/log/topic-stream.ts';
import { followRecords } from '../../test/end-to-end/followed-records.ts';
import { type SiteCamera, SiteFolder } from '../../test/end-to-end/site-process.ts';
import { printCase } from '../print-case.ts';
import { longClip } from '../site/long-clip.ts';
import { type Brokers, Deployment } from './deployment.ts';
import { cpuOfTree, descendant, memoryOfTree } from './process-costs.ts';

const FPS = 15;
const MIB = 2 ** 20;
const cameras: SiteCamera[] = ['dock-1', 'line-a'].map((id) => ({ id, url: `file:${longClip(id)}`, fps: FPS, view: false }));

interface Record {
  readonly type: string;
  readonly mark?: string;
}

/** Frames a second of two recordings, from the first record to the last. */
export async function throughput(brokers: Brokers): Promise<void> {
  const embedded = await embeddedRate();
  printCase('distributed', 'embedded', embedded, 'frames/s');
  for (const encoding of ['raw', 'jpeg'] as const) {
    const rate = await distributedRate(brokers, encoding);
    printCase('distributed', `${encoding}`, rate, 'frames/s');
    printCase('distributed', `${encoding} against embedded`, rate / embedded, 'ratio');
  }
}

async function embeddedRate(): Promise<number> {
  const site = new SiteFolder(cameras, { model: resolve('models/parcels') });
  const running = site.run('--log-level', 'info');
  const measured = await rateOf(followRecords(running, 'tracks'));
  const cpu = cpuOfTree(running.child.pid ?? 0);
  printCase('distributed', 'embedded: processor time, ffmpeg included', cpu / measured.frames, 'ms/frame');
  await running.kill('SIGTERM');
  return measured.perSecond;
}

async function distributedRate(brokers: Brokers, encoding: 'raw' | 'jpeg'): Promise<number> {
  const deployment = new Deployment(cameras, brokers, { frames: { encoding } });
  const others = { kafka: descendant('java'), redis: descendant('redis-server') };
  const before = Object.fromEntries(Object.entries(others).map(([name, pid]) => [name, cpuOfTree(pid)]));
  const [analyse, detect] = await Promise.all([deployment.start('analyse'), deployment.start('detect')]);
  const log = await deployment.openLog();
  const end = new AbortController();
  const records = await streamTopic(log, 'tracks', { from: 'beginning', follow: true, signal: end.signal });
  const connect = await deployment.start('connect');
  const measured = await rateOf(records);
  const roles = { connect, detect, analyse };
  for (const [name, { child }] of Object.entries(roles)) {
    printCase('distributed', `${encoding}: processor time of ${name}`, cpuOfTree(child.pid ?? 0) / measured.frames, 'ms/frame');
    printCase('distributed', `${encoding}: memory of ${name}`, memoryOfTree(child.pid ?? 0) / MIB, 'MiB');
  }
  for (const [name, pid] of Object.entries(others))
    printCase(
      'distributed',
      `${encoding}: processor time of ${name}`,
      (cpuOfTree(pid) - (before[name] ?? 0)) / measured.frames,
      'ms/frame',
    );
  end.abort();
  await deployment.stop();
  await log.close();
  return measured.perSecond;
}

/** Reads until every recording has ended. */
async function rateOf(records: AsyncIterable<Record>): Promise<{ readonly perSecond: number; readonly frames: number }> {
  let [frames, ended, beganMs, lastMs] = [0, 0, 0, 0];
  for await (const { type, mark } of records) {
    if (type === 'tracks') {
      if (frames === 0) beganMs = performance.now();
      lastMs = performance.now();
      frames += 1;
    }
    if (mark === 'end') ended += 1;
    if (ended === cameras.length) break;
  }
  return { perSecond: ((frames - 1) * 1000) / (lastMs - beganMs), frames };
}
