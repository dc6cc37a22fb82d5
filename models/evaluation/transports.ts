import { join } from 'node:path';
import { decodePlanarJpeg, encodePlanarJpeg } from '../../engine/pictures/planar-jpeg.ts';
import type { ImageSize } from '../../engine/records/record.ts';
import { loadModel } from '../../operators/detect/index.ts';
import { evaluate, type Precision } from './evaluate.ts';
import { table } from './table.ts';

const QUALITIES = [95, 90, 80, 70];

/** What the model finds when its frames travel like this. */
export interface Transport {
  /** `raw`, or `jpeg` and its quality. */
  readonly frames: string;
  /** Of a frame, on average. */
  readonly bytes: number;
  readonly all: Precision;
}

/** Measures a model on the holdout of a data set, its frames carried raw and as JPEGs of several qualities. */
export async function evaluateTransports(model: string, dataset: string): Promise<Transport[]> {
  const { input } = await loadModel(model);
  const holdout = join(dataset, 'holdout');
  const rawBytes = 3 * input.width * input.height;
  const raw = { frames: 'raw', bytes: rawBytes, all: (await evaluate(model, holdout)).all };
  const transports: Transport[] = [raw];
  for (const quality of QUALITIES) transports.push(await evaluateJpeg(model, holdout, input, quality));
  return transports;
}

export function transportsText(transports: readonly Transport[]): string {
  const rows = transports.map(({ frames, bytes, all: { ap, ap50, ap75 } }) => [
    frames,
    bytes.toFixed(0),
    ...[ap, ap50, ap75].map((value) => value.toFixed(4)),
  ]);
  return table([['frames travel', 'bytes a frame', 'AP', 'AP50', 'AP75'], ...rows]);
}

async function evaluateJpeg(model: string, holdout: string, size: ImageSize, quality: number): Promise<Transport> {
  let [bytes, frames] = [0, 0];
  const { all } = await evaluate(model, holdout, async (pixels) => {
    const jpeg = await encodePlanarJpeg({ ...size, pixels }, quality, new Uint8Array(pixels.length));
    const arrived = new Uint8Array(pixels.length);
    await decodePlanarJpeg(jpeg, size, arrived);
    bytes += jpeg.length;
    frames += 1;
    return arrived;
  });
  return { frames: `jpeg ${quality}`, bytes: bytes / frames, all };
}
