/**
 * Processor time of the Node process for a frame of 320×192 with a null model and ten tracked boxes, the view off: everything but decoding
 * (another process) and inference. And what of it is the pipe alone: reading the frames of ffmpeg and dropping them.
 *
 *     node bench/site/overhead.ts [runs]
 */
import { resolve } from 'node:path';
import { findFfmpeg } from '../../connectors/index.ts';
import { nullDetect } from '../null-detect.ts';
import { printCase, quantile } from '../print-case.ts';
import { decodeAll } from './decode-all-frames.ts';
import { startInProcess } from './in-process-site.ts';

const OBJECTS = 10;
const CAMERAS = 8;
const runs = Number(process.argv[2] ?? 3);
const clip = resolve('demo/footage/clips/dock-1.mp4');
const ffmpeg = await findFfmpeg();

const whole: number[] = [];
const pipe: number[] = [];
for (let run = 0; run < runs; run += 1) {
  whole.push(await msPerFrame(runSite));
  pipe.push(await msPerFrame(() => decodeAll(ffmpeg, clip, CAMERAS)));
}
printCase('overhead', `Node, null model, ${OBJECTS} tracked boxes, median`, quantile(whole, 0.5), 'ms/frame');
printCase('overhead', 'of which the pipe, median', quantile(pipe, 0.5), 'ms/frame');

async function runSite(): Promise<number> {
  const cameras = Array.from({ length: CAMERAS }, (_, n) => ({ id: `camera-${n}`, url: `file:${clip}`, fps: 15, view: false as const }));
  const site = await startInProcess(cameras, nullDetect(OBJECTS));
  await site.ended;
  return (await site.drain()).filter(({ type }) => type === 'detections').length;
}

/** User and system time of all threads of this process; ffmpeg is not among them. */
async function msPerFrame(work: () => Promise<number>): Promise<number> {
  const before = process.cpuUsage();
  const frames = await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / frames;
}
