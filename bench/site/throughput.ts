/**
 * Frames a second of a site with the starter model, unpaced from two files, against what the processor could do: cores / (decode and scale
 * + inference). Both yardsticks are measured with all cores busy: ffmpeg with the same filters into nothing, and bare onnxruntime with the
 * best of workers × threads. Yardsticks and site take turns, so that what else runs meets all of them. The site is measured for some
 * seconds once it runs: its start is another benchmark.
 *
 * Frames a second depend on who else runs; the processor time of a frame hardly does. So the same comparison is made of processor time as
 * well: what the yardsticks take of a frame, against what the site and its ffmpeg processes take, thread by thread. Linux.
 *
 *     node bench/site/throughput.ts [rounds]
 */
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { type DecodeRequest, decodeArguments } from '../../connectors/ffmpeg/arguments.ts';
import { findFfmpeg } from '../../connectors/index.ts';
import { loadModel } from '../../operators/detect/index.ts';
import { bareRate, type Rate } from '../bare-rate.ts';
import { printCase, quantile } from '../print-case.ts';
import { LONG_CLIP_FRAMES, longClip } from './long-clip.ts';
import { PARTS, type SiteRate, siteRate } from './site-rate.ts';

const FPS = 15;
const CAMERAS = ['dock-1', 'line-a'];
/** More than a site reads while it is measured. */
const LONG_LOOPS = 20;
const run = promisify(execFile);
const cores = availableParallelism();
const rounds = Number(process.argv[2] ?? 3);
const [model, ffmpeg] = [await loadModel('models/parcels'), await findFfmpeg()];
const clips = CAMERAS.map((camera) => longClip(camera));
const cameras = CAMERAS.map((id) => ({ id, url: `file:${longClip(id, LONG_LOOPS)}`, fps: FPS, view: false as const }));

interface Round {
  readonly decode: Rate;
  readonly inference: Rate;
  readonly site: SiteRate;
}

const measured: Round[] = [];
for (let round = 0; round < rounds; round += 1) {
  const [decode, inference] = [await decodeRate(), await bareRate(model)];
  measured.push({ decode, inference, site: await siteRate(cameras, resolve('models/parcels')) });
}
tellRates();
tellProcessorTime();

function tellRates(): void {
  const best = (what: keyof Round) => Math.max(...measured.map((round) => round[what].framesPerSecond));
  const budget = 1 / (1 / best('decode') + 1 / best('inference'));
  printCase('throughput', 'decode and scale alone, all cores, best', best('decode'), 'frames/s');
  printCase('throughput', 'bare onnxruntime, all cores, best', best('inference'), 'frames/s');
  printCase('throughput', "the processor's budget", budget, 'frames/s');
  printCase('throughput', 'site, two files, best', best('site'), 'frames/s');
  printCase('throughput', 'site against the budget, best of both', best('site') / budget, 'ratio');
  const shares = measured.map(
    ({ decode, inference, site }) => site.framesPerSecond * (1 / decode.framesPerSecond + 1 / inference.framesPerSecond),
  );
  printCase('throughput', 'site against the budget of the same round, median', quantile(shares, 0.5), 'ratio');
}

function tellProcessorTime(): void {
  const median = (figureOf: (round: Round) => number) => quantile(measured.map(figureOf), 0.5);
  const tell = (what: string, figureOf: (round: Round) => number) =>
    printCase('throughput', `processor time, ${what}, median`, median(figureOf), 'ms/frame');
  tell('decode and scale alone', ({ decode }) => decode.processorMs);
  tell('bare onnxruntime', ({ inference }) => inference.processorMs);
  for (const part of PARTS) tell(`of the site: ${part}`, ({ site }) => site.parts[part]);
  tell('of the site, all', ({ site }) => site.processorMs);
  printCase(
    'throughput',
    'yardsticks against the site, processor time of the same round, median',
    median(({ decode, inference, site }) => (decode.processorMs + inference.processorMs) / site.processorMs),
    'ratio',
  );
}

/** One ffmpeg a core, each with the filters of a camera, into nothing. */
async function decodeRate(): Promise<Rate> {
  const beganMs = performance.now();
  const tookMs = await Promise.all(Array.from({ length: cores }, (_, n) => decodeIntoNothing(clips[n % clips.length] as string)));
  const frames = cores * LONG_CLIP_FRAMES;
  return {
    framesPerSecond: (frames * 1000) / (performance.now() - beganMs),
    processorMs: tookMs.reduce((sum, ms) => sum + ms, 0) / frames,
  };
}

/** @returns the processor time that it took, in milliseconds */
async function decodeIntoNothing(path: string): Promise<number> {
  const request: DecodeRequest = { input: { kind: 'file', path }, fps: FPS, model: model.input };
  const words = decodeArguments(request, ffmpeg.flags).map((word, at, all) =>
    word === 'nut' ? 'null' : all[at - 1] === 'nut' ? '-' : word,
  );
  const { stderr } = await run(ffmpeg.path, ['-benchmark', ...words], { maxBuffer: 2 ** 28 });
  const [, user, system] = /utime=([\d.]+)s stime=([\d.]+)s/.exec(stderr) ?? [];
  return 1000 * (Number(user) + Number(system));
}
