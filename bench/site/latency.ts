/**
 * From the arrival of a live frame to its committed record: one camera with the starter model, and more frames than can be looked at, three
 * times as many, with a model that takes 40 ms a frame. Arrival is the record's `time`, commit the time of writing in the log.
 *
 *     node bench/site/latency.ts [seconds]
 */
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { serveCameras } from '../../demo/cameras/index.ts';
import type { DetectionsRecord } from '../../engine/records/record.ts';
import { firstRecord } from '../../test/end-to-end/followed-records.ts';
import { type SiteCamera, SiteFolder } from '../../test/end-to-end/site-process.ts';
import { printCase, quantile } from '../print-case.ts';
import { type InProcessSite, startInProcess } from './in-process-site.ts';
import { tiredDetect } from './tired-detect.ts';

const INFERENCE_MS = 40;
const OVERLOAD = 3;
const FPS = 15;
const seconds = Number(process.argv[2] ?? 30);
const clip = resolve('demo/footage/clips/dock-1.mp4');

await oneCamera();
await overloaded();

async function oneCamera(): Promise<void> {
  const served = await serveCameras({ clips: { 'dock-1': clip } });
  const site = new SiteFolder([{ id: 'dock-1', url: served.url('dock-1'), fps: FPS }], { model: resolve('models/parcels') });
  const running = site.run();
  await firstRecord(running, 'detections', ({ type }) => type === 'detections');
  await wait(seconds * 1000);
  await running.kill('SIGTERM');
  served.close();
  const looks = looksIn(site.database);
  const [decoded, inferred] = (['decoded', 'inferred'] as const).map((stage) =>
    quantile(
      looks.map(({ timing }) => timing[stage]),
      0.95,
    ),
  );
  tell('1 camera', looks);
  printCase('latency', '1 camera: decode + one inference + 20 ms, both at p95', (decoded ?? 0) + (inferred ?? 0) + 20, 'ms');
}

/** One inference at a time: 25 frames a second, from cameras that send 75. */
async function overloaded(): Promise<void> {
  const count = Math.ceil((OVERLOAD * 1000) / INFERENCE_MS / FPS);
  const names = Array.from({ length: count }, (_, n) => `camera-${n}`);
  const served = await serveCameras({ clips: Object.fromEntries(names.map((name) => [name, clip])) });
  const cameras: SiteCamera[] = names.map((id) => ({ id, url: served.url(id), fps: FPS, view: false }));
  const site: InProcessSite = await startInProcess(cameras, tiredDetect(INFERENCE_MS));
  await wait(seconds * 1000);
  const records = await site.drain();
  served.close();
  tell(`${OVERLOAD} times overload`, looksIn(site.database));
  const shed = records.reduce((sum, record) => sum + (record.type === 'gap' ? record.to - record.from + 1 : 0), 0);
  const looked = records.filter(({ type }) => type === 'detections').length;
  printCase('latency', `${OVERLOAD} times overload: told in gaps as shed`, shed / (shed + looked), 'share');
}

type Look = DetectionsRecord & { readonly tookMs: number };

function looksIn(file: string): Look[] {
  const database = new DatabaseSync(file, { readOnly: true });
  const rows = database.prepare(`SELECT body, written_at - time AS tookMs FROM log_detections WHERE body LIKE '%"objects":%'`).all();
  database.close();
  return rows.map(({ body, tookMs }) => ({ ...(JSON.parse(String(body)) as DetectionsRecord), tookMs: Number(tookMs) }));
}

function tell(what: string, looks: readonly Look[]): void {
  for (const share of [0.5, 0.95, 0.99]) {
    printCase(
      'latency',
      `${what}: arrival to record, p${share * 100}`,
      quantile(
        looks.map(({ tookMs }) => tookMs),
        share,
      ),
      'ms',
    );
  }
}
