import type { FrameSink } from '../engine/frames/frame-bus.ts';
import type { RecordingSessionStart } from '../engine/state/sessions.ts';
import { CameraStream } from './camera-stream.ts';
import type { Reason } from './cause.ts';
import type { Recorded, SettingsInForce } from './connector.ts';
import type { DecodedFrame } from './ffmpeg/decoder.ts';
import type { MediaDescription } from './ffmpeg/media-lines.ts';
import { RecordingTimes, recordingStart } from './recording-times.ts';

/**
 * What a recording says, in one session from its first frame to `end`, however often it is read again from its start: what is at or below
 * the last recorded time is skipped, so every reading goes on where the one before it stopped. A recording that was disabled and enabled
 * again goes on in the same way, in a new session.
 */
export class RecordingSession {
  readonly number: number;
  private readonly stream: CameraStream;
  /** Of this session, from an earlier process. */
  private readonly known: Recorded | undefined;
  /** Of this recording, from this session or one that was closed before its end. */
  private readonly earlier: Recorded | undefined;
  private readonly configuredStart: number | undefined;
  private settings: SettingsInForce;
  private times: RecordingTimes | undefined;
  /** Of the frame that was read last, recorded before or not. */
  private readTime: number | undefined;
  /** Times up to here are recorded, or on the bus. */
  private doneTime: number;
  private start: number | undefined;
  private speaking = false;

  constructor(
    camera: { readonly id: string; readonly startMs?: number },
    sink: FrameSink,
    { session, resumed }: RecordingSessionStart,
    recorded: Recorded | undefined,
    settings: SettingsInForce,
  ) {
    this.number = session;
    this.configuredStart = camera.startMs;
    this.settings = settings;
    this.stream = new CameraStream(camera.id, 'recording', sink, recorded);
    this.known = recorded?.session === session ? recorded : undefined;
    this.earlier = this.known ?? (resumed ? recorded : undefined);
    if (this.known === undefined) this.stream.begin(session);
    else this.stream.goOn(this.known, this.known.framesUntil !== undefined);
    this.doneTime = this.earlier?.framesUntil ?? Number.NEGATIVE_INFINITY;
  }

  /** How far it has come: rises with every frame that is new. */
  get progress(): number {
    return this.doneTime;
  }

  /** It is read again from its start. */
  reread(): void {
    this.times = undefined;
  }

  /** The event time of the next frame, and whether it is new. `created`: when the file says that it was made. */
  next(timeUs: number, created: number | undefined): { readonly time: number; readonly isNew: boolean } {
    this.times ??= new RecordingTimes(this.startTime(created));
    const time = this.times.next(timeUs);
    this.readTime = time;
    return { time, isNew: time > this.doneTime };
  }

  /** A recording that lies behind another one of the same camera begins where that one ended, if it would begin before. */
  private startTime(created: number | undefined): number {
    const notBefore = this.earlier === undefined ? this.stream.lastTime : 0;
    this.start ??= this.earlier?.began ?? recordingStart(this.configuredStart, created, notBefore);
    return this.start;
  }

  frame(frame: DecodedFrame, time: number, { codec, fps }: MediaDescription): void {
    this.open(time, { ...frame.image, ...(codec === undefined ? {} : { codec }), ...(fps === undefined ? {} : { fps }) });
    this.doneTime = this.stream.frame(frame, time, 0);
  }

  /** A frame that could not be decoded keeps its place. */
  missing(time: number): void {
    this.open(time);
    this.stream.gap('decode', time);
    this.doneTime = time;
  }

  /** `up` stands before the first frame of the session, `settings` where they are not yet in force. */
  private open(time: number, source?: MediaSource): void {
    if (this.speaking) return;
    this.speaking = true;
    if (this.stream.nextSeq === 0) this.stream.mark('up', time, { ...(source === undefined ? {} : { source }), ...this.resumption() });
    this.stream.settingsMark(this.settings, this.stream.lastTime);
  }

  private resumption(): { readonly start?: number; readonly since?: number } {
    if (this.earlier === undefined || this.start === undefined) return {};
    return { start: this.start, ...(this.earlier.framesUntil === undefined ? {} : { since: this.earlier.framesUntil }) };
  }

  applySettings(settings: SettingsInForce): void {
    this.settings = settings;
    if (this.speaking) this.stream.settingsMark(settings, this.stream.lastTime);
  }

  /** True when somebody has heard of this session and not of its end, which must be told. */
  get isOpen(): boolean {
    return this.speaking || (this.known !== undefined && !this.endIsRecorded);
  }

  /** Nothing but `end` has a time behind that of the last frame. */
  private get endIsRecorded(): boolean {
    return this.known !== undefined && this.known.framesUntil !== undefined && this.known.time > this.known.framesUntil;
  }

  get hasFrames(): boolean {
    return this.readTime !== undefined;
  }

  /** One millisecond behind the last frame: after a restart, that time tells that `end` is recorded already. */
  end({ cause, detail }: Reason): void {
    const { stream, readTime } = this;
    if (stream.nextSeq === 0) this.beginWithoutNews({ cause, detail });
    if (this.known !== undefined && readTime !== undefined && stream.lastTime === readTime + 1) return;
    stream.mark('end', stream.lastTime + 1, { cause, detail, ...(readTime === undefined ? {} : { since: readTime }) });
  }

  /** A session that ends without a frame of its own: nothing could be read, or all of it is recorded in an earlier one. */
  private beginWithoutNews(reason: Reason): void {
    if (this.hasFrames) this.stream.mark('up', this.stream.lastTime, this.resumption());
    else this.stream.mark('down', this.stream.lastTime, reason);
  }

  /** The session is over before the recording is: what comes behind its last frame belongs to a later session. */
  close({ cause, detail }: Reason): void {
    const since = Number.isFinite(this.doneTime) ? { since: this.doneTime } : {};
    this.stream.mark('end', this.stream.lastTime, { cause, detail, ...since });
  }
}

type MediaSource = { readonly width: number; readonly height: number; readonly codec?: string; readonly fps?: number };
