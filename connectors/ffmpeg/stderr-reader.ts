export type Level = 'fatal' | 'error' | 'warning' | 'info';

/** One line that ffmpeg wrote to standard error. It knows no secret that it could tell. */
export interface StderrLine {
  readonly level: Level;
  /** The part of ffmpeg that speaks: `h264`, `rtsp`, `scale@model`; empty for the program itself. */
  readonly part: string;
  readonly text: string;
}

const LONGEST_LINE = 2000;
/** What one second may bring before only the lines about geometry are read. */
const BUDGET_BYTES = 256 * 1024;
const GEOMETRY = Buffer.from('[scale@');
const NEWLINE = 0x0a;

/**
 * Splits standard error into lines. A flood costs little: beyond the budget of a second, bytes are only searched for the lines that
 * frames need, and the rest is counted.
 */
export class StderrReader {
  private readonly onLine: (line: string) => void;
  private readonly now: () => number;
  private rest = Buffer.alloc(0);
  private windowStart = Number.NEGATIVE_INFINITY;
  private spentBytes = 0;
  /** Bytes that nobody read because there were too many. */
  skippedBytes = 0;

  /** @param now a monotonic clock, in milliseconds. */
  constructor(onLine: (line: string) => void, now: () => number) {
    this.onLine = onLine;
    this.now = now;
  }

  push(chunk: Buffer): void {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    const complete = bytes.subarray(0, end);
    if (this.withinBudget(chunk.length)) this.everyLine(complete);
    else this.geometryLines(complete);
    this.rest = Buffer.from(bytes.subarray(Math.max(end, bytes.length - LONGEST_LINE)));
  }

  /** The last line, if it has no end. */
  end(): void {
    if (this.rest.length > 0) this.everyLine(this.rest);
    this.rest = Buffer.alloc(0);
  }

  private withinBudget(sizeBytes: number): boolean {
    const now = this.now();
    if (now - this.windowStart >= 1000) {
      this.windowStart = now;
      this.spentBytes = 0;
    }
    this.spentBytes += sizeBytes;
    return this.spentBytes <= BUDGET_BYTES;
  }

  private everyLine(bytes: Buffer): void {
    for (const line of bytes.toString('utf8').split(/[\r\n]+/)) if (line !== '') this.onLine(line.slice(0, LONGEST_LINE));
  }

  private geometryLines(bytes: Buffer): void {
    this.skippedBytes += bytes.length;
    for (let at = bytes.indexOf(GEOMETRY); at !== -1; at = bytes.indexOf(GEOMETRY, at + 1)) {
      const end = bytes.indexOf(NEWLINE, at);
      this.onLine(bytes.toString('utf8', at, Math.min(end === -1 ? bytes.length : end, at + LONGEST_LINE)));
    }
  }
}

const LINE = /^(?:\[([^\]]+?)(?: @ 0x[0-9a-f]+)?\] )?\[(panic|fatal|error|warning|info|verbose)\] (.*)$/;

/** Takes a line apart. A line without a level goes on with the one before it (`level`). */
export function parseStderrLine(line: string, level: Level): StderrLine {
  const [, part = '', word, text = line] = LINE.exec(line) ?? [];
  return { level: word === undefined ? level : levelOf(word), part, text };
}

function levelOf(word: string): Level {
  if (word === 'verbose' || word === 'info') return 'info';
  return word === 'panic' ? 'fatal' : (word as Level);
}
