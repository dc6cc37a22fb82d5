import type { Clock } from '../../../engine/clock.ts';
import { sentenceOf } from '../../../engine/errors.ts';
import type { BorrowedView, ViewStore } from '../../../engine/frames/view-store.ts';
import type { Logger } from '../../../engine/observe/logger.ts';
import { encodeJpeg } from '../../../engine/pictures/picture.ts';
import type { TracksRecord } from '../../../engine/records/record.ts';
import { encodeFrameMessage } from '../../frame-message.ts';
import { binaryFrame } from './binary-frame.ts';
import { JpegLane, type PictureJob } from './jpeg-lane.ts';
import type { Viewer } from './viewer.ts';

/** 0…100: at 80 the edges under thin boxes stay clean, at a third of the bytes of 95. */
const QUALITY = 80;
/** Widths are rounded up to multiples of this, so that tiles of nearly one size share a picture. */
const WIDTH_STEP = 80;

interface HubOptions {
  readonly clock: Clock;
  readonly views: ViewStore;
  readonly logger: Logger;
}

/** A picture as JPEG, and which it is. */
export interface EncodedView {
  readonly jpeg: Uint8Array;
  readonly of: Pick<BorrowedView, 'place' | 'time'>;
}

/**
 * Joins each committed record with the picture of the same place and gives both to whoever watches. A picture is encoded once for each
 * width that somebody sees, a message is built once for all who get it, and a camera that nobody watches costs nothing.
 */
export class LiveHub {
  readonly viewers = new Set<Viewer>();
  private readonly clock: Clock;
  private readonly views: ViewStore;
  private readonly logger: Logger;
  private readonly lanes = new Map<string, JpegLane>();
  private readonly encodedOf = new Map<string, number>();

  constructor({ clock, views, logger }: HubOptions) {
    this.clock = clock;
    this.views = views;
    this.logger = logger;
  }

  /** How many JPEGs were made of a camera since the start. */
  encoded(camera: string): number {
    return this.encodedOf.get(camera) ?? 0;
  }

  /** What the pictures of the last second take. */
  get viewBytes(): number {
    return this.views.bytes;
  }

  /** A record of a frame was committed. */
  frame(record: TracksRecord): void {
    const { camera } = record;
    const watching = [...this.viewers].filter((viewer) => viewer.watches(camera));
    const borrowed = watching.length > 0 ? this.views.borrow(camera, record) : undefined;
    if (borrowed === undefined) return;
    const header = { captured: capturedAt(borrowed, this.clock), record };
    for (const [width, viewers] of byWidth(camera, watching, borrowed.view.width)) {
      const own = this.views.borrow(camera, record);
      if (own !== undefined) this.lane(camera, width).offer({ borrowed: own, header, viewers });
    }
    borrowed.release();
  }

  /** The newest picture of a camera as JPEG, and which it is; `undefined` when there is none of the last second. */
  newest(camera: string, width: number): Promise<EncodedView | undefined> {
    return this.encodeOnce(camera, this.views.borrowNewest(camera), width);
  }

  /** As `newest`, or of what a camera showed before it fell silent, for a minute. */
  last(camera: string, width: number): Promise<EncodedView | undefined> {
    return this.encodeOnce(camera, this.views.borrowLast(camera), width);
  }

  private async encodeOnce(camera: string, of: BorrowedView | undefined, width: number): Promise<EncodedView | undefined> {
    if (of === undefined) return undefined;
    try {
      return { jpeg: await this.jpeg(camera, of, sharedWidth(width, of.view.width)), of };
    } finally {
      of.release();
    }
  }

  private lane(camera: string, width: number): JpegLane {
    const key = `${camera} ${width}`;
    const lane = this.lanes.get(key) ?? new JpegLane((job) => this.deliver(camera, width, job));
    this.lanes.set(key, lane);
    return lane;
  }

  private async deliver(camera: string, width: number, { borrowed, header, viewers }: PictureJob): Promise<void> {
    try {
      const frame = binaryFrame(encodeFrameMessage(header, await this.jpeg(camera, borrowed, width)));
      for (const viewer of viewers) viewer.picture(camera, frame);
    } catch (error) {
      this.logger.warn({ camera, ...borrowed.place, error: sentenceOf(error) }, 'A picture for people could not be encoded');
    }
  }

  private jpeg(camera: string, { view }: BorrowedView, width: number): Promise<Uint8Array<ArrayBuffer>> {
    this.encodedOf.set(camera, this.encoded(camera) + 1);
    return encodeJpeg(view, QUALITY, width);
  }
}

/** When a frame was captured by the wall clock of this machine: what ages are counted from, also for recordings of another year. */
export function capturedAt({ clock, time, arrivedMs }: Pick<BorrowedView, 'clock' | 'time' | 'arrivedMs'>, now: Clock): number {
  return clock === 'arrival' ? time : Math.round(now.now() - (now.monotonic() - arrivedMs));
}

function byWidth(camera: string, viewers: readonly Viewer[], most: number): Map<number, Set<Viewer>> {
  const wanted = new Map<number, Set<Viewer>>();
  for (const viewer of viewers) {
    const width = viewer.wants(camera);
    if (width === undefined) continue;
    const shared = sharedWidth(width, most);
    wanted.set(shared, (wanted.get(shared) ?? new Set()).add(viewer));
  }
  return wanted;
}

function sharedWidth(width: number, most: number): number {
  return Math.min(most, Math.ceil(width / WIDTH_STEP) * WIDTH_STEP);
}
