import type { DecodeRequest } from '../../../connectors/ffmpeg/arguments.ts';
import { type DecodedFrame, Decoder, type DecoderExit } from '../../../connectors/ffmpeg/decoder.ts';
import type { Ffmpeg } from '../../../connectors/ffmpeg/find-ffmpeg.ts';
import type { MediaDescription } from '../../../connectors/ffmpeg/media-lines.ts';
import type { StderrLine } from '../../../connectors/ffmpeg/stderr-reader.ts';
import { SystemClock } from '../../../engine/clock.ts';
import { PixelPool } from '../../../engine/frames/pixel-pool.ts';

export interface Decoded {
  readonly frames: readonly DecodedFrame[];
  readonly lines: readonly StderrLine[];
  readonly exit: DecoderExit;
  readonly media: MediaDescription;
  readonly skippedBytes: number;
}

export const MODEL = { width: 320, height: 192, pad: 114 };

/** A decoder under way, and what it gave once it has ended. */
export type Decoding = Promise<Decoded> & { readonly decoder: Decoder };

/** Runs a decoder to its end. `each` may make it wait; `said` hears every line of standard error. */
export function decodeAll(
  ffmpeg: Ffmpeg,
  request: Partial<DecodeRequest> & Pick<DecodeRequest, 'input'>,
  each: (frame: DecodedFrame) => Promise<void> | undefined = () => undefined,
  said: (line: StderrLine) => void = () => undefined,
): Decoding {
  const { promise, resolve } = Promise.withResolvers<Decoded>();
  const frames: DecodedFrame[] = [];
  const lines: StderrLine[] = [];
  const decoder: Decoder = new Decoder(
    ffmpeg,
    { fps: 10, model: MODEL, ...request },
    {
      frame: (frame) => {
        frames.push(frame);
        return each(frame);
      },
      line: (line) => {
        lines.push(line);
        said(line);
      },
      exit: (exit) => resolve({ frames, lines, exit, media: decoder.media, skippedBytes: decoder.skippedBytes }),
    },
    { pool: new PixelPool(0), clock: new SystemClock() },
  );
  return Object.assign(promise, { decoder });
}
