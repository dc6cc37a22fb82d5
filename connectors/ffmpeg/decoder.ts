import type { Readable } from 'node:stream';
import type { Clock } from '../../engine/clock.ts';
import type { Letterbox, View } from '../../engine/frames/frame.ts';
import type { PixelPool } from '../../engine/frames/pixel-pool.ts';
import type { ImageSize } from '../../engine/records/record.ts';
import { type DecodeRequest, decodeArguments, PACKETS_FD, VIEW_FD } from './arguments.ts';
import type { Ffmpeg } from './find-ffmpeg.ts';
import { PackedTarget, PlanarTarget } from './frame-targets.ts';
import { letterbox } from './letterbox.ts';
import { describeMedia, type Geometry, GeometryLines, type MediaDescription } from './media-lines.ts';
import { type FrameTarget, NutReader } from './nut-reader.ts';
import { PacketLines } from './packet-lines.ts';
import { type Exit, type KeptProcess, startKept, TERM_LIMIT_MS } from './process.ts';
import { type Level, parseStderrLine, type StderrLine, StderrReader, secretsOf } from './stderr-reader.ts';
import { graphBegins, ViewPairing, viewRule } from './view-pairing.ts';

/** Live packets and frames that are said to be from before 2001 carry no time yet: ffmpeg 5.1 begins with one at 0. */
const EARLIEST_US = 1e15;

/** One frame as it comes out of the decoder: the camera does not know its place yet. */
export interface DecodedFrame {
  /** Microseconds: since 1970 for live input, since the beginning of the file otherwise. */
  readonly timeUs: number;
  readonly image: ImageSize;
  readonly letterbox: Letterbox;
  /** Planar RGB of the model's size. */
  readonly pixels: ArrayBuffer;
  readonly view?: View;
  /** By the monotonic clock, when its last byte was read. */
  readonly arrivedMs: number;
}

export interface DecoderEvents {
  /** While a returned promise is pending nothing more is read: ffmpeg waits. */
  frame(frame: DecodedFrame): Promise<void> | undefined;
  /** Live: a packet arrived, also before any key frame. Microseconds since 1970. */
  packet?(timeUs: number): void;
  line?(line: StderrLine): void;
  /** Once, last: everything that came before has been told. */
  exit(exit: DecoderExit): void;
}

export interface DecoderExit extends Exit {
  /** The stream ended in the middle of a frame, which was dropped. */
  readonly truncated: boolean;
  /** What went wrong on our side, if that ended it. */
  readonly error?: unknown;
}

interface Raw {
  readonly timeUs: number;
  readonly pixels: ArrayBuffer;
  readonly arrivedMs: number;
}

/**
 * One running ffmpeg and what comes out of it. A frame waits for three things in turn: its view, the geometry of its filter graph, and
 * the receiver, who may take his time.
 */
export class Decoder {
  private readonly request: DecodeRequest;
  private readonly events: DecoderEvents;
  private readonly pool: PixelPool;
  private readonly clock: Clock;
  private readonly child: KeptProcess;
  private readonly pairing: ViewPairing<Raw, Raw>;
  private readonly geometryLines: GeometryLines;
  private readonly geometries: Geometry[] = [];
  private readonly waiting: { frame: Raw; view: Raw | undefined }[] = [];
  private readonly readers: NutReader[] = [];
  private readonly stderr: StderrReader;
  private geometry: Geometry | undefined;
  private busy = false;
  /** Of the last line. What comes before the first line of ffmpeg is from the loader or the shell: an error. */
  private level: Level = 'error';
  private exit: Exit | undefined;
  private error: unknown;
  private stopKill: (() => void) | undefined;
  /** What ffmpeg said about the source; complete from the first frame on. */
  media: MediaDescription = {};

