import { readFile } from 'node:fs/promises';
import { OcelliError, sentenceOf } from '../../engine/errors.ts';
import { accessUnit, splitSample } from './h264.ts';
import { readVideoTrack, type VideoTrack } from './mp4-track.ts';

/** Ticks a second of RTP video time (RFC 6184, section 8.2.1). */
export const TICKS_PER_SECOND = 90_000;

/** One picture, ready to be sent. */
export interface Frame {
  /** From the start of the clip. */
  readonly ticks: number;
  readonly key: boolean;
  readonly nals: readonly Buffer[];
}

/** A clip in memory, cut into pictures. It begins with a key frame, and after its last frame comes its first. */
export interface Clip {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  /** Frames a second, on average. */
  readonly fps: number;
  /** Length of one loop. */
  readonly ticks: number;
  readonly sps: readonly Buffer[];
  readonly pps: readonly Buffer[];
  readonly frames: readonly Frame[];
}

/** Reads a whole MP4 file (at most 2 GiB). Errors name the file. */
export async function readClip(file: string): Promise<Clip> {
  const bytes = await readFile(file);
  try {
    return clipOf(file, bytes, readVideoTrack(bytes));
  } catch (cause) {
    throw new OcelliError('INPUT_INVALID', `${file} cannot be served as a camera: ${sentenceOf(cause)}`, { cause, file });
  }
}

function clipOf(file: string, bytes: Buffer, track: VideoTrack): Clip {
  const { width, height, timescale, sps, pps, samples } = track;
  if (!samples[0].key) throw new Error('the first frame is no key frame: encode it anew, for example with "-g 30 -bf 0"');
  const toTicks = (time: number) => Math.round((time * TICKS_PER_SECOND) / timescale);
  const frames = samples.map(({ offset, sizeBytes, time, key }): Frame => {
    const nals = splitSample(bytes.subarray(offset, offset + sizeBytes), track.lengthBytes);
    return { ticks: toTicks(time), key, nals: accessUnit(nals, key, sps, pps) };
  });
  const fps = (samples.length * timescale) / track.duration;
  return { file, width, height, fps, ticks: toTicks(track.duration), sps, pps, frames };
}
