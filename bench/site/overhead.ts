/**
 * Processor time of the Node process for a frame of 320×192 with a null model and ten tracked boxes, the view off: everything but decoding
 * (another process) and inference. And what of it is the pipe alone: reading the frames of ffmpeg and dropping them. User and system time
 * of all threads, those of the garbage collector and of the log's maintenance among them. Rounds take turns, the first one is warm-up.
 *
 *     node bench/site/overhead.ts [rounds]
 */
import { findFfmpeg } from '../../connectors/index.ts';
import { nullDetect } from '../null-detect.ts';
import { printCase, quantile } from '../print-case.ts';
import { decodeAll } from './decode-all-frames.ts';
import { startInProcess } from './in-process-site.ts';
import { longClip } from './long-clip.ts';

const OBJECTS = 10;
const CAMERAS = 4;
const rounds = Number(process.argv[2] ?? 5);
const clip = longClip('dock-1');
const ffmpeg = await findFfmpeg();

const whole: number[] = [];
const pipe: number[] = [];
for (let round = 0; round <= rounds; round += 1) {
  whole.push(await siteMs());
  pipe.push(await pipeMs());
}
tell(`Node, null model, ${OBJECTS} tracked boxes`, whole.slice(1));
tell('of which the pipe', pipe.slice(1));

async function siteMs(): Promise<number> {
  const cameras = Array.from({ length: CAMERAS }, (_, n) => ({ id: `camera-${n}`, url: `file:${clip}`, fps: 15, view: false as const }));
  const before = process.cpuUsage();
  const site = await startInProcess(cameras, nullDetect(OBJECTS));
  await site.ended;
  await site.commitAll();
  const tookMs = msSince(before);
  return tookMs / (await site.drain()).filter(({ type }) => type === 'detections').length;
}

async function pipeMs(): Promise<number> {
  const before = process.cpuUsage();
  const frames = await decodeAll(ffmpeg, clip, CAMERAS);
  return msSince(before) / frames;
}

/** Of all threads of this process; ffmpeg is not among them. */
function msSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** The least is what the work takes; the median, what it took beside whatever else ran. */
function tell(what: string, msPerFrame: readonly number[]): void {
  printCase('overhead', `${what}, least`, Math.min(...msPerFrame), 'ms/frame');
  printCase('overhead', `${what}, median`, quantile(msPerFrame, 0.5), 'ms/frame');
}
