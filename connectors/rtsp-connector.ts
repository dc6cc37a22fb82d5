import type { CameraSettings } from '../engine/config/camera-settings.ts';
import { sentenceOf } from '../engine/errors.ts';
import { type CameraAction, type CameraEvent, type CameraMachine, newMachine, step } from './camera-machine.ts';
import { CameraReport } from './camera-report.ts';
import type { CameraStatus } from './camera-status.ts';
import { causeOfError, causeOfExit, type Reason } from './cause.ts';
import type { Connector, ConnectorParts, SettingsInForce, StopReason } from './connector.ts';
import { type DecodedFrame, Decoder, type DecoderExit } from './ffmpeg/decoder.ts';
import { LiveStream } from './live-stream.ts';
import { Outage } from './outage.ts';
import { PacketRate } from './packet-rate.ts';
import { type AccessUnit, RtspSource, type SourceDescription } from './rtsp/index.ts';
import { StopSignal } from './stop-signal.ts';

/** How often the watchdogs look. */
const TICK_MS = 250;

/** One opening of the camera: the pictures that come over RTSP, and the ffmpeg that decodes them. It is over when both have ended. */
interface Opening {
  readonly rate: PacketRate;
  source?: RtspSource | undefined;
  decoder?: Decoder | undefined;
  fps?: number | undefined;
  /** Why the first of the two has ended. */
  reason?: Reason;
}

/**
 * A live camera over RTSP. All decisions are made by the state machine (`camera-machine.ts`); this is the edge that carries them out and
 * tells it what happened.
 */
export class RtspConnector implements Connector {
  private readonly camera: CameraSettings;
  private readonly parts: ConnectorParts;
  private readonly report: CameraReport;
  private readonly stream: LiveStream;
  private readonly outage: Outage;
  private readonly ended = new StopSignal();
  private machine: CameraMachine;
  private opening: Opening | undefined;
  private cancelTick: () => void = () => undefined;

  constructor(camera: CameraSettings, parts: ConnectorParts) {
    this.camera = camera;
    this.parts = parts;
    const { clock } = parts;
    this.machine = newMachine(clock.monotonic());
    this.report = new CameraReport(camera.id, { state: 'starting', since: clock.now() });
    this.outage = new Outage(camera.id, parts);
    this.stream = new LiveStream(camera.id, parts, parts.recorded(camera.id), (error) => this.noSession(error));
  }

  start(): void {
    if (this.machine.state !== 'backing-off' || this.machine.failures > 0) return;
    this.happened({ type: 'start' });
    this.tick();
  }

  status(): CameraStatus {
    return this.report.status(this.parts.clock.monotonic());
  }

  applySettings(settings: SettingsInForce): void {
    this.stream.applySettings(settings);
  }

  async stop(reason: StopReason): Promise<void> {
    this.cancelTick();
    this.happened({ type: 'disable' });
    if (this.opening !== undefined) await this.ended.promise;
    if (reason !== 'shutdown') this.stream.end(`the camera was ${reason}`);
  }

  private tick(): void {
    this.cancelTick = this.parts.clock.after(TICK_MS, () => this.tick());
    this.happened({ type: 'tick' });
    this.stream.tick();
  }

  /** Asks the machine what this means, and does it. */
  private happened(event: CameraEvent): void {
    const before = this.machine;
    const { machine, actions } = step(before, event, this.parts.clock.monotonic(), this.parts.random());
    this.machine = machine;
    if (machine.state !== before.state) this.tellState();
    for (const action of actions) this.act(action);
  }

  private act(action: CameraAction): void {
    if (action.type === 'open') this.open();
    if (action.type === 'kill') this.close();
    if (action.type === 'up') this.outage.over();
    if (action.type === 'down') this.down(action.reason);
  }

  private tellState(): void {
    const { state, reason, nextTryMs } = this.machine;
    const now = this.parts.clock.now();
    const nextTryAt = nextTryMs === undefined ? undefined : Math.round(now + nextTryMs - this.parts.clock.monotonic());
    this.report.turn({ state, since: now, ...reason, ...(nextTryAt === undefined ? {} : { nextTryAt }) });
    this.parts.onStatus(this.status());
  }

  private down(reason: Reason): void {
    this.report.restart(reason.cause);
    this.stream.tellDown(reason);
    this.outage.failed(reason);
  }