  constructor(ffmpeg: Ffmpeg, request: DecodeRequest, events: DecoderEvents, { pool, clock }: { pool: PixelPool; clock: Clock }) {
    this.request = request;
    this.events = events;
    this.pool = pool;
    this.clock = clock;
    const { view, fps } = request;
    this.pairing = new ViewPairing(
      view ? viewRule(fps, view.fps) : () => false,
      (frame, ofView) => void this.waiting.push({ frame, view: ofView }),
    );
    this.geometryLines = new GeometryLines(view !== undefined);
    const secrets = request.input.kind === 'rtsp' ? secretsOf(request.input.url) : [];
    this.stderr = new StderrReader(
      (line) => this.line(line, secrets),
      () => clock.monotonic(),
    );
    const live = request.input.kind === 'rtsp';
    const pipes = [...(view ? [VIEW_FD] : []), ...(live ? [PACKETS_FD] : [])];
    this.child = startKept(ffmpeg.path, decodeArguments(request, ffmpeg.flags), pipes, (exit) => this.ended(exit));
    this.connect();
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Bytes of standard error that were too many to read. */
  get skippedBytes(): number {
    return this.stderr.skippedBytes;
  }

  /** Asks ffmpeg to end, and after 2 s makes it. `exit` follows. */
  stop(): void {
    if (this.exit !== undefined || this.stopKill !== undefined) return;
    this.child.signal('TERM');
    this.stopKill = this.clock.after(TERM_LIMIT_MS, () => this.child.signal('KILL'));
  }

  private connect(): void {
    const { child, pool } = this;
    this.read(child.stdout, new PlanarTarget(this.request.model, pool, (pixels, timeUs) => this.pairing.frame(this.raw(pixels, timeUs))));
    const views = child.pipes.get(VIEW_FD);
    if (views) this.read(views, new PackedTarget(pool, (pixels, timeUs) => this.pairing.view(this.raw(pixels, timeUs))));
    child.stderr.on('data', (chunk: Buffer) => this.stderr.push(chunk));
    const packets = new PacketLines((timeUs) => {
      if (timeUs >= EARLIEST_US) this.events.packet?.(timeUs);
    });
    child.pipes.get(PACKETS_FD)?.on('data', (chunk: Buffer) => packets.push(chunk));
    for (const stream of [child.stdout, child.stderr, ...child.pipes.values()]) stream.on('error', (error) => this.fail(error));
  }

  private raw(pixels: ArrayBuffer, timeUs: number): Raw {
    return { pixels, timeUs, arrivedMs: this.clock.monotonic() };
  }

  private read(stream: Readable, target: FrameTarget): void {
    const reader = new NutReader(target);
    this.readers.push(reader);
    stream.on('data', (chunk: Buffer) => this.guarded(() => reader.push(chunk)));
  }

  /** What cannot be read ends the process; the exit tells why. */
  private guarded(work: () => void): void {
    if (this.error !== undefined) return;
    try {
      work();
      this.deliver();
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    this.error ??= error;
    this.child.signal('KILL');
  }

  private line(line: string, secrets: readonly string[]): void {
    const geometry = this.geometryLines.read(line);
    if (geometry !== undefined) {
      this.geometries.push(geometry);
      this.guarded(() => undefined);
    }
    const parsed = parseStderrLine(line, secrets, this.level);
    this.level = parsed.level;
    if (parsed.level === 'info') this.media = describeMedia(this.media, line);
    this.events.line?.(parsed);
  }

  /** Hands over what is ready, one frame after the other. */
  private deliver(): void {
    while (!this.busy) {
      const next = this.waiting[0];
      if (next === undefined || !this.hasGeometry(next.frame)) break;
      this.waiting.shift();
      if (this.isTimeless(next.frame)) continue;
      const taken = this.events.frame(this.decoded(next.frame, next.view));
      if (taken !== undefined) this.hold(taken);
    }
    this.tellExit();
  }

  private isTimeless(frame: Raw): boolean {
    const timeless = this.request.input.kind === 'rtsp' && frame.timeUs < EARLIEST_US;
    if (timeless) this.pool.giveBack(frame.pixels);
    return timeless;
  }

  private hasGeometry(frame: Raw): boolean {
    if (!graphBegins(frame.timeUs) && this.geometry !== undefined) return true;
    const next = this.geometries.shift();
    if (next !== undefined) this.geometry = next;
    return next !== undefined;
  }

  private decoded(frame: Raw, view: Raw | undefined): DecodedFrame {
    const { image, view: viewSize } = this.geometry as Geometry;
    const place = letterbox(image, this.request.model);
    const whole = view !== undefined && viewSize !== undefined ? { view: this.viewOf(view, viewSize) } : {};
    return { timeUs: frame.timeUs, image, letterbox: place, pixels: frame.pixels, arrivedMs: frame.arrivedMs, ...whole };
  }

  /** An old ffmpeg squeezes a picture of another shape into the size of the first one. */
  private viewOf(view: Raw, size: ImageSize): View {
    const pixels = new Uint8Array(view.pixels);
    if (this.firstView === undefined) this.firstView = size;
    return pixels.length === 3 * size.width * size.height ? { ...size, pixels } : { ...this.firstView, pixels };
  }

  private firstView: ImageSize | undefined;

  private hold(taken: Promise<void>): void {
    this.busy = true;
    const notAtOnce = setImmediate(() => this.pauseReading(true));
    const goOn = (error?: unknown) => {
      this.busy = false;
      clearImmediate(notAtOnce);
      this.pauseReading(false);
      this.guarded(() => {
        if (error !== undefined) throw error;
      });
    };
    taken.then(() => goOn(), goOn);
  }

  private pauseReading(paused: boolean): void {
    for (const stream of [this.child.stdout, this.child.pipes.get(VIEW_FD)]) {
      if (stream === undefined || stream.isPaused() === paused) continue;
      if (paused) stream.pause();
      else stream.resume();
    }
  }

  private ended(exit: Exit): void {
    this.stopKill?.();
    this.exit = exit;
    this.stderr.end();
    this.pairing.end();
    this.guarded(() => undefined);
    this.tellExit();
  }

  /** After the last frame. Frames whose geometry never came are of no use. */
  private tellExit(): void {
    if (this.exit === undefined || this.busy || this.told) return;
    if (this.error === undefined && this.waiting.length > 0 && this.geometries.length > 0) return;
    for (const { frame } of this.waiting.splice(0)) this.pool.giveBack(frame.pixels);
    this.told = true;
    const truncated = this.readers.some((reader) => reader.insideFrame);
    this.events.exit({ ...this.exit, truncated, ...(this.error === undefined ? {} : { error: this.error }) });
  }

  private told = false;
}
