import type { Clock } from '../../clock.ts';
import type { Detected } from '../../contract/detection.ts';
import type { Model } from '../../contract/model.ts';
import type { BatchItem, BatchOperator, OpenBatchOperator } from '../../contract/operator.ts';
import { fateOf, type OcelliError } from '../../errors.ts';
import type { BusItem, Frame } from '../../frames/frame.ts';
import type { FrameSource } from '../../frames/frame-bus.ts';
import { gapOf } from '../../frames/gap-run.ts';
import type { Log } from '../../log/log.ts';
import { CameraOrder, type DetectionsTopicRecord } from './camera-order.ts';
import { detectionsRecordOf } from './detections-record.ts';
import { DetectionsWriter, type WriterObserver } from './detections-writer.ts';

/** One for all: an error of its own for each frame, with its stack, would cost more than the rest of the stage. */
const NO_ANSWER = new Error('The detector gave no answer to this frame.');

/** Told of what the stage does; for metrics and the live view. Called on the hot path: be quick, never throw. */
export interface DetectObserver {
  /** A frame was looked at; its record is on its way to the log. */
  detected?(frame: Frame, record: DetectionsTopicRecord): void;
  /** A frame could not be looked at, also after a second try. */
  failed?(frame: Frame, error: unknown): void;
  /** The record of the item is committed and can be read. */
  committed?(item: BusItem, record: DetectionsTopicRecord): void;
  /** The pixels are no longer needed. */
  released?(pixels: ArrayBuffer): void;
  /** The log does not answer; until it does, frames of live cameras in this partition become gaps. */
  logAway?(partition: number, error: OcelliError): void;
  /** What was held while the log was away is written. */
  logBack?(partition: number): void;
}

export interface DetectStageOptions {
  readonly source: FrameSource;
  readonly operator: BatchOperator<Frame, Detected>;
  readonly model: Model;
  readonly log: Log;
  readonly clock: Clock;
  readonly observers: readonly DetectObserver[];
}

/**
 * The detect stage: takes items from the frame bus in fair turn, has frames looked at in batches across cameras, and writes one record
 * for each item to `detections`, in the order of each camera.
 *
 *   take ─▶ enter the camera's order ─▶ frames: batch ─▶ answer ─┐
 *                    └─ gaps and marks: as they are ─────────────┴─▶ answered prefix ─▶ log ─▶ done
 *
 * While the log is away (LOG_UNAVAILABLE) what was answered is held, frames of live cameras are not looked at but become gaps `broker`,
 * and recordings wait; all of it is written when the log is back, before anything newer. Any other lost append stops the stage: `run`
 * rejects, nothing is written past the hole.
 */
export class DetectStage {
  private readonly options: DetectStageOptions;
  private readonly orders = new Map<string, CameraOrder>();
  private readonly abandoned = new AbortController();
  private readonly batches = new Set<Promise<void>>();
  private readonly writers = new Map<number, DetectionsWriter>();
  private broken: { readonly error: unknown } | undefined;

  constructor(options: DetectStageOptions) {
    this.options = options;
  }

  /** Runs until the frame bus is closed and empty, and what was taken is committed. Rejects when a record could not be written. */
  async run(): Promise<void> {
    const operator = await this.options.operator.open();
    try {
      while (await this.step(operator));
      await Promise.all(this.batches);
      await Promise.all([...this.writers.values()].map((writer) => writer.idle()));
    } finally {
      await Promise.allSettled(this.batches);
      await operator.close();
    }
    if (this.broken !== undefined) throw this.broken.error;
  }

  /** False when nothing more will come. */
  private async step(operator: OpenBatchOperator<Frame, Detected>): Promise<boolean> {
    const { size, waitMs, parallel } = operator.batch;
    while (this.batches.size >= parallel) await Promise.race(this.batches);
    const items = await this.options.source.take(size, waitMs, this.abandoned.signal);
    for (const item of items) this.orderOf(item).enter(item);
    const frames = items.filter((item) => item.type === 'frame').filter((frame) => !this.skipWhileAway(frame));
    for (const camera of new Set(items.map(({ camera }) => camera))) this.flush(camera);
    if (frames.length > 0) this.track(this.batches, this.process(operator, frames));
    return items.length > 0;
  }

