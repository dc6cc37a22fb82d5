import type { Frame } from '../engine/frames/frame.ts';
import type { FrameSink } from '../engine/frames/frame-bus.ts';
import { gapOf } from '../engine/frames/gap-run.ts';
import { recordId } from '../engine/records/place.ts';
import type { Progress } from '../engine/records/place-rule.ts';
import type { GapReason, MarkRecord } from '../engine/records/record.ts';
import type { Recorded, SettingsInForce } from './connector.ts';
import type { DecodedFrame } from './ffmpeg/decoder.ts';

type MarkFacts = Pick<MarkRecord, 'cause' | 'detail' | 'since' | 'start' | 'source' | 'hash' | 'settings' | 'correctionMs'>;

/**
 * The one order of a camera: gives every frame, gap and mark the next place of its session and a time that never falls, and puts it on
 * the bus. Knows nothing of why things happen.
 */
export class CameraStream {
  private readonly camera: string;
  private readonly clock: Frame['clock'];
  private readonly sink: FrameSink;
  private session: number | undefined;
  private seq = 0;
  private time: number;
  private frameTime: number | undefined;
  private settings = '';

  /** @param known how far the camera's records reach: times stay above it. */
  constructor(camera: string, clock: Frame['clock'], sink: FrameSink, known: Progress | undefined) {
    this.camera = camera;
    this.clock = clock;
    this.sink = sink;
    this.time = known === undefined ? -1 : known.time;
  }

  /** The time of the last item, −1 before the first. */
  get lastTime(): number {
    return this.time;
  }

  get nextSeq(): number {
    return this.seq;
  }

  /** Begins a session at place 0. */
  begin(session: number): void {
    this.time += 1;
    this.session = session;
    this.seq = 0;
    this.frameTime = undefined;
    this.settings = '';
  }

  /** Goes on with a session behind what is recorded of it; `settings` is the hash in force there. */
  goOn({ session, seq, settings }: Recorded, framesRecorded: boolean): void {
    this.session = session;
    this.seq = seq + 1;
    this.frameTime = framesRecorded ? this.time : undefined;
    this.settings = settings ?? '';
  }

  mark(mark: MarkRecord['mark'], time: number, facts: MarkFacts = {}): void {
    const place = this.next(Math.max(time, this.time));
    this.sink.put({ v: 1, type: 'mark', mark, id: recordId(this.camera, place), camera: this.camera, ...place, ...facts });
  }

  /** Says which settings are in force from here on, unless they are already. */
  settingsMark({ hash, settings }: SettingsInForce, time: number): void {
    if (hash === this.settings) return;
    this.settings = hash;
    this.mark('settings', time, { hash, settings });
  }

  /** @returns the time that the frame was given: at least 1 ms above the frame before it. */
  frame({ image, letterbox, pixels, view, arrivedMs }: DecodedFrame, time: number, decodedMs: number): number {
    const before = this.frameTime;
    const place = this.next(this.risen(time));
    const { camera, clock, settings } = this;
    const what = { image, letterbox, pixels, ...(view === undefined ? {} : { view }) };
    const statistics = before === undefined || secondOf(before) !== secondOf(place.time);
    this.sink.put({ type: 'frame', camera, ...place, clock, arrivedMs, decodedMs, settings, statistics, ...what });
    return place.time;
  }

  /** A frame that is known to be missing. */
  gap(reason: GapReason, time: number): void {
    this.sink.put(gapOf({ camera: this.camera, ...this.next(this.risen(time)) }, reason));
  }

  private risen(time: number): number {
    const raised = Math.max(time, this.time, (this.frameTime ?? -1) + 1);
    this.frameTime = raised;
    return raised;
  }

  private next(time: number): { session: number; seq: number; time: number } {
    if (this.session === undefined) throw new Error('a camera stream says something before its session began');
    this.time = time;
    this.seq += 1;
    return { session: this.session, seq: this.seq - 1, time };
  }
}

function secondOf(time: number): number {
  return Math.floor(time / 1000);
}
