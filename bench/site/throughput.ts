/**
 * Frames a second of a site with the starter model, unpaced from two files, against what the processor could do: cores / (decode and scale
 * + inference). Both yardsticks are measured in the same run with all cores busy: ffmpeg with the same filters into nothing, and bare
 * onnxruntime with the best of workers × threads. Wants a quiet machine.
 *
 *     node bench/site/throughput.ts [rounds]
 */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { type DecodeRequest, decodeArguments } from '../../connectors/ffmpeg/arguments.ts';
import { findFfmpeg } from '../../connectors/index.ts';
import { loadModel } from '../../operators/detect/index.ts';
import { SiteFolder } from '../../test/end-to-end/site-process.ts';
import { bareRate } from '../bare-rate.ts';
import { printCase, quantile } from '../print-case.ts';

const FPS = 15;
const LOOPS = 5;
const FOLDER = '.cache/test-clips';
const run = promisify(execFile);
const cores = availableParallelism();
const rounds = Number(process.argv[2] ?? 3);
const [model, ffmpeg] = [await loadModel('models/parcels'), await findFfmpeg()];
const clips = ['dock-1', 'line-a'].map(longClip);

const decode = Math.max(...(await times(rounds, decodeRate)));
const inference = Math.max(...(await times(rounds, () => bareRate(model))));
const site = quantile(await times(rounds, siteRate), 0.5);
const budget = 1 / (1 / decode + 1 / inference);
printCase('throughput', 'decode and scale alone, all cores', decode, 'frames/s');
printCase('throughput', 'bare onnxruntime, all cores', inference, 'frames/s');
printCase('throughput', "the processor's budget", budget, 'frames/s');
printCase('throughput', 'site, two files, median', site, 'frames/s');
printCase('throughput', 'site against the budget', site / budget, 'ratio');

async function times(count: number, work: () => Promise<number>): Promise<number[]> {
  const values: number[] = [];
  for (let round = 0; round < count; round += 1) values.push(await work());
  return values;
}

/** One ffmpeg a core, each with the filters of a camera, into nothing. */
async function decodeRate(): Promise<number> {
  const beganMs = performance.now();
  const frames = await Promise.all(Array.from({ length: cores }, (_, n) => decodeIntoNothing(clips[n % clips.length] as string)));
  return (frames.reduce((sum, count) => sum + count, 0) * 1000) / (performance.now() - beganMs);
}

async function decodeIntoNothing(path: string): Promise<number> {
  const request: DecodeRequest = { input: { kind: 'file', path }, fps: FPS, model: model.input };
  const words = decodeArguments(request, ffmpeg.flags).map((word, at, all) =>
    word === 'nut' ? 'null' : all[at - 1] === 'nut' ? '-' : word,
  );
  await run(ffmpeg.path, words, { maxBuffer: 2 ** 28 });
  return LOOPS * 300;
}

/** From the first record to the last: the start is another benchmark. */
async function siteRate(): Promise<number> {
  const cameras = clips.map((file, n) => ({ id: `camera-${n}`, url: `file:${file}`, fps: FPS, view: false as const }));
  const folder = new SiteFolder(cameras, { model: resolve('models/parcels') });
  await folder.run('--until-end', '--log-level', 'error').exited;
  const database = new DatabaseSync(folder.database, { readOnly: true });
  const row = database
    .prepare(`SELECT count(*) AS frames, max(written_at) - min(written_at) AS ms FROM log_detections WHERE body LIKE '%"objects":%'`)
    .get();
  database.close();
  return ((Number(row?.['frames']) - 1) * 1000) / Number(row?.['ms']);
}

/** A committed clip several times over. */
function longClip(camera: string): string {
  mkdirSync(FOLDER, { recursive: true });
  const file = resolve(FOLDER, `${camera}-${LOOPS}-times.mp4`);
  const source = `demo/footage/clips/${camera}.mp4`;
  if (!existsSync(file)) execFileSync('ffmpeg', ['-v', 'error', '-stream_loop', String(LOOPS - 1), '-i', source, '-c', 'copy', file]);
  return file;
}
