import type { Clock } from '../engine/clock.ts';
import type { FrameSink } from '../engine/frames/frame-bus.ts';
import type { Sessions } from '../engine/state/sessions.ts';
import { CameraStream } from './camera-stream.ts';
import type { Reason } from './cause.ts';
import type { Recorded, SettingsInForce } from './connector.ts';
import { EventClock } from './event-clock.ts';
import type { DecodedFrame } from './ffmpeg/decoder.ts';
import type { MediaDescription } from './ffmpeg/media-lines.ts';

/** A heartbeat follows when nothing else was said for this long. */
const HEARTBEAT_MS = 1000;
/** So much waits at most for the number of a session: frames beyond it have no place yet, and are dropped. */
const MOST_WAITING = 16;
/** No frame that arrives later can have an earlier time. */
const HEARTBEAT_LAG_MS = 2000;

/**
 * What a live camera says, in sessions: each opening that gives a frame begins one with `up`; `down` closes its frames, and until the next
 * `up` only heartbeats, other causes and settings follow in it. A camera that never opened says `down` at place 0.
 *
 * The number of a session is stored before it is used, which takes a moment: what is said meanwhile waits, in order.
 */
export class LiveStream {
  private readonly camera: string;
  private readonly sessions: Sessions;
  private readonly clock: Clock;
  private readonly time: EventClock;
  private readonly stream: CameraStream;
  private readonly failed: (error: unknown) => void;
  private waiting: (() => Promise<void> | void)[] = [];
  private busy = false;
  private settings: SettingsInForce;
  private inSession = false;
  private down: Reason['cause'] | undefined;
  private saidMs: number;
  private frameTime: number | undefined;

  /** @param failed the number of a session could not be stored. */
  constructor(
    camera: string,
    { sink, sessions, clock, settings }: { sink: FrameSink; sessions: Sessions; clock: Clock; settings: SettingsInForce },
    known: Recorded | undefined,
    failed: (error: unknown) => void,
  ) {
    this.camera = camera;
    this.sessions = sessions;
    this.clock = clock;
    this.settings = settings;
    this.failed = failed;
    this.time = new EventClock(clock);
    this.stream = new CameraStream(camera, 'arrival', sink, known);
    this.saidMs = clock.monotonic();
    this.frameTime = known?.framesUntil;
  }

  /** The first frame of an opening is about to be put. */
  up({ image, timeUs }: DecodedFrame, { codec, fps }: MediaDescription): void {
    const source = { ...image, ...(codec === undefined ? {} : { codec }), ...(fps === undefined ? {} : { fps }) };
    this.beginSession(() => {
      const { time } = this.time.at(timeUs / 1000);
      this.mark('up', time, { source, ...this.since() });
      this.stream.settingsMark(this.settings, time);
      this.frameTime = undefined;
    });
    this.down = undefined;
  }

  frame(frame: DecodedFrame): void {
    if (this.waiting.length >= MOST_WAITING) return;
    this.say(() => {
      this.tellCorrection();
      const arrivedMs = frame.timeUs / 1000;
      const { time, delayMs } = this.time.at(arrivedMs);
      this.frameTime = this.stream.frame({ ...frame, arrivedMs }, time, delayMs);
      this.saidMs = this.clock.monotonic();
    });
  }

  /** Says why there are no frames, once for each cause. */
  tellDown({ cause, detail }: Reason): void {
    if (this.down === cause) return;
    this.down = cause;
    const tell = () => this.mark('down', Math.round(this.time.now()), { cause, detail, ...this.since() });
    if (this.inSession) this.say(tell);
    else this.beginSession(tell);
  }

  applySettings(settings: SettingsInForce): void {
    this.settings = settings;
    if (!this.inSession) return;
    this.say(() => this.stream.settingsMark(settings, Math.max(this.stream.lastTime, Math.round(this.time.now()) - HEARTBEAT_LAG_MS)));
  }

  /** The camera was disabled or removed. */
  end(detail: string): void {
    if (this.inSession) this.say(() => this.mark('end', Math.round(this.time.now()), { cause: 'ended', detail, ...this.since() }));
  }

  /** Once in a while: a heartbeat, if nothing else was said. */
  tick(): void {
    if (!this.inSession || this.busy || this.clock.monotonic() - this.saidMs < HEARTBEAT_MS) return;
    this.tellCorrection();
    this.mark('heartbeat', Math.round(this.time.now()) - HEARTBEAT_LAG_MS);
  }

  private since(): { since?: number } {
    return this.frameTime === undefined ? {} : { since: this.frameTime };
  }

  private tellCorrection(): void {
    const correctionMs = this.time.correction();
    if (correctionMs === 0) return;
    const detail = `the clock of this machine was set ${correctionMs > 0 ? 'forward' : 'back'} by ${Math.abs(correctionMs / 1000)} s`;
    this.mark('clock', Math.round(this.time.now()), { correctionMs, detail });
  }

  private mark(...[mark, time, facts]: Parameters<CameraStream['mark']>): void {
    this.stream.mark(mark, time, facts);
    this.saidMs = this.clock.monotonic();
  }

  /** The first words of a session wait until its number is stored; whatever is said meanwhile waits behind them. */
  private beginSession(words: () => void): void {
    this.inSession = true;
    this.say(async () => {
      const session = await this.sessions.beginLive(this.camera, this.clock.now());
      this.stream.begin(session);
      this.time.open(this.stream.lastTime);
      words();
    });
  }

  private say(words: () => Promise<void> | void): void {
    this.waiting.push(words);
    if (!this.busy) this.sayNext();
  }

  private sayNext(): void {
    for (let words = this.waiting.shift(); words !== undefined; words = this.waiting.shift()) {
      const begun = words();
      if (begun === undefined) continue;
      this.busy = true;
      begun.then(
        () => this.goOn(),
        (error: unknown) => this.giveUp(error),
      );
      return;
    }
  }

  private goOn(): void {
    this.busy = false;
    this.sayNext();
  }

  /** Without a number nothing can be said. */
  private giveUp(error: unknown): void {
    this.busy = false;
    this.waiting = [];
    this.inSession = false;
    this.down = undefined;
    this.failed(error);
  }
}