  private async process(operator: OpenBatchOperator<Frame, Detected>, frames: readonly Frame[]): Promise<void> {
    const failed = await this.attempt(operator, frames);
    const failedAgain = failed.size > 0 ? await this.attempt(operator, [...failed.keys()]) : failed;
    for (const [frame, error] of failedAgain) this.giveUp(frame, error);
  }

  /** Looks at frames once; returns those that were rejected, with the errors. */
  private async attempt(operator: OpenBatchOperator<Frame, Detected>, frames: readonly Frame[]): Promise<Map<Frame, unknown>> {
    const failed = new Map<Frame, unknown>(frames.map((frame) => [frame, NO_ANSWER]));
    const items = frames.map(
      (input): BatchItem<Frame, Detected> => ({
        input,
        answer: (detected) => {
          failed.delete(input);
          this.answer(input, detected);
        },
        reject: (error) => {
          failed.set(input, error);
        },
      }),
    );
    await operator.process(items, this.abandoned.signal).catch((error: unknown) => {
      for (const frame of failed.keys()) failed.set(frame, error);
    });
    return failed;
  }

  private answer(frame: Frame, detected: Detected): void {
    const ageMs = this.options.clock.monotonic() - frame.arrivedMs;
    const waitedMs = Math.max(0, ageMs - frame.decodedMs - detected.inferredMs);
    const record = detectionsRecordOf(frame, detected, this.options.model, waitedMs);
    this.tell((observer) => observer.detected?.(frame, record));
    this.tell((observer) => observer.released?.(detected.pixels));
    this.orderOf(frame).answer(frame, record);
    this.flush(frame.camera);
  }

  private giveUp(frame: Frame, error: unknown): void {
    this.tell((observer) => observer.failed?.(frame, error));
    this.tell((observer) => observer.released?.(frame.pixels));
    this.orderOf(frame).answer(frame, gapOf(frame, 'failed'));
    this.flush(frame.camera);
    if (fateOf(error) === 'stop') this.breakDown(error);
  }

  /** A live frame whose record could not be written now makes room for those that come when the log is back. */
  private skipWhileAway(frame: Frame): boolean {
    if (frame.clock === 'recording' || !this.writerOf(frame.camera).isAway) return false;
    this.tell((observer) => observer.released?.(frame.pixels));
    this.orderOf(frame).answer(frame, gapOf(frame, 'broker'));
    return true;
  }

  private flush(camera: string): void {
    const order = this.orders.get(camera);
    const answered = order?.takeAnswered() ?? [];
    if (order?.empty) this.orders.delete(camera);
    if (answered.length > 0 && this.broken === undefined) this.writerOf(camera).write(answered);
  }

  private writerOf(camera: string): DetectionsWriter {
    const { log, clock } = this.options;
    const partition = log.partitionOf(camera);
    const writer = this.writers.get(partition) ?? new DetectionsWriter(log, partition, clock, this.asWriterObserver());
    this.writers.set(partition, writer);
    return writer;
  }

  private asWriterObserver(): WriterObserver {
    return {
      committed: (item, record) => {
        this.options.source.done(item);
        this.tell((observer) => observer.committed?.(item, record));
      },
      broken: (error) => this.breakDown(error),
      away: (partition, error) => this.tell((observer) => observer.logAway?.(partition, error)),
      back: (partition) => this.tell((observer) => observer.logBack?.(partition)),
    };
  }

  private tell(what: (observer: DetectObserver) => void): void {
    for (const observer of this.options.observers) what(observer);
  }

  private breakDown(error: unknown): void {
    this.broken ??= { error };
    this.abandoned.abort();
    for (const writer of this.writers.values()) writer.stop();
  }

  private orderOf({ camera }: BusItem): CameraOrder {
    const order = this.orders.get(camera) ?? new CameraOrder();
    this.orders.set(camera, order);
    return order;
  }

  private track(set: Set<Promise<void>>, work: Promise<void>): void {
    const tracked = work.finally(() => set.delete(tracked));
    set.add(tracked);
  }
}
