/**
 * Memory of a site and its ffmpeg processes after a minute (proportional set size: shared pages are shared out), with 1 and with 4 live
 * cameras of 960×540 and the starter model; and its parts: the engine (what is in files, such as Node and onnxruntime themselves, and what
 * is not), of the latter the heap of V8 with all that hangs on it, and ffmpeg. Linux.
 *
 *     node bench/site/memory.ts [seconds] [rounds]
 */
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { serveCameras } from '../../demo/cameras/index.ts';
import { SiteFolder } from '../../test/end-to-end/site-process.ts';
import { printCase, quantile } from '../print-case.ts';
import { familyOf, pssOf } from './processes.ts';

const MANY = 4;
const seconds = Number(process.argv[2] ?? 60);
const rounds = Number(process.argv[3] ?? 3);
const clip = resolve('demo/footage/clips/dock-1.mp4');
const PARTS = ['all', 'engine, in files', 'engine, not in files', 'ffmpeg'] as const;

type Memory = Readonly<Record<(typeof PARTS)[number], number>>;

const measured: { readonly one: Memory; readonly many: Memory }[] = [];
for (let round = 0; round < rounds; round += 1) measured.push({ one: await measure(1), many: await measure(MANY) });
for (const part of PARTS) {
  tell(`1 camera: ${part}`, ({ one }) => one[part]);
  tell(`${MANY} cameras: ${part}`, ({ many }) => many[part]);
  tell(`each further camera: ${part}`, ({ one, many }) => (many[part] - one[part]) / (MANY - 1));
}

function tell(what: string, figureOf: (round: (typeof measured)[number]) => number): void {
  const figures = measured.map(figureOf);
  printCase('memory', `${what}, median`, quantile(figures, 0.5), 'MiB');
  if (rounds > 1) printCase('memory', `${what}, most`, Math.max(...figures), 'MiB');
}

async function measure(count: number): Promise<Memory> {
  const names = Array.from({ length: count }, (_, n) => `camera-${n}`);
  const served = await serveCameras({ clips: Object.fromEntries(names.map((name) => [name, clip])) });
  const site = new SiteFolder(
    names.map((id) => ({ id, url: served.url(id) })),
    { model: resolve('models/parcels') },
  );
  const running = site.run();
  await running.url();
  await wait(seconds * 1000);
  const memory = memoryOf(running.child.pid ?? 0);
  await running.kill('SIGTERM');
  served.close();
  return memory;
}

/** In MiB. */
function memoryOf(pid: number): Memory {
  const engine = pssOf(pid);
  const children = familyOf(pid)
    .slice(1)
    .reduce((sum, child) => sum + pssOf(child).all, 0);
  const parts = [engine.all + children, engine.files, engine.anonymous + engine.shared, children];
  return Object.fromEntries(PARTS.map((part, at) => [part, (parts[at] ?? Number.NaN) / 1024])) as Memory;
}
