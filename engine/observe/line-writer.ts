import { write } from 'node:fs';

/** What waits at most for a reader that stands still: beyond it lines are left out, and how many is told. */
const MOST_WAITING_BYTES = 1024 * 1024;
/** A terminal that others have made non-blocking says that it has no room right now. */
const AGAIN_MS = 10;

/**
 * Writes lines to a file descriptor without ever holding up whoever writes: one write at a time is under way, in a thread of the system's;
 * what comes meanwhile waits, in order. A reader that stands still (a paused terminal, a full pipe) costs memory up to a bound, never time.
 */
export class LineWriter {
  private readonly fd: number;
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  private leftOut = 0;
  private busy = false;
  private broken = false;
  private idle = Promise.withResolvers<void>();

  constructor(fd: number) {
    this.fd = fd;
    this.idle.resolve();
  }

  /** Takes a line, with its line feed. */
  write(line: string): void {
    if (this.broken) return;
    if (this.waitingBytes >= MOST_WAITING_BYTES) this.leftOut += 1;
    else this.take(line);
    if (!this.busy) this.begin();
  }

  /** Resolves when everything taken is written, or nobody is there any more to read it. */
  get written(): Promise<void> {
    return this.idle.promise;
  }

  private take(line: string): void {
    const bytes = Buffer.from(line);
    this.waiting.push(bytes);
    this.waitingBytes += bytes.length;
  }

  private begin(): void {
    this.busy = true;
    this.idle = Promise.withResolvers();
    this.next();
  }

  private next(): void {
    const bytes = Buffer.concat(this.waiting);
    this.waiting = [];
    this.waitingBytes = 0;
    if (this.leftOut > 0) this.take(`${this.leftOut} lines were left out here: whoever reads them was too slow\n`);
    this.leftOut = 0;
    this.put(bytes);
  }

  private put(bytes: Buffer): void {
    write(this.fd, bytes, (error, count) => {
      if (error !== null && error.code !== 'EAGAIN') this.giveUp();
      else if (error !== null) setTimeout(() => this.put(bytes), AGAIN_MS);
      else if (count < bytes.length) this.put(bytes.subarray(count));
      else if (this.waiting.length > 0) this.next();
      else this.rest();
    });
  }

  private rest(): void {
    this.busy = false;
    this.idle.resolve();
  }

  /** The other end is gone: there is nobody to tell that to. */
  private giveUp(): void {
    this.broken = true;
    this.waiting = [];
    this.rest();
  }
}
