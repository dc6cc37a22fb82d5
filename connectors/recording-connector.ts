import type { CameraSettings } from '../engine/config/camera-settings.ts';
import { sentenceOf } from '../engine/errors.ts';
import type { GapReason } from '../engine/records/record.ts';
import { CameraReport } from './camera-report.ts';
import type { CameraState, CameraStatus, Cause } from './camera-status.ts';
import { CameraStream } from './camera-stream.ts';
import { causeOfError, causeOfExit, type Reason } from './cause.ts';
import type { Connector, ConnectorParts, Recorded, SettingsInForce, StopReason } from './connector.ts';
import { type DecodedFrame, Decoder, type DecoderExit } from './ffmpeg/decoder.ts';
import { Pace } from './pace.ts';
import type { RecordingSource, Segment } from './recording-source.ts';
import { RecordingTimes, recordingStart } from './recording-times.ts';
import { retryDelayMs } from './retry-policy.ts';
import { SegmentFrames } from './segment-frames.ts';
import { StopSignal } from './stop-signal.ts';

/** A recording that fails this often in a row without one new frame is told as ended, with the cause. */
const TRIES_WITHOUT_PROGRESS = 3;
/** The places of `up` and of the first `settings` mark; frames come behind them. */
const LAST_OPENING_PLACE = 1;

/**
 * A recording: read completely and in order, as fast as the bus takes it or at its own pace, then `end`. One session. After a failure,
 * or in the next process, it is read again from its start; what is at or below the last recorded time is skipped.
 *
 *   starting ─▶ running ─▶ ended
 *      ▲  │        │
 *      │  ▼        ▼
 *     backing off ◀┘      (disabled from everywhere)
 */
export class RecordingConnector implements Connector {
  private readonly camera: CameraSettings;
  private readonly parts: ConnectorParts;
  private readonly source: RecordingSource;
  private readonly report: CameraReport;
  private readonly stopped = new StopSignal();
  private readonly pace: Pace | undefined;
  private settings: SettingsInForce;
  private stream: CameraStream | undefined;
  private known: Recorded | undefined;
  /** Times up to here are recorded, or on the bus. */
  private doneTime = Number.NEGATIVE_INFINITY;
  private opened = false;
  private work: Promise<void> | undefined;

  constructor(camera: CameraSettings, source: RecordingSource, parts: ConnectorParts) {
    this.camera = camera;
    this.parts = parts;
    this.source = source;
    this.settings = parts.settings;
    this.report = new CameraReport(camera.id, { state: 'starting', since: parts.clock.now() });
    this.pace = camera.pace === 'real-time' ? new Pace(parts.clock) : undefined;
  }

  start(): void {
    this.work ??= this.run();
  }

  status(): CameraStatus {
    return this.report.status(this.parts.clock.monotonic());
  }

  applySettings(settings: SettingsInForce): void {
    this.settings = settings;
    if (this.opened && !this.over) this.stream?.settingsMark(settings, this.stream.lastTime);
  }

  async stop(reason: StopReason): Promise<void> {
    this.stopped.raise();
    await this.work;
    if (reason === 'shutdown' || this.over) return;
    if (this.opened || this.known !== undefined) this.endMark('ended', `the camera was ${reason}`);
    this.tell('disabled', { cause: 'ended', detail: `the camera was ${reason}` });
  }

