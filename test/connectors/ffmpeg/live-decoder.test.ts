import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codecOf } from '../../../connectors/rtsp/codecs.ts';
import { PictureTimes } from '../../../connectors/rtsp/picture-times.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { BUILDS, FFMPEG } from '../builds.ts';
import { collect } from '../rtsp/collected.ts';
import { packetsOfFfmpeg } from '../rtsp/rtp-senders.ts';
import { decodeAll } from './decode-all.ts';

const CODECS = [
  ['H264', 'libx264 -preset ultrafast -bf 0', 'h264'],
  ['H265', 'libx265 -preset ultrafast -x265-params log-level=error:bframes=0', 'hevc'],
  ['JPEG', 'mjpeg -pix_fmt yuvj420p -huffman default -force_duplicated_matrix 1', 'mjpeg'],
  ['MP4V-ES', 'mpeg4 -bf 0', 'mpeg4'],
] as const;

/** Microseconds of a machine that has been up for a month. */
const START_US = 2_600_000_000_000;

/** A second of pictures, as they come out of the packets of a camera. */
async function pictures(codec: string, encoder: string, fps = 10) {
  const path = join(temporaryFolder(), 'clip.mkv');
  const source = ['-f', 'lavfi', '-i', `testsrc2=size=160x96:rate=${fps}:duration=1`, '-pix_fmt', 'yuv420p'];
  execFileSync(FFMPEG.path, ['-loglevel', 'error', ...source, '-c:v', ...encoder.split(' '), path]);
  const { parameters, packets } = await packetsOfFfmpeg(path);
  const { fourcc, depacketizer } = codecOf({ codec, payloadType: 96, clockRate: 90_000, parameters, setupUrl: '', playUrl: '' });
  return { fourcc, units: collect(depacketizer, packets).units };
}

describe('a live picture', () => {
  it.each(CODECS)('of %s comes out of the decoder before the next one goes in, with its time', async (codec, encoder, decoder) => {
    const { fourcc, units } = await pictures(codec, encoder);
    for (const [, build] of BUILDS) {
      const given = units.map(({ bytes, key }, i) => ({ bytes, key, timeUs: START_US + 100_000 * i }));
      const next = () => {
        const picture = given.shift();
        if (picture === undefined) decoding.decoder.finish();
        else decoding.decoder.feed(picture);
        return undefined;
      };
      const decoding = decodeAll(build, { input: { kind: 'live', fourcc } }, next);
      next();
      const { frames, exit, media } = await decoding;
      expect(frames.map(({ timeUs }) => 2 * Math.floor(timeUs / 2))).toEqual(units.map((_, i) => START_US + 100_000 * i));
      expect(frames[0]?.image).toEqual({ width: 160, height: 96 });
      expect(exit.code).toBe(0);
      expect(media.codec).toBe(decoder);
    }
  });

  it('of a camera that reorders (B-frames) comes out in the order in which it is shown, with even times', async () => {
    const { fourcc, units } = await pictures('H264', 'libx264 -preset veryfast -bf 2 -x264-params b-adapt=0', 30);
    const times = new PictureTimes(90_000);
    const given = units.map((unit, i) => ({ ...unit, timeUs: 1000 * times.next({ ...unit, arrivedMs: 1e6 + (100 * i) / 3 }) }));
    for (const [, build] of BUILDS) {
      const decoding = decodeAll(build, { input: { kind: 'live', fourcc }, fps: 30 });
      for (const picture of given) decoding.decoder.feed(picture);
      decoding.decoder.finish();
      const { frames } = await decoding;
      const steps = frames.slice(1).map(({ timeUs }, i) => timeUs - (frames[i]?.timeUs as number));
      // The first two of them come before it is known: they are squeezed in, and one or both are too close to be looked at.
      expect(frames.length).toBeGreaterThanOrEqual(28);
      for (const step of steps.slice(3)) expect(Math.abs(step - 1e6 / 30)).toBeLessThan(1000); // Matroska keeps milliseconds.
    }
  });
});
