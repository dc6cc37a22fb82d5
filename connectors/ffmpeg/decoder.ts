import type { Readable } from 'node:stream';
import type { Clock } from '../../engine/clock.ts';
import type { Letterbox, View } from '../../engine/frames/frame.ts';
import type { PixelPool } from '../../engine/frames/pixel-pool.ts';
import type { ImageSize } from '../../engine/records/record.ts';
import { type DecodeRequest, decodeArguments } from './arguments.ts';
import { DecoderFeed, type EncodedPicture } from './decoder-feed.ts';
import type { Ffmpeg } from './find-ffmpeg.ts';
import { PackedTarget, PlanarTarget } from './frame-targets.ts';
import { letterbox } from './letterbox.ts';
import { describeMedia, type Geometry, GeometryLines, type MediaDescription } from './media-lines.ts';
import { type FrameTarget, NutReader } from './nut-reader.ts';
import { type Exit, INPUT_FD, type KeptProcess, OUTPUT_FD, startKept, TERM_LIMIT_MS } from './process.ts';
import { readInPlace } from './read-in-place.ts';
import { type Level, parseStderrLine, type StderrLine, StderrReader } from './stderr-reader.ts';
import { graphBegins, ViewPairing, viewRule } from './view-pairing.ts';

/** Live pictures that come out of ffmpeg later than this, beside the time between two of them, are too late to be of use. */
const LAG_LIMIT_US = 3e6;
const LAG_LIMIT_FRAMES = 3;

/** One frame as it comes out of the decoder: the camera does not know its place yet. */
export interface DecodedFrame {
  /** Microseconds: of live pictures as they were fed, to two of them; otherwise since the beginning of the file. */
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
  /** Live: pictures that will not be decoded, since ffmpeg is too slow. */
  skipped?(pictures: number): void;
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
  private readonly pipes: Readable[] = [];
  private readonly stderr: StderrReader;
  private readonly pictures: DecoderFeed | undefined;
  private geometry: Geometry | undefined;
  private busy = false;
  /** Of the last line. What comes before the first line of ffmpeg is from the loader or the shell: an error. */
  private level: Level = 'error';
  private exit: Exit | undefined;
  private error: unknown;
  private isStopping = false;
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
    this.stderr = new StderrReader(
      (line) => this.line(line),
      () => clock.monotonic(),
    );
    const pipes = [...(view ? [OUTPUT_FD] : []), ...(request.input.kind === 'live' ? [INPUT_FD] : [])];
    this.child = startKept(ffmpeg.path, decodeArguments(request, ffmpeg.flags), pipes, (exit) => this.ended(exit));
    this.connect();
    this.pictures = this.openFeed();
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Bytes of standard error that were too many to read. */
  get skippedBytes(): number {
    return this.stderr.skippedBytes;
  }

  /** Live: the next picture of the camera. */
  feed(picture: EncodedPicture): void {
    this.pictures?.push(picture);
  }

  /** Live: there is no further picture. What is on its way still comes; then, or after 2 s, `exit` follows. */
  finish(): void {
    this.pictures?.end();
    this.stopKill ??= this.clock.after(TERM_LIMIT_MS, () => this.child.signal('KILL'));
  }

  /** Asks ffmpeg to end, and after 2 s makes it. `exit` follows. */
  stop(): void {
    if (this.exit !== undefined || this.isStopping) return;
    this.isStopping = true;
    this.pictures?.abandon(); // While it waits for a picture, ffmpeg does not notice the signal.
    this.child.signal('TERM');
    this.stopKill ??= this.clock.after(TERM_LIMIT_MS, () => this.child.signal('KILL'));
  }

  private connect(): void {
    const { child, pool } = this;
    this.read(child.stdout, new PlanarTarget(this.request.model, pool, (pixels, timeUs) => this.pairing.frame(this.raw(pixels, timeUs))));
    if (child.output) this.read(child.output, new PackedTarget(pool, (pixels, timeUs) => this.pairing.view(this.raw(pixels, timeUs))));
    child.stderr.on('data', (chunk: Buffer) => this.stderr.push(chunk));
    child.stderr.on('error', (error) => this.fail(error));
  }

  /** An input that breaks is ffmpeg's end, which is told by itself. */
  private openFeed(): DecoderFeed | undefined {
    const { input, fps } = this.request;
    if (input.kind !== 'live' || this.child.input === undefined) return undefined;
    this.child.input.on('error', () => undefined);
    const lagLimitUs = LAG_LIMIT_US + (LAG_LIMIT_FRAMES * 1e6) / fps;
    const skipped = (pictures: number) => this.events.skipped?.(pictures);
    return new DecoderFeed(this.child.input, { fourcc: input.fourcc, lagLimitUs, skipped });
  }

  private raw(pixels: ArrayBuffer, timeUs: number): Raw {
    this.pictures?.decoded(timeUs);
    return { pixels, timeUs, arrivedMs: this.clock.monotonic() };
  }

  private read(stream: Readable, target: FrameTarget): void {
    const reader = new NutReader(target);
    this.readers.push(reader);
    const pipe = readInPlace(stream, (bytes) => this.guarded(() => reader.push(bytes)));
    pipe.on('error', (error) => this.fail(error));
    this.pipes.push(pipe);
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

  private line(line: string): void {
    const geometry = this.geometryLines.read(line);
    if (geometry !== undefined) {
      this.geometries.push(geometry);
      this.guarded(() => undefined);
    }
    const parsed = parseStderrLine(line, this.level);
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
      const taken = this.events.frame(this.decoded(next.frame, next.view));
      if (taken !== undefined) this.hold(taken);
    }
    this.tellExit();
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
    for (const pipe of this.pipes) {
      if (pipe.isPaused() === paused) continue;
      if (paused) pipe.pause();
      else pipe.resume();
    }
  }

  private ended(exit: Exit): void {
    this.stopKill?.();
    this.child.input?.destroy();
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
