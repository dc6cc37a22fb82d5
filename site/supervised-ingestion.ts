import type { CameraStatus } from '../connectors/index.ts';
import type { CameraSettings } from '../engine/config/camera-settings.ts';
import { fateOf, sentenceOf } from '../engine/errors.ts';
import { Ingestion } from './ingestion.ts';
import type { SiteParts } from './site-parts.ts';

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;

/**
 * Keeps ingestion alive: when a record could not be written (the disk is full, say), everything is stopped, and begun anew from what is
 * committed, after a wait that grows. An error that trying again does not heal brings the site down.
 */
export class SupervisedIngestion {
  /** Resolves when every recording was read to its end. */
  readonly recordingsEnded: Promise<void>;
  /** Rejects when ingestion cannot go on. */
  readonly failed: Promise<never>;
  private readonly parts: SiteParts;
  private readonly cameras: readonly CameraSettings[];
  private readonly ended = Promise.withResolvers<void>();
  private readonly failure = Promise.withResolvers<never>();
  private current: Promise<Ingestion> | undefined;
  private running: Ingestion | undefined;
  private failures = 0;
  private draining = false;
  private cancelDelay: () => void = () => {};

  constructor(parts: SiteParts, cameras: readonly CameraSettings[]) {
    this.parts = parts;
    this.cameras = cameras;
    this.recordingsEnded = this.ended.promise;
    this.failed = this.failure.promise;
    this.failed.catch(() => {});
  }

  start(): void {
    this.current = Ingestion.open(this.parts, this.cameras);
    this.current.then(
      (ingestion) => this.watch(ingestion),
      (error: unknown) => this.failure.reject(error),
    );
  }

  statuses(): CameraStatus[] {
    return this.running?.statuses() ?? [];
  }

  async drain(): Promise<void> {
    this.draining = true;
    this.cancelDelay();
    const ingestion = await this.current?.catch(() => undefined);
    await ingestion?.drain();
  }

  private watch(ingestion: Ingestion): void {
    this.running = ingestion;
    ingestion.recordingsEnded.then(
      () => this.ended.resolve(),
      () => {},
    );
    ingestion.done.catch((error: unknown) => this.onFailure(ingestion, error));
  }

  private onFailure(ingestion: Ingestion, error: unknown): void {
    if (this.draining) return;
    const { logger, clock, log } = this.parts;
    if (fateOf(error) === 'stop') {
      this.failure.reject(error);
      return;
    }
    const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.failures);
    this.failures += 1;
    logger.error({ error: sentenceOf(error), delayMs }, 'Records could not be written; cameras are opened anew from what is committed');
    this.current = ingestion.drain().then(
      () => ingestion,
      () => ingestion,
    );
    this.cancelDelay = clock.after(delayMs, () => {
      void this.current?.then(() => {
        for (let partition = 0; partition < log.partitions; partition += 1) log.resume('detections', partition);
        if (!this.draining) this.start();
      });
    });
  }
}
