import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Clock } from '../../../engine/clock.ts';
import { CLOSE, type Watch } from '../../protocol.ts';

/** A WebSocket's `readyState` between its opening and its close. */
const OPEN = 1;
/** Beyond this only the newest picture of each camera waits, and what must not get lost. */
const BUFFER_LIMIT_BYTES = 2 ** 20;
/** A viewer that more messages wait for is let go: it reads all of it from the log when it connects again. */
const MOST_WAITING = 500;
/** A viewer that takes nothing for so long is let go. */
const STUCK_MS = 5000;
/** A frame that comes this share of a period too early still counts: cameras are not perfectly even. */
const EARLY_SHARE = 0.3;

/** Pictures on their way to a page that tells what it took: so many of each camera, or those of so long a time when that is more. */
const ON_THE_WAY = 2;
const ON_THE_WAY_MS = 200;

interface Watched {
  readonly width: number;
  readonly periodMs: number;
  nextMs: number;
}

/**
 * One browser that watches. Pictures that it has no room for are replaced by newer ones of the same camera. Pictures are written to the
 * wire as they were framed for all; everything else goes through `ws`, which writes whole frames too, so that neither cuts into the other.
 *
 *   flowing ──1 MiB buffered, or too many not yet taken by the page──▶ behind (newest a camera waits) ──drained, taken──▶ flowing
 *                                  └─ nothing taken for 5 s ──▶ closed, 1013
 *
 * Alerts and the pictures of them are never dropped: they wait, the newest of each, and go before the next picture.
 */
export class Viewer {
  /** Pictures that were replaced before they could be sent. */
  skipped = 0;
  private readonly socket: WebSocket;
  private readonly wire: Duplex;
  private readonly clock: Clock;
  private watched = new Map<string, Watched>();
  private readonly newest = new Map<string, Uint8Array>();
  /** Messages that wait, the newest by what each is about. */
  private readonly kept = new Map<string, string>();
  /** When it last took something of what waited for it, and what waited then, in bytes. */
  private tookMs: number;
  private waitedBytes = 0;
  private sent = 0;
  /** How many of them its page has taken; infinite for one that never said. */
  private taken = Number.POSITIVE_INFINITY;
  private allowed = 0;

  /** @param wire the connection under the socket. */
  constructor(socket: WebSocket, wire: Duplex, clock: Clock) {
    this.socket = socket;
    this.wire = wire;
    this.clock = clock;
    this.tookMs = clock.monotonic();
    wire.on('drain', () => this.flush());
  }

  watch(cameras: readonly Watch[]): void {
    const before = this.watched;
    this.watched = new Map(
      cameras.map(({ id, width, fps }) => [
        id,
        { width, periodMs: 1000 / fps, nextMs: before.get(id)?.nextMs ?? Number.NEGATIVE_INFINITY },
      ]),
    );
    for (const id of this.newest.keys()) if (!this.watched.has(id)) this.newest.delete(id);
    this.allowed = cameras.reduce((sum, { fps }) => sum + Math.max(ON_THE_WAY, Math.ceil((fps * ON_THE_WAY_MS) / 1000)), 2);
  }

  /** Its page has taken so many pictures of this connection. */
  took(pictures: number): void {
    this.taken = pictures;
    this.flush();
  }

  /** The width at which this viewer wants the camera's next picture, now; `undefined` when it wants none. */
  wants(camera: string): number | undefined {
    const watched = this.watched.get(camera);
    if (watched === undefined) return undefined;
    const now = this.clock.monotonic();
    if (now < watched.nextMs - EARLY_SHARE * watched.periodMs) return undefined;
    watched.nextMs = Math.max(watched.nextMs, now - EARLY_SHARE * watched.periodMs) + watched.periodMs;
    return watched.width;
  }

  /** What it watches. */
  get cameras(): Iterable<string> {
    return this.watched.keys();
  }

  watches(camera: string): boolean {
    return this.watched.has(camera);
  }

  /** @param frame the message, framed by `binaryFrame`. */
  picture(camera: string, frame: Uint8Array): void {
    if (!this.watched.has(camera)) return;
    if (this.newest.size === 0 && this.hasRoomForPicture) {
      this.send(frame);
      return;
    }
    // One that waits keeps its turn, with the newer picture.
    if (this.newest.has(camera)) this.skipped += 1;
    this.newest.set(camera, frame);
    this.flush();
  }

  /** What is soon said again: dropped while there is no room for it. */
  text(message: string): void {
    if (this.hasRoom) this.socket.send(message);
  }

  /**
   * What is said once: waits until there is room, and gives way only to a newer one about the same.
   * @param about what the message is about, such as an alert.
   */
  keep(about: string, message: string): void {
    if (this.socket.readyState !== OPEN) return;
    this.kept.set(about, message);
    this.flush();
    if (this.kept.size > MOST_WAITING) this.letGo(`Too slow: more than ${MOST_WAITING} messages wait. Connect again.`);
  }

  /** Called about once a second: lets go of a viewer that takes nothing. */
  check(): void {
    // Nothing is added to what waits beyond the limit: less of it means that something was taken.
    const waitingBytes = this.wire.writableLength;
    if (waitingBytes <= BUFFER_LIMIT_BYTES || waitingBytes < this.waitedBytes) this.tookMs = this.clock.monotonic();
    this.waitedBytes = waitingBytes;
    if (this.socket.readyState === OPEN && this.clock.monotonic() - this.tookMs >= STUCK_MS)
      this.letGo('Too slow: nothing was taken for 5 s. Connect again, or watch fewer cameras.');
  }

  close(code: number, sentence: string): void {
    this.socket.close(code, inCloseFrame(sentence));
  }

  private letGo(sentence: string): void {
    this.newest.clear();
    this.kept.clear();
    this.watched.clear();
    this.close(CLOSE.tooSlow, sentence);
    // What is buffered stands before the close frame: a viewer that still takes nothing is cut off.
    this.clock.after(STUCK_MS, () => this.socket.terminate());
  }

  private get hasRoom(): boolean {
    return this.socket.readyState === OPEN && this.wire.writableLength <= BUFFER_LIMIT_BYTES;
  }

  private get hasRoomForPicture(): boolean {
    return this.sent - this.taken < this.allowed && this.hasRoom;
  }

  private flush(): void {
    for (const [about, message] of this.kept) {
      if (!this.hasRoom) return;
      this.kept.delete(about);
      this.socket.send(message);
    }
    for (const [camera, frame] of this.newest) {
      if (!this.hasRoomForPicture) return;
      this.newest.delete(camera);
      this.send(frame);
    }
  }

  private send(frame: Uint8Array): void {
    this.sent += 1;
    this.wire.write(frame);
  }
}

/** A close frame has room for 123 bytes. */
function inCloseFrame(sentence: string): string {
  const bytes = Buffer.from(sentence);
  return bytes.length <= 123
    ? sentence
    : `${bytes
        .subarray(0, 119)
        .toString()
        .replace(/\uFFFD+$/, '')}…`;
}
