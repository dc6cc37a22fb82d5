import { OcelliError } from '../../engine/errors.ts';
import type { Ffmpeg } from './find-ffmpeg.ts';
import { describeMedia, type MediaDescription } from './media-lines.ts';
import { startKept } from './process.ts';

/** ffmpeg reads only the beginning of a file for this. */
const LIMIT_MS = 10_000;

/**
 * What lies in a video file: codec, size, rate, duration, time of creation. Asks ffmpeg itself, since the bundled one has no ffprobe.
 *
 * @throws CAMERA_CODEC when there is no video in it, or it cannot be read.
 */
export async function probe({ path: ffmpeg }: Ffmpeg, path: string): Promise<MediaDescription> {
  const said = await wordsOf(ffmpeg, ['-nostdin', '-hide_banner', '-protocol_whitelist', 'file', '-i', `file:${path}`]);
  const media = said.reduce(describeMedia, {});
  if (media.codec !== undefined) return media;
  const reason = said.at(-1)?.replace(`file:${path}: `, '') ?? 'ffmpeg says nothing';
  throw new OcelliError('CAMERA_CODEC', `"${path}": expected a video, but ffmpeg finds none: ${reason}`);
}

function wordsOf(ffmpeg: string, argv: readonly string[]): Promise<string[]> {
  return new Promise((resolve) => {
    let text = '';
    const child = startKept(ffmpeg, argv, [], () => {
      clearTimeout(limit);
      resolve(text.split(/[\r\n]+/).filter((line) => line.trim() !== ''));
    });
    const limit = setTimeout(() => child.signal('KILL'), LIMIT_MS);
    child.stdout.resume();
    child.stderr.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
    });
  });
}
