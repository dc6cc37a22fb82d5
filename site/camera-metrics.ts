import { statSync } from 'node:fs';
import type { CameraStatus, Cause } from '../connectors/index.ts';
import type { Metrics } from '../engine/observe/metrics.ts';

interface Counted {
  readonly decodeErrors: number;
  readonly lostPackets: number;
  readonly skippedPictures: number;
  readonly truncatedFrames: number;
  readonly restarts: Readonly<Partial<Record<Cause, number>>>;
}

const NOTHING: Counted = { decodeErrors: 0, lostPackets: 0, skippedPictures: 0, truncatedFrames: 0, restarts: {} };

/** Brings what cameras count themselves into the metrics, and the size of the log, whenever somebody asks for them. */
export class CameraMetrics {
  private readonly metrics: Metrics;
  private readonly database: string | undefined;
  private readonly counted = new Map<string, Counted>();

  /** `database`: the file of the log, if it is in one. */
  constructor(metrics: Metrics, database?: string) {
    this.metrics = metrics;
    this.database = database;
  }

  observe(statuses: readonly CameraStatus[]): void {
    for (const { camera, counters } of statuses) this.count(camera, counters);
    if (this.database !== undefined) this.metrics.logSize(sizeOf(this.database) + sizeOf(`${this.database}-wal`));
  }

  private count(camera: string, now: Counted): void {
    const before = this.counted.get(camera) ?? NOTHING;
    this.counted.set(camera, now);
    this.metrics.cameraDecodeErrors(camera, risen(before.decodeErrors, now.decodeErrors));
    this.metrics.cameraLost(camera, 'packet', risen(before.lostPackets, now.lostPackets));
    this.metrics.cameraLost(camera, 'picture', risen(before.skippedPictures, now.skippedPictures));
    this.metrics.cameraLost(camera, 'frame', risen(before.truncatedFrames, now.truncatedFrames));
    for (const [cause, restarts] of Object.entries(now.restarts)) {
      this.metrics.cameraRestarted(camera, cause, risen(before.restarts[cause as Cause] ?? 0, restarts));
    }
  }
}

/** A camera that was opened anew with other settings counts from 0 again. */
function risen(before: number, now: number): number {
  return now < before ? now : now - before;
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