  private over = false;

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.stopped.raised && !this.over) {
      const before = this.doneTime;
      const failure = await this.tryOnce();
      if (failure === undefined || this.stopped.raised) break;
      failures = this.doneTime > before ? 1 : failures + 1;
      if (failures >= TRIES_WITHOUT_PROGRESS && this.stream !== undefined) this.giveUp(failure);
      else await this.backOff(failure, failures);
    }
    await this.source.close();
  }

  /** Reads from the start to the end. `undefined`: nothing is left to do. */
  private async tryOnce(): Promise<Reason | undefined> {
    this.tell('starting');
    try {
      if (this.stream === undefined && !(await this.openSession())) return undefined;
      return await this.readAll(await this.source.open());
    } catch (error) {
      return { cause: causeOfError(error), detail: sentenceOf(error) };
    }
  }

  /** @returns false when this recording was read to its end before. */
  private async openSession(): Promise<boolean> {
    const { id } = this.camera;
    const { session, ended } = await this.parts.sessions.beginRecording(id, await this.source.fingerprint());
    const recorded = this.parts.recorded(id);
    this.known = recorded?.session === session ? recorded : undefined;
    this.over = ended;
    if (ended) this.tell('ended', { cause: 'ended', detail: 'it was read to its end before' });
    if (ended) return false;
    this.stream = new CameraStream(id, 'recording', this.parts.sink, recorded);
    if (this.known === undefined) this.stream.begin(session);
    else this.goOn(this.stream, this.known);
    return true;
  }

  private goOn(stream: CameraStream, known: Recorded): void {
    const framesRecorded = known.seq > LAST_OPENING_PLACE;
    stream.goOn(known, framesRecorded);
    if (framesRecorded) this.doneTime = known.time;
  }

  private async readAll(segments: readonly Segment[]): Promise<Reason | undefined> {
    let times: RecordingTimes | undefined;
    const timesFrom = (created: number | undefined) => {
      times ??= new RecordingTimes(this.startTime(created));
      return times;
    };
    for (const segment of segments) {
      const failure = await this.readSegment(segment, timesFrom);
      if (failure !== undefined || this.stopped.raised) return failure;
    }
    this.finish();
    return undefined;
  }

  /** A recording that lies behind an earlier one of the same camera begins where that one ended, if it would begin before. */
  private startTime(created: number | undefined): number {
    if (this.known?.began !== undefined) return this.known.began;
    const notBefore = this.known === undefined && !this.opened ? ((this.stream as CameraStream).lastTime ?? 0) : 0;
    this.startedAt ??= recordingStart(this.camera.startMs, created, notBefore);
    return this.startedAt;
  }

  private startedAt: number | undefined;

  private readSegment(segment: Segment, timesFrom: (created: number | undefined) => RecordingTimes): Promise<Reason | undefined> {
    return new Promise((resolve) => {
      const { ffmpeg, model, pool, clock } = this.parts;
      const { fps, view } = this.camera;
      const frames = new SegmentFrames(segment, fps);
      const decoder: Decoder = new Decoder(
        ffmpeg,
        { input: segment.input, fps, model: model.input, view },
        {
          frame: (frame) => this.frame(frame, frames, timesFrom(decoder.media.createdMs), decoder),
          line: (line) => this.report.line(line),
          exit: (exit) => {
            this.stopped.off(stop);
            if (this.stopped.raised) resolve(undefined);
            else resolve(this.segmentEnded(exit, frames, timesFrom));
          },
        },
        { pool, clock },
      );
      const stop = () => decoder.stop();
      this.stopped.on(stop);
    });
  }

  private segmentEnded(exit: DecoderExit, frames: SegmentFrames, timesFrom: (created: undefined) => RecordingTimes): Reason | undefined {
    if (exit.truncated) this.report.count('truncatedFrames');
    if (exit.error !== undefined) return { cause: causeOfError(exit.error), detail: sentenceOf(exit.error) };
    if (exit.code !== 0) return causeOfExit(exit.code, this.status().lastLines);
    for (const missing of frames.missingAtEnd()) this.missing(missing, timesFrom(undefined));
    return undefined;
  }

  private frame(frame: DecodedFrame, frames: SegmentFrames, times: RecordingTimes, decoder: Decoder): Promise<void> | undefined {
    for (const missing of frames.missingBefore(frame.timeUs)) this.missing(missing, times);
    const time = this.timeOf(frames.timeUs(frame.timeUs), times);
    if (time <= this.doneTime) return this.drop(frame);
    return this.deliver(frame, time, decoder);
  }

  private timeOf(timeUs: number, times: RecordingTimes): number {
    this.lastRead = times.next(timeUs);
    return this.lastRead;
  }

  private lastRead: number | undefined;

  private drop({ pixels, view }: DecodedFrame): undefined {
    this.parts.pool.giveBack(pixels);
    if (view !== undefined) this.parts.pool.giveBack(view.pixels.buffer);
  }

  private async deliver(frame: DecodedFrame, time: number, decoder: Decoder): Promise<void> {
    await Promise.race([this.pace?.until(time), this.stopped.promise]);
    await Promise.race([this.parts.sink.room(), this.stopped.promise]);
    if (this.stopped.raised) return this.drop(frame);
    this.open(time, decoder, frame);
    this.doneTime = (this.stream as CameraStream).frame(frame, time, 0);
    this.report.frame(frame.arrivedMs);
  }

  /** `up` and `settings` stand before the first frame, in the whole session once. */
  private open(time: number, { media }: Decoder, { image }: Pick<DecodedFrame, 'image'>): void {
    if (this.report.state !== 'running') this.tell('running');
    if (this.opened) return;
    this.opened = true;
    const stream = this.stream as CameraStream;
    const source = { ...image, ...(media.codec ? { codec: media.codec } : {}), ...(media.fps ? { fps: media.fps } : {}) };
    if (stream.nextSeq === 0) stream.mark('up', time, { source });
    stream.settingsMark(this.settings, stream.lastTime);
  }

  /** An image that could not be decoded keeps its place. */
  private missing(timeUs: number, times: RecordingTimes, reason: GapReason = 'decode'): void {
    const time = this.timeOf(timeUs, times);
    if (time <= this.doneTime) return;
    const stream = this.stream as CameraStream;
    if (stream.nextSeq === 0) stream.mark('up', time);
    stream.settingsMark(this.settings, stream.lastTime);
    this.opened = true;
    stream.gap(reason, time);
    this.doneTime = time;
  }

  private finish(): void {
    if (this.lastRead === undefined) {
      this.giveUp({ cause: 'corrupt', detail: 'there is no picture in it' });
      return;
    }
    this.endMark('ended', 'the recording was read to its end');
    this.tell('ended', { cause: 'ended', detail: 'it was read to its end' });
  }

  private giveUp({ cause, detail }: Reason): void {
    this.endMark(cause, detail);
    this.tell('ended', { cause, detail });
    this.parts.log('error', `Recording ${this.camera.id} could not be read to its end: ${detail}`, { camera: this.camera.id, cause });
  }

  /** One millisecond behind the last frame, so that a restart sees by the time that `end` is recorded already. */
  private endMark(cause: Cause, detail: string): void {
    const stream = this.stream as CameraStream;
    this.over = true;
    const since = this.lastRead;
    if (stream.nextSeq === 0) stream.mark('down', stream.lastTime, { cause, detail });
    if (since !== undefined && stream.lastTime === since + 1) return;
    stream.mark('end', stream.lastTime + 1, { cause, detail, ...(since === undefined ? {} : { since }) });
  }

  private async backOff({ cause, detail }: Reason, failures: number): Promise<void> {
    const { clock, random } = this.parts;
    const delayMs = retryDelayMs(cause, failures, random());
    this.report.restart(cause);
    this.tell('backing-off', { cause, detail, nextTryAt: clock.now() + delayMs });
    await this.stopped.wait(clock, delayMs);
  }

  private tell(state: CameraState, facts: { cause?: Cause; detail?: string; nextTryAt?: number } = {}): void {
    this.report.turn({ state, since: this.parts.clock.now(), ...facts });
    this.parts.onStatus(this.status());
  }
}
