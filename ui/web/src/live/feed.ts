import type { FrameHeader } from '../../../protocol.ts';
import type { FrameMessage } from './connection.ts';
import { type Decoded, decodeJpeg } from './decode-jpeg.ts';
import { Trails } from './trails.ts';

/** A picture that can be drawn, with the record of the same frame. */
export interface Shown {
  readonly header: FrameHeader;
  readonly picture: Decoded;
  /** When it came, by `performance.now()`. */
  readonly receivedMs: number;
}

/** The pictures of one camera as they come: decodes one at a time, and only the newest that waits. */
export class Feed {
  readonly trails = new Trails();
  newest: Shown | undefined;
  private readonly listeners = new Set<() => void>();
  private readonly onTaken: () => void;
  private waiting: FrameMessage | undefined;
  private decoding = false;

  /** @param onTaken called once for each picture, when it is decoded or a newer one has taken its place. */
  constructor(onTaken: () => void) {
    this.onTaken = onTaken;
  }

  take(message: FrameMessage): void {
    if (this.waiting !== undefined) this.onTaken();
    this.waiting = message;
    if (!this.decoding) void this.decode();
  }

  /** Calls back when there is a newer picture; the returned function ends it. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private async decode(): Promise<void> {
    this.decoding = true;
    for (let message = this.waiting; message !== undefined; message = this.waiting) {
      this.waiting = undefined;
      const picture = await decodeJpeg(message.jpeg);
      this.onTaken();
      if (picture !== undefined) this.show({ header: message.header, picture, receivedMs: performance.now() });
    }
    this.decoding = false;
  }

  private show(shown: Shown): void {
    this.newest?.picture.close();
    this.newest = shown;
    this.trails.take(shown.header.record);
    for (const listener of this.listeners) listener();
  }
}

/** The feeds of all cameras. */
export class Feeds {
  /** Called once for each picture that was taken. */
  onTaken: () => void = () => {};
  private readonly feeds = new Map<string, Feed>();

  of(camera: string): Feed {
    const feed = this.feeds.get(camera) ?? new Feed(() => this.onTaken());
    this.feeds.set(camera, feed);
    return feed;
  }

  take(message: FrameMessage): void {
    this.of(message.header.record.camera).take(message);
  }
}
