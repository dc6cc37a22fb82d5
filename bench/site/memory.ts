/**
 * Memory of a site and its ffmpeg processes after a minute (proportional set size: shared pages are shared out), with 1 and with 4 live
 * cameras of 960×540 and the starter model: node bench/site/memory.ts [seconds]. Linux.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { serveCameras } from '../../demo/cameras/index.ts';
import { SiteFolder } from '../../test/end-to-end/site-process.ts';
import { printCase } from '../print-case.ts';

const MANY = 4;
const seconds = Number(process.argv[2] ?? 60);
const clip = resolve('demo/footage/clips/dock-1.mp4');

const one = await measure(1);
const many = await measure(MANY);
printCase('memory', 'engine and ffmpeg, 1 camera', one, 'MiB');
printCase('memory', `engine and ffmpeg, ${MANY} cameras`, many, 'MiB');
printCase('memory', 'each further camera', (many - one) / (MANY - 1), 'MiB');

async function measure(count: number): Promise<number> {
  const names = Array.from({ length: count }, (_, n) => `camera-${n}`);
  const served = await serveCameras({ clips: Object.fromEntries(names.map((name) => [name, clip])) });
  const site = new SiteFolder(
    names.map((id) => ({ id, url: served.url(id) })),
    { model: resolve('models/parcels') },
  );
  const running = site.run();
  await running.url();
  await wait(seconds * 1000);
  const kib = familyOf(running.child.pid ?? 0).reduce((sum, pid) => sum + pssKib(pid), 0);
  await running.kill('SIGTERM');
  served.close();
  return kib / 1024;
}

/** A process and all that came of it. */
function familyOf(pid: number): number[] {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), parentOf(name)]),
  );
  const children = (parent: number): number[] =>
    [...parents].filter(([, its]) => its === parent).flatMap(([child]) => [child, ...children(child)]);
  return [pid, ...children(pid)];
}

function parentOf(pid: string): number {
  return Number(/^PPid:\s+(\d+)$/m.exec(read(`/proc/${pid}/status`))?.[1]);
}

function pssKib(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
}

/** Empty when the process has ended meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
