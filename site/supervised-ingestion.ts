import type { CameraStatus } from '../connectors/index.ts';
import type { Configuration } from '../engine/config/configuration.ts';
import type { Log } from '../engine/log/index.ts';
import type { CameraChanges } from './camera-set.ts';
import { Ingestion } from './ingestion.ts';
import type { SiteParts } from './site-parts.ts';
import { Supervised } from './supervised.ts';

/**
 * Keeps ingestion alive: when a record could not be written (the disk is full, say), everything is stopped, and begun anew from what is
 * committed. An error that trying again does not heal brings the site down.
 */
export class SupervisedIngestion {
  /** Resolves when every recording was read to its end, with those that could not be opened. */
  readonly recordingsEnded: Promise<readonly CameraStatus[]>;
  private configuration: Configuration;
  private readonly ended = Promise.withResolvers<readonly CameraStatus[]>();
  private readonly supervised: Supervised<Ingestion>;

  constructor(parts: SiteParts) {
    this.configuration = parts.configuration;
    this.recordingsEnded = this.ended.promise;
    this.supervised = new Supervised({
      open: () => this.open(parts),
      goBack: () => resumeDetections(parts.log),
      clock: parts.clock,
      logger: parts.logger,
      failure: 'Records could not be written; cameras are opened anew from what is committed',
    });
  }

  /** Rejects when ingestion cannot go on. */
  get failed(): Promise<never> {
    return this.supervised.failed;
  }

  start(): void {
    this.supervised.start();
  }

  /** The newest configuration: what is watched, or will be. */
  get asked(): Configuration {
    return this.configuration;
  }

  statuses(): CameraStatus[] {
    return this.supervised.running?.statuses() ?? [];
  }

  /** Brings the cameras to a new configuration; one that comes while ingestion waits is taken at the next opening. */
  async apply(configuration: Configuration): Promise<CameraChanges | undefined> {
    this.configuration = configuration;
    return this.supervised.withRunning((ingestion) => ingestion.apply(configuration));
  }

  drain(): Promise<void> {
    return this.supervised.drain();
  }

  private async open(parts: SiteParts): Promise<Ingestion> {
    const ingestion = await Ingestion.open(parts, this.configuration);
    ingestion.recordingsEnded.then(this.ended.resolve, this.ended.reject);
    return ingestion;
  }
}

/** After a refusal: detection has gone back to what is committed and goes on from there. */
export function resumeDetections(log: Log): void {
  for (let partition = 0; partition < log.partitions; partition += 1) log.resume('detections', partition);
}
