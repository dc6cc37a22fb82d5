import type { BorrowedView } from '../../../engine/frames/view-store.ts';
import type { FrameHeader } from '../../protocol.ts';
import type { Viewer } from './viewer.ts';

/** A picture to be encoded, and for whom. */
export interface PictureJob {
  readonly borrowed: BorrowedView;
  readonly header: FrameHeader;
  readonly viewers: ReadonlySet<Viewer>;
}

/**
 * Encodes the pictures of one camera at one width, one at a time and in order, off the event loop. While one is being encoded the newest
 * waits and takes over the viewers of the ones before it: an overloaded machine shows fewer pictures, never older ones.
 */
export class JpegLane {
  private readonly encode: (job: PictureJob) => Promise<void>;
  private next: PictureJob | undefined;
  private busy = false;

  /** @param encode must not reject. */
  constructor(encode: (job: PictureJob) => Promise<void>) {
    this.encode = encode;
  }

  offer(job: PictureJob): void {
    const passedOver = this.next;
    passedOver?.borrowed.release();
    this.next = passedOver === undefined ? job : { ...job, viewers: job.viewers.union(passedOver.viewers) };
    if (!this.busy) void this.work();
  }

  private async work(): Promise<void> {
    this.busy = true;
    for (let job = this.next; job !== undefined; job = this.next) {
      this.next = undefined;
      await this.encode(job);
      job.borrowed.release();
    }
    this.busy = false;
  }
}
