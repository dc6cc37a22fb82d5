import { OcelliError } from '../../errors.ts';
import { MAX_BATCH_BYTES } from '../../log/kafka/kafka-settings.ts';
import type { ImageSize } from '../../records/record.ts';
import type { FrameEncoding } from '../frame-encoding.ts';
import { MOST_HEADER_BYTES } from './frame-record.ts';

/** Header of a batch, and of a record with its key, at most. */
const ENVELOPE_BYTES = 61 + 36 + 64;

/** @throws OcelliError CONFIG_INVALID when a frame of the model's size is more than a record may have */
export function refuseTooLarge({ width, height }: ImageSize, { encoding }: FrameEncoding): void {
  const bytes = 3 * width * height + MOST_HEADER_BYTES + ENVELOPE_BYTES;
  if (encoding !== 'raw' || bytes <= MAX_BATCH_BYTES) return;
  const what = `frames are raw, and one of this model's input, ${width}x${height}, has ${bytes} bytes; a record of Kafka has at most ${MAX_BATCH_BYTES}.`;
  throw new OcelliError('CONFIG_INVALID', `${what} Set frames: { encoding: jpeg }.`, { bytes, limit: MAX_BATCH_BYTES });
}
