import { resolve } from 'node:path';
import { serveCameras } from '../../demo/cameras/index.ts';
import { streamTopic } from '../../engine/log/topic-stream.ts';
import type { RecordOf } from '../../engine/records/topic.ts';
import { followRecords } from '../../test/end-to-end/followed-records.ts';
import { type SiteCamera, SiteFolder } from '../../test/end-to-end/site-process.ts';
import { printCase, quantile } from '../print-case.ts';
import { type Brokers, Deployment } from './deployment.ts';

const FPS = 10;
/** About half of what two cores look at when everything runs on them: see throughput. */
const CAMERAS = 6;
const WARM_UP_MS = 3_000;
const SHARES = [0.5, 0.99];

/** From the arrival of a live frame to its record in the hands of a reader, in one process and in many. */
export async function liveLatency(brokers: Brokers, seconds: number): Promise<void> {
  const clip = resolve('demo/footage/clips/dock-1.mp4');
  const names = Array.from({ length: CAMERAS }, (_, n) => `camera-${n}`);
  const served = await serveCameras({ clips: Object.fromEntries(names.map((name) => [name, clip])) });
  const cameras: SiteCamera[] = names.map((id) => ({ id, url: served.url(id), fps: FPS, view: false }));
  const embedded = await embeddedLatency(cameras, seconds);
  const distributed = await distributedLatency(cameras, brokers, seconds);
  served.close();
  for (const [at, share] of SHARES.entries()) {
    const added = (distributed[at] ?? 0) - (embedded[at] ?? 0);
    printCase('distributed', `${CAMERAS} live cameras: added until a reader has the record, p${share * 100}`, added, 'ms');
  }
}

async function embeddedLatency(cameras: readonly SiteCamera[], seconds: number): Promise<number[]> {
  const running = new SiteFolder(cameras, { model: resolve('models/parcels') }).run('--log-level', 'error');
  const ages = await agesOf(followRecords(running, 'detections'), seconds);
  await running.kill('SIGTERM');
  return tell('one process', ages);
}

async function distributedLatency(cameras: readonly SiteCamera[], brokers: Brokers, seconds: number): Promise<number[]> {
  const deployment = new Deployment(cameras, brokers, { frames: { encoding: 'jpeg' } });
  await Promise.all([deployment.start('analyse'), deployment.start('detect'), deployment.start('connect')]);
  const log = await deployment.openLog();
  const end = new AbortController();
  const ages = await agesOf(await streamTopic(log, 'detections', { from: 'now', follow: true, signal: end.signal }), seconds);
  end.abort();
  await deployment.stop();
  await log.close();
  return tell('processes of four roles', ages);
}

async function agesOf(records: AsyncIterable<RecordOf<'detections'>>, seconds: number): Promise<number[]> {
  const ages: number[] = [];
  let beganMs: number | undefined;
  for await (const { type, time } of records) {
    if (type !== 'detections') continue;
    beganMs ??= Date.now();
    const sinceMs = Date.now() - beganMs;
    if (sinceMs > WARM_UP_MS) ages.push(Date.now() - time);
    if (sinceMs > WARM_UP_MS + seconds * 1000) break;
  }
  return ages;
}

function tell(what: string, ages: readonly number[]): number[] {
  return SHARES.map((share) => {
    const age = quantile(ages, share);
    printCase('distributed', `${CAMERAS} live cameras, ${what}: arrival until a reader has the record, p${share * 100}`, age, 'ms');
    return age;
  });
}
