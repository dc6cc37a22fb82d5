/**
 * Frames a second of a site with the starter model, unpaced from two files, against what the processor could do: cores / (decode and scale
 * + inference). Both yardsticks are measured with all cores busy: ffmpeg with the same filters into nothing, and bare onnxruntime with the
 * best of workers × threads. Yardsticks and site take turns, so that what else runs meets all of them.
 *
 *     node bench/site/throughput.ts [rounds]
 */
import { execFile } from 'node:child_process';
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
import { LONG_CLIP_FRAMES, longClip } from './long-clip.ts';

const FPS = 15;
const run = promisify(execFile);
const cores = availableParallelism();
const rounds = Number(process.argv[2] ?? 3);
const [model, ffmpeg] = [await loadModel('models/parcels'), await findFfmpeg()];
const clips = ['dock-1', 'line-a'].map(longClip);

const measured: { decode: number; inference: number; site: number }[] = [];
for (let round = 0; round < rounds; round += 1) {
  measured.push({ decode: await decodeRate(), inference: await bareRate(model), site: await siteRate() });
}
const best = { decode: Math.max(...measured.map((one) => one.decode)), inference: Math.max(...measured.map((one) => one.inference)) };
printCase('throughput', 'decode and scale alone, all cores, best', best.decode, 'frames/s');
printCase('throughput', 'bare onnxruntime, all cores, best', best.inference, 'frames/s');
printCase('throughput', "the processor's budget", budget(best), 'frames/s');
printCase('throughput', 'site, two files, best', Math.max(...measured.map(({ site }) => site)), 'frames/s');
printCase('throughput', 'site against the budget, best of both', Math.max(...measured.map(({ site }) => site)) / budget(best), 'ratio');
printCase(
  'throughput',
  'site against the budget of the same round, median',
  quantile(
    measured.map((one) => one.site / budget(one)),
    0.5,
  ),
  'ratio',
);

function budget({ decode, inference }: { readonly decode: number; readonly inference: number }): number {
  return 1 / (1 / decode + 1 / inference);
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
  return LONG_CLIP_FRAMES;
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
