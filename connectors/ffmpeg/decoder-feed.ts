import type { Writable } from 'node:stream';
import { nutFrameHead, nutHeader } from './nut-writer.ts';

/** An encoded picture for the decoder. */
export interface EncodedPicture {
  readonly bytes: Buffer;
  /** Decoding can begin here. */
  readonly key: boolean;
  /** Microseconds, comes back with the decoded picture. */
  readonly timeUs: number;
}

/** What may wait for a decoder that does not take it: seconds of a good camera, or the largest picture there is. */
const WAITING_LIMIT_BYTES = 16 * 1024 * 1024;

export interface FeedOptions {
  readonly fourcc: string;
  /** How far the pictures that are on their way may reach back: microseconds of their times. */
  readonly lagLimitUs: number;
  /** Pictures that the decoder will never see, though decoding had begun. */
  readonly skipped: (pictures: number) => void;
}

/**
 * Gives pictures to a decoder's input, from the first key frame on. A decoder that lags must not lag ever more: when it is too far behind,
 * or too much waits, what waits is dropped, and what comes too, until it has caught up and there is a key frame.
 *
 *   waiting for a key frame ──key frame──▶ feeding ──too far behind──▶ waiting for a key frame
 */
export class DecoderFeed {
  private readonly input: Writable;
  private readonly options: FeedOptions;
  private readonly waiting: EncodedPicture[] = [];
  private waitingBytes = 0;
  private needsKey = true;
  private began = false;
  private busy = false;
  private ended = false;
  private givenUs = 0;
  /** Times of the pictures that were given and have not come back, nor any after them. */
  private inFlightUs: number[] = [];
  private hasDecoded = false;

  constructor(input: Writable, options: FeedOptions) {
    this.input = input;
    this.options = options;
    input.write(nutHeader(options.fourcc));
    input.on('drain', () => this.goOn());
  }

  push(picture: EncodedPicture): void {
    if (this.ended) return;
    if (this.isBehind) this.skip();
    if (this.needsKey && !picture.key) this.leaveOut();
    else this.give(picture);
  }

  /** A picture of this time came out of the decoder. */
  decoded(timeUs: number): void {
    this.hasDecoded = true;
    while ((this.inFlightUs[0] ?? Number.POSITIVE_INFINITY) <= timeUs) this.inFlightUs.shift();
  }

  /** Nothing more comes: the decoder gets what waits, gives what it has, and ends. */
  end(): void {
    this.ended = true;
    if (!this.busy) this.input.end();
  }

  /** The decoder is to end, whatever waits. */
  abandon(): void {
    this.waiting.length = 0;
    this.ended = true;
    this.input.end();
  }

  /** Before its first picture a decoder may take its time: it has to be started. */
  private get isBehind(): boolean {
    const lagUs = this.givenUs - (this.inFlightUs[0] ?? this.givenUs);
    return (this.hasDecoded && lagUs > this.options.lagLimitUs) || this.waitingBytes > WAITING_LIMIT_BYTES;
  }

  private skip(): void {
    const dropped = this.waiting.splice(0).length;
    this.waitingBytes = 0;
    this.inFlightUs = [];
    this.needsKey = true;
    if (dropped > 0) this.options.skipped(dropped);
  }

  private leaveOut(): void {
    if (this.began) this.options.skipped(1);
  }

  /** Times become even: odd ones mean something behind the decoder. */
  private give(picture: EncodedPicture): void {
    this.needsKey = false;
    this.began = true;
    this.givenUs = 2 * Math.floor(picture.timeUs / 2);
    this.inFlightUs.push(this.givenUs);
    const timed = { ...picture, timeUs: this.givenUs };
    if (this.busy) this.wait(timed);
    else this.write(timed);
  }

  private wait(picture: EncodedPicture): void {
    this.waiting.push(picture);
    this.waitingBytes += picture.bytes.length;
  }

  private write({ bytes, key, timeUs }: EncodedPicture): void {
    this.input.cork();
    this.input.write(nutFrameHead(timeUs, key, bytes.length));
    this.busy = !this.input.write(bytes);
    this.input.uncork();
  }

  private goOn(): void {
    this.busy = false;
    while (!this.busy) {
      const next = this.waiting.shift();
      if (next === undefined) break;
      this.waitingBytes -= next.bytes.length;
      this.write(next);
    }
    if (this.ended && !this.busy) this.input.end();
  }
}
