import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { OcelliError, sentenceOf } from '../../engine/errors.ts';
import { drawBarcode } from './barcode.ts';
import { type Clip, readClip } from './clip.ts';

export interface BarcodeOptions {
  /** The clip to read. */
  readonly source: string;
  /** Where the result is kept, to be found again the next time. */
  readonly folder: string;
  /** The ffmpeg to use; it needs libx264. */
  readonly ffmpeg: string;
}

/** Goes into the name of the file: raised when the code or the encoding changes. */
const VERSION = 1;

/** A version of the clip in which every frame carries its index as a bar code, same size, rate and key frames. Answers with its path. */
export async function barcodeClip({ source, folder, ffmpeg }: BarcodeOptions): Promise<string> {
  const hash = createHash('sha256')
    .update(await readFile(source))
    .digest('hex')
    .slice(0, 12);
  const target = join(folder, `${basename(source, '.mp4')}-barcode${VERSION}-${hash}.mp4`);
  if (existsSync(target)) return target;
  await mkdir(folder, { recursive: true });
  const clip = await readClip(source);
  const unfinished = `${target}.${process.pid}.tmp`;
  try {
    await render(ffmpeg, clip, unfinished);
    await refuseOtherLength(clip, unfinished);
    await rename(unfinished, target);
  } finally {
    await rm(unfinished, { force: true });
  }
  return target;
}

/** decode ─raw pictures─▶ draw ─raw pictures─▶ encode */
async function render(ffmpeg: string, clip: Clip, target: string): Promise<void> {
  const decoder = start(ffmpeg, ['-i', clip.file, '-an', '-f', 'rawvideo', '-pix_fmt', 'yuv420p', 'pipe:1']);
  const encoder = start(ffmpeg, [...rawInput(clip), ...encoding(clip), target]);
  const flow = pipeline(decoder.output, (bytes) => numbered(bytes, clip), encoder.input);
  const results = await Promise.allSettled([decoder.ended, encoder.ended, flow]);
  const failed = results.filter((result) => result.status === 'rejected').map(({ reason }) => sentenceOf(reason));
  if (failed.length > 0) throw new OcelliError('INPUT_INVALID', `no bar codes into ${clip.file}: ${failed.join('; ')}`);
}

function rawInput({ width, height, fps }: Clip): string[] {
  return ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-video_size', `${width}x${height}`, '-framerate', `${fps}`, '-i', 'pipe:0'];
}

/** As a camera would: no B-frames, closed groups of pictures, key frames where the clip has them. */
function encoding({ frames }: Clip): string[] {
  const group = frames.findIndex(({ key }, i) => i > 0 && key);
  const length = `${group > 0 ? group : frames.length}`;
  const groups = ['-g', length, '-keyint_min', length, '-sc_threshold', '0', '-bf', '0', '-flags', '+cgop'];
  return [
    '-c:v',
    'libx264',
    '-preset',
    'medium',
    '-crf',
    '23',
    ...groups,
    '-pix_fmt',
    'yuv420p',
    '-movflags',
    '+faststart',
    '-f',
    'mp4',
    '-y',
  ];
}

/** The same pictures with their numbers in the corner. */
async function* numbered(bytes: AsyncIterable<Buffer>, { width, height }: Clip): AsyncGenerator<Buffer> {
  let number = 0;
  for await (const pixels of inPieces(bytes, width * height + 2 * Math.ceil(width / 2) * Math.ceil(height / 2))) {
    drawBarcode({ pixels, width, height, format: 'yuv420p' }, number++);
    yield pixels;
  }
}

async function* inPieces(chunks: AsyncIterable<Buffer>, sizeBytes: number): AsyncGenerator<Buffer> {
  let piece = Buffer.allocUnsafe(sizeBytes);
  let filled = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      const copied = chunk.copy(piece, filled, at);
      filled += copied;
      at += copied;
      if (filled < sizeBytes) continue;
      yield piece;
      piece = Buffer.allocUnsafe(sizeBytes);
      filled = 0;
    }
  }
}

async function refuseOtherLength(clip: Clip, target: string): Promise<void> {
  const { frames } = await readClip(target);
  if (frames.length === clip.frames.length) return;
  throw new OcelliError(
    'INPUT_INVALID',
    `${clip.file} has ${clip.frames.length} frames, but ffmpeg made ${frames.length} of them: is the clip whole?`,
  );
}

function start(ffmpeg: string, args: readonly string[]): { input: Writable; output: Readable; ended: Promise<void> } {
  const child = spawn(ffmpeg, ['-hide_banner', '-loglevel', 'error', ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (text) => (complaint += text));
  const ended = new Promise<void>((resolve, reject) => {
    child.on('error', (cause) =>
      reject(new OcelliError('DECODER_MISSING', `cannot start "${ffmpeg}": name an ffmpeg with libx264 in FFMPEG_PATH`, { cause })),
    );
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new OcelliError('INPUT_INVALID', `ffmpeg failed with code ${code}: ${complaint.trim()}`)),
    );
  });
  return { input: child.stdin, output: child.stdout, ended };
}