  private open(): void {
    const { url, transport } = this.camera;
    const opening: Opening = { rate: new PacketRate() };
    this.opening = opening;
    opening.source = new RtspSource(url.reveal(), transport, this.parts.clock, {
      playing: (description) => this.decode(opening, description),
      packet: (begins) => this.packet(opening, begins),
      picture: (unit, timeMs) => this.picture(opening, unit, timeMs),
      damaged: () => this.report.count('decodeErrors'),
      lost: (packets) => this.report.count('lostPackets', packets),
      ended: (reason) => this.sourceEnded(opening, reason),
    });
  }

  private decode(opening: Opening, { fourcc, fps: described }: SourceDescription): void {
    const { ffmpeg, model, pool, clock } = this.parts;
    const { fps, view } = this.camera;
    opening.fps = described;
    this.report.processStarts();
    opening.decoder = new Decoder(
      ffmpeg,
      { input: { kind: 'live', fourcc }, fps, model: model.input, view },
      {
        skipped: (pictures) => this.report.count('skippedPictures', pictures),
        frame: (frame) => this.frame(frame, opening),
        line: (line) => this.report.line(line),
        exit: (exit) => this.decoderEnded(opening, exit),
      },
      { pool, clock },
    );
  }

  /** What counts for the machine is how pictures follow each other: how many packets each has says nothing. */
  private packet({ rate }: Opening, begins: boolean): void {
    this.report.count('packets');
    if (!begins) return;
    this.happened({ type: 'packet' });
    const late = { cause: 'burst', detail: 'it delivers far faster than before: what it sends is long past' } as const;
    if (rate.packet(this.parts.clock.monotonic())) this.happened({ type: 'reopen', reason: late });
  }

  private picture({ decoder }: Opening, { bytes, key }: AccessUnit, timeMs: number): void {
    decoder?.feed({ bytes, key, timeUs: Math.round(timeMs * 1000) });
  }

  private frame(frame: DecodedFrame, { decoder, fps }: Opening): undefined {
    const first = this.machine.state === 'starting';
    this.happened({ type: 'frame' });
    if (this.machine.state !== 'running' || decoder === undefined) return this.drop(frame);
    if (first) this.size = frame.image;
    if (frame.image.width !== this.size.width || frame.image.height !== this.size.height) return this.resized(frame);
    if (first) this.stream.up(frame, { ...decoder.media, ...(fps === undefined ? {} : { fps }) });
    this.stream.frame(frame);
    this.report.frame(frame.timeUs / 1000);
    return undefined;
  }

  private size = { width: 0, height: 0 };

  /** Another picture: a new session, so that nobody compares places across it. */
  private resized(frame: DecodedFrame): undefined {
    const [from, to] = [this.size, frame.image].map(({ width, height }) => `${width}x${height}`);
    this.drop(frame);
    this.happened({ type: 'reopen', reason: { cause: 'resolution', detail: `the picture changed from ${from} to ${to}` } });
  }

  private drop({ pixels, view }: DecodedFrame): undefined {
    this.parts.pool.giveBack(pixels);
    if (view !== undefined) this.parts.pool.giveBack(view.pixels.buffer);
  }

  /** `ended` follows, when both have ended. */
  private close(): void {
    this.opening?.source?.close();
    this.opening?.decoder?.stop();
  }

  /** What is on its way to the decoder is still a frame. */
  private sourceEnded(opening: Opening, reason: Reason): void {
    opening.source = undefined;
    opening.reason ??= reason;
    if (opening.decoder === undefined) this.over(opening.reason);
    else opening.decoder.finish();
  }

  private decoderEnded(opening: Opening, { code, error, truncated }: DecoderExit): void {
    if (truncated) this.report.count('truncatedFrames');
    this.report.count('skippedMessageBytes', opening.decoder?.skippedBytes ?? 0);
    opening.decoder = undefined;
    opening.reason ??=
      error === undefined ? causeOfExit(code, this.report.processLines) : { cause: causeOfError(error), detail: sentenceOf(error) };
    if (opening.source === undefined) this.over(opening.reason);
    else opening.source.close();
  }

  private over(reason: Reason): void {
    this.opening = undefined;
    this.happened({ type: 'ended', reason });
    if (this.machine.state === 'disabled') this.ended.raise();
  }

  /** Without the store nothing may be said: the camera is opened again later. */
  private noSession(error: unknown): void {
    const { id } = this.camera;
    this.parts.log('error', `Camera ${id}: its session could not be stored: ${sentenceOf(error)}`, { camera: id });
    this.happened({ type: 'reopen', reason: { cause: 'local', detail: 'its session could not be stored' } });
  }
}
