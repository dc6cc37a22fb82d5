import { Decoder } from '../../connectors/ffmpeg/decoder.ts';
import type { Ffmpeg } from '../../connectors/index.ts';
import { SystemClock } from '../../engine/clock.ts';
import { PixelPool } from '../../engine/frames/pixel-pool.ts';

const MODEL = { width: 320, height: 192, pad: 114 };
const POOL_BYTES = 32 * 2 ** 20;

/** Reads a file with several decoders side by side and drops every frame. @returns how many there were. */
export async function decodeAll(ffmpeg: Ffmpeg, path: string, decoders: number): Promise<number> {
  const pool = new PixelPool(POOL_BYTES);
  const counts = await Promise.all(Array.from({ length: decoders }, () => decode(ffmpeg, path, pool)));
  return counts.reduce((sum, count) => sum + count, 0);
}

function decode(ffmpeg: Ffmpeg, path: string, pool: PixelPool): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  let frames = 0;
  new Decoder(
    ffmpeg,
    { input: { kind: 'file', path }, fps: 15, model: MODEL },
    {
      frame: ({ pixels }) => {
        frames += 1;
        pool.giveBack(pixels);
        return undefined;
      },
      exit: () => resolve(frames),
    },
    { pool, clock: new SystemClock() },
  );
  return promise;
}
