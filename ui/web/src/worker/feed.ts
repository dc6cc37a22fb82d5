import type { FrameHeader } from '../../../protocol.ts';
import { sharedNow } from '../live/shared-time.ts';
import type { FrameMessage } from './connection.ts';
import { decodeJpeg } from './decode-jpeg.ts';
import { Trails } from './trails.ts';

/** A picture that can be drawn, with the record of the same frame. */
export interface Shown {
  readonly header: FrameHeader;
  readonly picture: ImageBitmap;
  /** When it came, by the shared clock. */
  readonly receivedMs: number;
}

/** The pictures of one camera as they come: decodes one at a time, and only the newest that waits. */
export class Feed {
  readonly trails = new Trails();
  newest: Shown | undefined;
  private readonly onTaken: () => void;
  private readonly onNewest: () => void;
  private waiting: FrameMessage | undefined;
  private decoding = false;

  /**
   * @param onTaken called once for each picture, when it is decoded or a newer one has taken its place.
   * @param onNewest called when there is a newer picture to be drawn.
   */
  constructor(onTaken: () => void, onNewest: () => void) {
    this.onTaken = onTaken;
    this.onNewest = onNewest;
  }

  take(message: FrameMessage): void {
    if (this.waiting !== undefined) this.onTaken();
    this.waiting = message;
    if (!this.decoding) void this.decode();
  }

  private async decode(): Promise<void> {
    this.decoding = true;
    for (let message = this.waiting; message !== undefined; message = this.waiting) {
      this.waiting = undefined;
      const picture = await decodeJpeg(message.jpeg);
      this.onTaken();
      if (picture !== undefined) this.show({ header: message.header, picture, receivedMs: sharedNow() });
    }
    this.decoding = false;
  }

  private show(shown: Shown): void {
    this.newest?.picture.close();
    this.newest = shown;
    this.trails.take(shown.header.record);
    this.onNewest();
  }
}
