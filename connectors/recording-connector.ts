import type { CameraSettings } from '../engine/config/camera-settings.ts';
import { sentenceOf } from '../engine/errors.ts';
import { CameraReport } from './camera-report.ts';
import type { CameraState, CameraStatus, Cause } from './camera-status.ts';
import { causeOfError, causeOfExit, type Reason } from './cause.ts';
import type { Connector, ConnectorParts, SettingsInForce, StopReason } from './connector.ts';
import { type DecodedFrame, Decoder, type DecoderExit } from './ffmpeg/decoder.ts';
import type { MediaDescription } from './ffmpeg/media-lines.ts';
import { Outage } from './outage.ts';
import { Pace } from './pace.ts';
import { RecordingSession } from './recording-session.ts';
import type { RecordingSource, Segment } from './recording-source.ts';
import { RecordingSpeed } from './recording-speed.ts';
import { retryDelayMs } from './retry-policy.ts';
import { SegmentFrames } from './segment-frames.ts';
import { StopSignal } from './stop-signal.ts';

/** A recording that fails this often in a row without one new frame is told as ended, with the cause. */
const TRIES_WITHOUT_PROGRESS = 3;

/**
 * A recording: read completely and in order, as fast as the bus takes it or at its own pace, then `end`. After a failure, or in the next
 * process, it is read again from its start (`recording-session.ts` skips what is recorded). Disabled and enabled again, or removed and
 * added again, it goes on where it was, in a new session.
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
  private readonly outage: Outage;
  private readonly speed = new RecordingSpeed();
  private settings: SettingsInForce;
  private session: RecordingSession | undefined;
  private over = false;
  private work: Promise<void> | undefined;

  constructor(camera: CameraSettings, source: RecordingSource, parts: ConnectorParts) {
    this.camera = camera;
    this.parts = parts;
    this.source = source;
    this.settings = parts.settings;
    this.report = new CameraReport(camera.id, { state: 'starting', since: parts.clock.now() });
    this.outage = new Outage(camera.id, parts);
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
    if (!this.over) this.session?.applySettings(settings);
  }

  async stop(reason: StopReason): Promise<void> {
    this.stopped.raise();
    await this.work;
    if (reason === 'shutdown' || this.over) return;
    const why = { cause: 'ended', detail: `the camera was ${reason}` } as const;
    this.over = true;
    if (this.session?.isOpen) await this.close(this.session, why);
    this.tell('disabled', why);
  }

  /** Stored before it is told: behind an `end` that was told, nothing more may come in this session. */
  private async close(session: RecordingSession, why: Reason): Promise<void> {
    const { id } = this.camera;
    try {
      await this.parts.sessions.closeRecording(id, session.number);
      session.close(why);
    } catch (error) {
      this.parts.log('warn', `Recording ${id} stays open: that it was closed could not be stored`, {
        camera: id,
        error: sentenceOf(error),
      });
    }
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.stopped.raised && !this.over) {
      const before = this.session?.progress;
      const failure = await this.tryOnce();
      if (failure === undefined || this.stopped.raised) break;
      failures = this.session?.progress === before ? failures + 1 : 1;
      if (failures >= TRIES_WITHOUT_PROGRESS && this.session !== undefined) this.giveUp(this.session, failure);
      else await this.backOff(failure, failures);
    }
    await this.source.close();
  }

  /** Reads from the start to the end. `undefined`: nothing is left to do. */
  private async tryOnce(): Promise<Reason | undefined> {
    this.tell('starting');
    try {
      this.session ??= await this.openSession();
      return this.session === undefined ? undefined : await this.readAll(this.session);
    } catch (error) {
      return { cause: causeOfError(error), detail: sentenceOf(error) };
    }
  }

  /** @returns nothing when this recording was read to its end before. */
  private async openSession(): Promise<RecordingSession | undefined> {
    const { id } = this.camera;
    const start = await this.parts.sessions.beginRecording(id, await this.source.fingerprint());
    if (!start.ended) return new RecordingSession(this.camera, this.parts.sink, start, this.parts.recorded(id), this.settings);
    this.over = true;
    this.tell('ended', { cause: 'ended', detail: 'it was read to its end before' });
    this.parts.log('info', `Recording ${id} was read to its end before; it is not read again`, { camera: id });
    return undefined;
  }

  private async readAll(session: RecordingSession): Promise<Reason | undefined> {
    session.reread();
    for (const segment of await this.source.open()) {
      const failure = await this.readSegment(segment, session);
      if (failure !== undefined || this.stopped.raised) return failure;
    }
    if (session.hasFrames) this.finish(session);
    else this.giveUp(session, { cause: 'corrupt', detail: 'there is no picture in it' });
    return undefined;
  }

  private readSegment(segment: Segment, session: RecordingSession): Promise<Reason | undefined> {
    const { promise, resolve } = Promise.withResolvers<Reason | undefined>();
    const { ffmpeg, model, pool, clock } = this.parts;
    const { fps, view } = this.camera;
    const frames = new SegmentFrames(segment, fps);
    this.report.processStarts();
    const exited = (exit: DecoderExit) => {
      this.stopped.off(stop);
      resolve(this.stopped.raised ? undefined : this.segmentEnded(exit, frames, session));
    };
    const decoder: Decoder = new Decoder(
      ffmpeg,
      { input: segment.input, fps, model: model.input, view },
      { frame: (frame) => this.frame(frame, frames, session, decoder), line: (line) => this.report.line(line), exit: exited },
      { pool, clock },
    );
    const stop = () => decoder.stop();
    this.stopped.on(stop);
    return promise;
  }

  private segmentEnded({ code, error, truncated }: DecoderExit, frames: SegmentFrames, session: RecordingSession): Reason | undefined {
    if (truncated) this.report.count('truncatedFrames');
    if (error !== undefined) return { cause: causeOfError(error), detail: sentenceOf(error) };
    if (code !== 0) return causeOfExit(code, this.report.processLines);
    for (const timeUs of frames.missingAtEnd()) this.missing(timeUs, session);
    return undefined;
  }

  private frame(frame: DecodedFrame, frames: SegmentFrames, session: RecordingSession, { media }: Decoder): Promise<void> | undefined {
    for (const timeUs of frames.missingBefore(frame.timeUs)) this.missing(timeUs, session);
    const { time, isNew } = session.next(frames.timeUs(frame.timeUs), media.createdMs);
    if (!isNew) return this.drop(frame);
    return this.waitForRoom(time).then((stopped) => {
      if (stopped) return this.drop(frame);
      this.give(frame, time, media, session);
      return undefined;
    });
  }

  private give(frame: DecodedFrame, time: number, media: MediaDescription, session: RecordingSession): void {
    const nowMs = this.parts.clock.monotonic();
    if (this.report.state !== 'running') this.tell('running');
    this.outage.over();
    session.frame(frame, time, media);
    this.speed.frame(time, nowMs);
    this.report.frame(nowMs);
  }

  private missing(timeUs: number, session: RecordingSession): void {
    const { time, isNew } = session.next(timeUs, undefined);
    if (isNew) session.missing(time);
  }

  /** @returns true when it was stopped instead. */
  private async waitForRoom(time: number): Promise<boolean> {
    if (this.pace !== undefined) await this.stopped.wait(this.parts.clock, this.pace.delayMs(time));
    await this.stopped.orRaised(this.parts.sink.room());
    return this.stopped.raised;
  }

  private drop({ pixels, view }: DecodedFrame): undefined {
    this.parts.pool.giveBack(pixels);
    if (view !== undefined) this.parts.pool.giveBack(view.pixels.buffer);
  }

  private finish(session: RecordingSession): void {
    this.over = true;
    session.end({ cause: 'ended', detail: 'the recording was read to its end' });
    this.tell('ended', { cause: 'ended', detail: 'it was read to its end' });
    const { clock, log } = this.parts;
    const { id } = this.camera;
    log('info', `Recording ${id} was read to its end: ${this.speed.inWords(clock.monotonic())}`, { camera: id });
  }

  private giveUp(session: RecordingSession, reason: Reason): void {
    const { id } = this.camera;
    this.over = true;
    session.end(reason);
    this.tell('ended', reason);
    this.parts.log('error', `Recording ${id} could not be read to its end: ${reason.detail}`, { camera: id, cause: reason.cause });
  }

  private async backOff({ cause, detail }: Reason, failures: number): Promise<void> {
    const { clock, random } = this.parts;
    const delayMs = retryDelayMs(cause, failures, random());
    this.report.restart(cause);
    this.outage.failed({ cause, detail });
    this.tell('backing-off', { cause, detail, nextTryAt: clock.now() + delayMs });
    await this.stopped.wait(clock, delayMs);
  }

  private tell(state: CameraState, facts: { cause?: Cause; detail?: string; nextTryAt?: number } = {}): void {
    this.report.turn({ state, since: this.parts.clock.now(), ...facts });
    this.parts.onStatus(this.status());
  }
}
