import type { FrameHeader } from '../../../protocol.ts';
import type { FrameMessage } from './connection.ts';
import { Trails } from './trails.ts';

/** A picture that can be drawn, with the record of the same frame. */
export interface Shown {
  readonly header: FrameHeader;
  readonly picture: ImageBitmap;
  /** When it came, by `performance.now()`. */
  readonly receivedMs: number;
}

/** The pictures of one camera as they come: decodes one at a time, and only the newest that waits. */
export class Feed {
  readonly trails = new Trails();
  newest: Shown | undefined;
  private readonly listeners = new Set<() => void>();
  private waiting: FrameMessage | undefined;
  private decoding = false;

  take(message: FrameMessage): void {
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

/** A picture that the browser cannot decode is not shown; the age of the one before tells. */
function decodeJpeg(jpeg: Uint8Array<ArrayBuffer>): Promise<ImageBitmap | undefined> {
  return createImageBitmap(new Blob([jpeg], { type: 'image/jpeg' })).catch(() => undefined);
}

/** The feeds of all cameras. */
export class Feeds {
  private readonly feeds = new Map<string, Feed>();

  of(camera: string): Feed {
    const feed = this.feeds.get(camera) ?? new Feed();
    this.feeds.set(camera, feed);
    return feed;
  }

  take(message: FrameMessage): void {
    this.of(message.header.record.camera).take(message);
  }
}
