import type { CameraStatus } from '../connectors/index.ts';
import type { Configuration } from '../engine/config/configuration.ts';
import { fateOf, sentenceOf } from '../engine/errors.ts';
import type { CameraChanges } from './camera-set.ts';
import { Ingestion } from './ingestion.ts';
import type { SiteParts } from './site-parts.ts';

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
/** Whoever ran so long without a failure begins with the shortest wait again. */
const HEALTHY_MS = 60_000;

/**
 * Keeps ingestion alive: when a record could not be written (the disk is full, say), everything is stopped, and begun anew from what is
 * committed, after a wait that grows. An error that trying again does not heal brings the site down.
 *
 *   opening ─▶ running ──a record could not be written──▶ waiting ─▶ opening
 *      │ └──────────────── an error of fate `retry` ────────▲
 *      └────────── an error of fate `stop` ──▶ failed
 */
export class SupervisedIngestion {
  /** Resolves when every recording was read to its end, with those that could not be opened. */
  readonly recordingsEnded: Promise<readonly CameraStatus[]>;
  /** Rejects when ingestion cannot go on. */
  readonly failed: Promise<never>;
  private readonly parts: SiteParts;
  private configuration: Configuration;
  private readonly ended = Promise.withResolvers<readonly CameraStatus[]>();
  private readonly failure = Promise.withResolvers<never>();
  private current: Promise<Ingestion> = Promise.reject(new Error('Ingestion was not started.'));
  private running: Ingestion | undefined;
  private failures = 0;
  private runningSinceMs = 0;
  private draining = false;
  private cancelDelay: () => void = () => {};

  constructor(parts: SiteParts) {
    this.parts = parts;
    this.configuration = parts.configuration;
    this.recordingsEnded = this.ended.promise;
    this.failed = this.failure.promise;
    this.failed.catch(() => {});
    this.current.catch(() => {});
  }

  start(): void {
    this.current = Ingestion.open(this.parts, this.configuration);
    this.current.then(
      (ingestion) => this.watch(ingestion),
      (error: unknown) => this.onOpeningFailed(error),
    );
  }

  /** The newest configuration: what is watched, or will be. */
  get asked(): Configuration {
    return this.configuration;
  }

  statuses(): CameraStatus[] {
    return this.running?.statuses() ?? [];
  }

  /** Brings the cameras to a new configuration; one that comes while ingestion waits is taken at the next opening. */
  async apply(configuration: Configuration): Promise<CameraChanges | undefined> {
    this.configuration = configuration;
    const ingestion = await this.current;
    return this.draining || ingestion !== this.running ? undefined : ingestion.apply(configuration);
  }

  async drain(): Promise<void> {
    this.draining = true;
    this.cancelDelay();
    const ingestion = await this.current.catch(() => undefined);
    await ingestion?.drain();
  }

  private watch(ingestion: Ingestion): void {
    this.running = ingestion;
    this.runningSinceMs = this.parts.clock.monotonic();
    ingestion.recordingsEnded.then(this.ended.resolve, this.ended.reject);
    ingestion.done.catch((error: unknown) => this.onFailure(ingestion, error));
  }

  private onOpeningFailed(error: unknown): void {
    if (fateOf(error) !== 'retry') this.failure.reject(error);
    else if (!this.draining) this.beginAnewLater(error, Promise.resolve());
  }

  private onFailure(ingestion: Ingestion, error: unknown): void {
    if (this.draining) return;
    if (fateOf(error) === 'stop') {
      this.failure.reject(error);
      return;
    }
    this.running = undefined;
    this.beginAnewLater(
      error,
      ingestion.drain().catch(() => {}),
    );
  }

  private beginAnewLater(error: unknown, closed: Promise<void>): void {
    if (this.parts.clock.monotonic() - this.runningSinceMs > HEALTHY_MS) this.failures = 0;
    const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.failures);
    this.failures += 1;
    this.parts.logger.error(
      { error: sentenceOf(error), delayMs },
      'Records could not be written; cameras are opened anew from what is committed',
    );
    this.cancelDelay = this.parts.clock.after(delayMs, () => void closed.then(() => this.startAgain()));
  }

  private startAgain(): void {
    if (this.draining) return;
    const { log } = this.parts;
    for (let partition = 0; partition < log.partitions; partition += 1) log.resume('detections', partition);
    this.start();
  }
}
