import type { Clock } from '../../clock.ts';
import { OcelliError } from '../../errors.ts';
import type { Position } from '../../log/log.ts';
import { comparePlaces, lastPlace, type Place } from '../../records/place.ts';
import { lostGap, PlaceRule, type Progress } from '../../records/place-rule.ts';
import type { GapRecord, MarkRecord } from '../../records/record.ts';
import type { BusItem } from '../frame.ts';
import { gapOf } from '../gap-run.ts';
import type { FrameSourceObserver } from '../kafka-frames.ts';
import type { PixelPool } from '../pixel-pool.ts';
import { AnsweredPositions } from './answered-positions.ts';
import { ClockSkew } from './clock-skew.ts';
import type { FrameInbox } from './frame-inbox.ts';
import { type EncodedFrame, type FrameHeader, readItem } from './frame-record.ts';
import type { FrameIntake, FrameMessage } from './partition-fetcher.ts';
import { WaitingFrame } from './waiting-frame.ts';

/** Encoded frames of recordings that wait in memory; beyond it nothing more is read. Live cameras have one frame each. */
const MOST_WAITING_BYTES = 64 * 2 ** 20;

export interface PartitionIntakeOptions {
  readonly inbox: FrameInbox;
  readonly clock: Clock;
  readonly pool: PixelPool;
  readonly observer: FrameSourceObserver;
  /** The first position that is read. */
  readonly from: Position;
  /** How far `detections` reaches: what stands there already is not looked at again. */
  readonly reach: ReadonlyMap<string, Progress>;
}

/**
 * What is taken in of one partition, in order, and up to where it is answered.
 *
 *   record ─▶ known already: dropped by place
 *        ├──▶ a live frame that is too old: a gap, its pixels untouched
 *        └──▶ inbox ──given──▶ in hand ──answered──▶ the position moves
 */
export class PartitionIntake implements FrameIntake {
  private readonly options: PartitionIntakeOptions;
  private readonly rule: PlaceRule;
  private readonly positions: AnsweredPositions;
  private readonly cameras = new Set<string>();
  private readonly inHand = new Map<string, Place>();
  private readonly skews = new Map<number, ClockSkew>();
  private waitingBytes = 0;
  private changed = () => {};

  constructor(options: PartitionIntakeOptions) {
    this.options = options;
    this.rule = new PlaceRule(options.reach);
    this.positions = new AnsweredPositions(options.from, options.reach);
  }

  /** The first record that is not answered. */
  get position(): Position {
    return this.positions.position;
  }

  take({ position, camera, value, isLast }: FrameMessage): void {
    const item = this.read(camera, value);
    const record = item?.type === 'frame' ? gapOf({ camera, ...item.header }, 'stale') : item;
    this.positions.read(position, camera, record && lastPlace(record));
    if (item === undefined || record === undefined) return;
    this.cameras.add(camera);
    if (item.type === 'frame') this.compareClocks(item.header, isLast);
    const admitted = this.admit(record);
    if (admitted === undefined) return;
    if (item.type === 'frame') this.putFrame(camera, item);
    else this.options.inbox.put(admitted);
  }

  /** Resolves when more may be read. */
  async room(signal: AbortSignal): Promise<void> {
    while (this.waitingBytes > MOST_WAITING_BYTES && !signal.aborted) await this.change(signal);
  }

  /** An item is in the hands of the detect stage. */
  given(item: BusItem): void {
    this.inHand.set(item.camera, lastPlace(item));
  }

  /** Everything of the camera up to this item is recorded. */
  answered(item: BusItem): void {
    const place = lastPlace(item);
    this.positions.answered(item.camera, place);
    const last = this.inHand.get(item.camera);
    if (last !== undefined && comparePlaces(last, place) <= 0) this.inHand.delete(item.camera);
    this.changed();
  }

  /** Gives up what waits. */
  drop(): void {
    this.options.inbox.forget(this.cameras);
  }

  /** Resolves when nothing is in the hands of the detect stage. */
  async handedBack(signal: AbortSignal): Promise<void> {
    while (this.inHand.size > 0 && !signal.aborted) await this.change(signal);
  }

  private read(camera: string, value: Buffer): EncodedFrame | GapRecord | MarkRecord | undefined {
    try {
      return readItem(value);
    } catch (error) {
      if (!(error instanceof OcelliError && error.code === 'RECORD_INVALID')) throw error;
      // Its place shows as a hole when the next record comes.
      this.options.observer.unreadable?.(camera, error);
      return undefined;
    }
  }

  /** What is new of a record; places before it that nobody ever told of are told as `lost`. */
  private admit(record: GapRecord | MarkRecord): GapRecord | MarkRecord | undefined {
    const before = this.rule.last(record.camera);
    const { record: admitted, hole } = this.rule.admit(record);
    if (admitted !== undefined && hole !== undefined) this.options.inbox.put(lostGap(hole, record, before));
    return admitted;
  }

  private putFrame(camera: string, frame: EncodedFrame): void {
    const { inbox, clock, pool } = this.options;
    const { arrivedAt, freshnessMs, sender } = frame.header;
    const ageMs = this.skewOf(sender).ageMs(arrivedAt);
    if (freshnessMs > 0 && ageMs > freshnessMs) {
      inbox.put(gapOf({ camera, ...frame.header }, 'stale'), freshnessMs);
      return;
    }
    const bytes = freshnessMs > 0 ? 0 : frame.pixels.length;
    const left = () => this.makeRoom(bytes);
    this.waitingBytes += bytes;
    inbox.put(new WaitingFrame(frame, { camera, pool, arrivedMs: clock.monotonic() - ageMs, left }), freshnessMs);
  }

  private makeRoom(bytes: number): void {
    this.waitingBytes -= bytes;
    this.changed();
  }

  private compareClocks({ sender, arrivedAt, decodedMs }: FrameHeader, isLast: boolean): void {
    if (isLast) this.skewOf(sender).sample(arrivedAt + decodedMs);
  }

  private skewOf(sender: number): ClockSkew {
    const known = this.skews.get(sender);
    if (known !== undefined) return known;
    for (const [other, skew] of this.skews) if (skew.isSilent) this.skews.delete(other);
    const skew = new ClockSkew(this.options.clock);
    this.skews.set(sender, skew);
    return skew;
  }

  private change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.changed = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}
