import type { CameraCounters, CameraState, CameraStatus, Cause } from './camera-status.ts';
import type { StderrLine } from './ffmpeg/stderr-reader.ts';
import { FrameRate } from './frame-rate.ts';

const KEPT_LINES = 20;

export interface StateFacts {
  readonly state: CameraState;
  readonly cause?: Cause;
  readonly detail?: string;
  readonly since: number;
  readonly nextTryAt?: number;
}

/** Collects what people may ask about a camera: its state, counters, rate, and the last words of ffmpeg. */
export class CameraReport {
  private readonly camera: string;
  private readonly counts = {
    frames: 0,
    packets: 0,
    lostPackets: 0,
    decodeErrors: 0,
    skippedPictures: 0,
    truncatedFrames: 0,
    skippedMessageBytes: 0,
  };
  private readonly restarts: Partial<Record<Cause, number>> = {};
  private readonly lines: string[] = [];
  private ofProcess: string[] = [];
  private readonly rate = new FrameRate();
  private facts: StateFacts;

  constructor(camera: string, facts: StateFacts) {
    this.camera = camera;
    this.facts = facts;
  }

  get state(): CameraState {
    return this.facts.state;
  }

  turn(facts: StateFacts): void {
    this.facts = facts;
  }

  /** A frame reached the bus. @param timeMs when it was caught, by the monotonic clock */
  frame(timeMs: number): void {
    this.counts.frames += 1;
    this.rate.frame(timeMs);
  }

  count(counter: Exclude<keyof CameraCounters, 'restarts' | 'frames'>, by = 1): void {
    this.counts[counter] += by;
  }

  restart(cause: Cause): void {
    this.restarts[cause] = (this.restarts[cause] ?? 0) + 1;
  }

  /** What the ffmpeg that runs now said last: why it ended is not to be read out of the words of one before it. */
  get processLines(): readonly string[] {
    return this.ofProcess;
  }

  processStarts(): void {
    this.ofProcess = [];
    this.rate.begin();
  }

  /** Keeps what is worse than information, and shows people what is worse than a warning: ffmpeg warns of cameras that run well, too. */
  line({ level, part, text }: StderrLine): void {
    if (level === 'info') return;
    const line = part === '' ? text : `${part}: ${text}`;
    keep(this.ofProcess, line);
    if (level !== 'warning') keep(this.lines, line);
    if (level === 'error' && isDecodeError(part, text)) this.count('decodeErrors');
  }

  status(nowMs: number): CameraStatus {
    const counters = { ...this.counts, restarts: { ...this.restarts } };
    return { camera: this.camera, ...this.facts, fps: this.rate.at(nowMs), counters, lastLines: [...this.lines] };
  }
}

function keep(lines: string[], line: string): void {
  lines.push(line);
  if (lines.length > KEPT_LINES) lines.shift();
}

const DECODERS = /^(h264|hevc|h265|mjpeg|png|mpeg4|av1|libdav1d|vp8|vp9|mpeg2video|vist#.*|dec:.*)$/;

function isDecodeError(part: string, text: string): boolean {
  return DECODERS.test(part) || text.startsWith('Error while decoding stream');
}
