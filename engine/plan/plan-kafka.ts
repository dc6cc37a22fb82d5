import { TOPICS } from '../records/topic.ts';
import { MEASURED } from './measured-costs.ts';
import type { Workload } from './workload.ts';

/** How long Kafka keeps frames for a process that looks at them late. */
export const FRAMES_KEPT_MS = 30 * 60_000;
/** Header of a frame in the bus, and what Kafka adds to each record. */
const ENVELOPE_BYTES = 300;

/** What Kafka has to carry and to keep. Bytes a second are those of all cameras. */
export interface KafkaPlan {
  readonly frameBytes: number;
  readonly framesBytesPerSecond: number;
  readonly recordsBytesPerSecond: number;
  /** What all brokers write together, replicas included. */
  readonly writtenBytesPerSecond: number;
  readonly framesDiskBytes: number;
  readonly recordsDiskBytes: number;
}

export function planKafka({ framesPerSecond, encoding, model, replicas }: Workload): KafkaPlan {
  const pixels = model.width * model.height;
  const frameBytes = Math.round(ENVELOPE_BYTES + pixels * (encoding === 'jpeg' ? MEASURED.jpegPixel.value : 3));
  const framesBytesPerSecond = framesPerSecond * frameBytes;
  const detections = framesPerSecond * MEASURED.detectionsRecord.value;
  const tracks = framesPerSecond * MEASURED.tracksRecord.value;
  return {
    frameBytes,
    framesBytesPerSecond,
    recordsBytesPerSecond: detections + tracks,
    writtenBytesPerSecond: replicas * (framesBytesPerSecond + detections + tracks),
    framesDiskBytes: (replicas * framesBytesPerSecond * FRAMES_KEPT_MS) / 1000,
    recordsDiskBytes: (replicas * (detections * TOPICS.detections.keptMs + tracks * TOPICS.tracks.keptMs)) / 1000,
  };
}
