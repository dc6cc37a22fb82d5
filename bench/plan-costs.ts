/**
 * What `ocelli plan` reckons with and no other program here measures: what decoding costs at two sizes of picture, how large a frame is as
 * a JPEG, a record and the state of a camera. With the demo's clips and the starter model; processor time, not the clock.
 *
 *     node bench/plan-costs.ts
 */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { decodeArguments } from '../connectors/ffmpeg/arguments.ts';
import { findFfmpeg } from '../connectors/index.ts';
import { decodePicture, encodeJpeg } from '../engine/pictures/picture.ts';
import { loadModel } from '../operators/detect/index.ts';
import { SiteFolder } from '../test/end-to-end/site-process.ts';
import { printCase } from './print-case.ts';
import { LONG_CLIP_FRAMES, longClip } from './site/long-clip.ts';

const QUALITY = 90;
const FPS = 10;
const ROUNDS = 3;
const clips = globSync('demo/footage/clips/*.mp4').sort();
const [model, ffmpeg] = [await loadModel('models/parcels'), await findFfmpeg()];

for (const [size, clip] of [
  ['960x540', longClip('dock-1')],
  ['1920x1080', enlarged(longClip('dock-1'))],
] as const) {
  const tookMs = Array.from({ length: ROUNDS }, () => decodeMs(clip) / LONG_CLIP_FRAMES);
  printCase('plan', `decode and scale a frame of ${size}, least`, Math.min(...tookMs), 'ms');
}
await frames();
await records();

/** The same pictures with twice the width and height. */
function enlarged(clip: string): string {
  const file = clip.replace('.mp4', '-1080p.mp4');
  const words = ['-v', 'error', '-i', clip, '-vf', 'scale=1920:1080', '-c:v', 'libx264', '-preset', 'veryfast', '-bf', '0', file];
  if (!existsSync(file)) execFileSync('ffmpeg', words);
  return file;
}

/** Processor time of ffmpeg with the filters of a camera, into nothing. */
function decodeMs(path: string): number {
  const words = decodeArguments({ input: { kind: 'file', path }, fps: FPS, model: model.input }, ffmpeg.flags);
  const intoNothing = words.map((word, at) => (word === 'nut' ? 'null' : words[at - 1] === 'nut' ? '-' : word));
  const said = execFileSync('bash', ['-c', '"$@" 2>/dev/null >/dev/null; times', 'bash', ffmpeg.path, ...intoNothing], {
    encoding: 'utf8',
  });
  const [, children = ''] = said.split('\n');
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (ms, [, minutes, seconds]) => ms + 60_000 * Number(minutes) + 1000 * Number(seconds),
    0,
  );
}

/** The model's frames of all clips as JPEG: how large, and what it costs to make and to read them. */
async function frames(): Promise<void> {
  const { width, height } = model.input;
  const pictures = clips.flatMap((clip) => packedFrames(clip, width, height));
  const jpegs: Uint8Array<ArrayBuffer>[] = [];
  const encoded = await cpuMs(async () => {
    for (const pixels of pictures) jpegs.push(await encodeJpeg({ width, height, pixels }, QUALITY));
  });
  const decoded = await cpuMs(async () => {
    for (const jpeg of jpegs) await decodePicture(jpeg);
  });
  const bytes = jpegs.reduce((sum, jpeg) => sum + jpeg.length, 0) / jpegs.length;
  const what = `a frame of ${width}x${height} as JPEG, quality ${QUALITY}`;
  printCase('plan', what, bytes, 'bytes');
  printCase('plan', `${what}, for a pixel`, bytes / (width * height), 'bytes');
  printCase('plan', `${what}: make it`, encoded / jpegs.length, 'ms');
  printCase('plan', `${what}: read it`, decoded / jpegs.length, 'ms');
}

function packedFrames(clip: string, width: number, height: number): Uint8Array<ArrayBuffer>[] {
  const fit = `fps=2,scale=${width}:${height}:force_original_aspect_ratio=decrease:flags=area,pad=${width}:${height}:-1:-1:gray`;
  const words = ['-v', 'error', '-i', clip, '-vf', fit, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'];
  const all = execFileSync(ffmpeg.path, words, { maxBuffer: 2 ** 28 });
  const size = 3 * width * height;
  return Array.from({ length: all.length / size }, (_, at) => new Uint8Array(all.subarray(at * size, (at + 1) * size)));
}

async function cpuMs(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** A site over all clips: its records as JSON, and what it keeps of a camera. */
async function records(): Promise<void> {
  const cameras = clips.map((clip) => ({ id: basename(clip, '.mp4'), url: `file:${resolve(clip)}`, fps: FPS, view: false as const }));
  const site = new SiteFolder(cameras, { model: resolve('models/parcels') });
  await site.run('--until-end', '--log-level', 'error').exited;
  for (const topic of ['detections', 'tracks'] as const) {
    const all = (await site.records(topic)).filter(({ type }) => type === topic);
    printCase('plan', `a record of ${topic}`, all.reduce((sum, record) => sum + JSON.stringify(record).length, 0) / all.length, 'bytes');
  }
  const database = new DatabaseSync(site.database, { readOnly: true });
  const row = database.prepare('SELECT max(length(value)) AS bytes FROM task_state').get();
  database.close();
  printCase('plan', 'the state of a camera, most', Number(row?.['bytes']), 'bytes');
}
