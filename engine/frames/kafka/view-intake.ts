import type { Clock } from '../../clock.ts';
import { decodePicture } from '../../pictures/picture.ts';
import type { ViewStore } from '../view-store.ts';
import { ClockSkew } from './clock-skew.ts';
import { type EncodedFrame, readItem } from './frame-record.ts';
import type { FrameIntake, FrameMessage } from './partition-fetcher.ts';

const NO_PIXELS = new ArrayBuffer(0);

interface Needs {
  readonly views: ViewStore;
  readonly clock: Clock;
  readonly onTrouble: (error: unknown) => void;
}

/** Decodes the views of watched cameras of one partition; of a camera one at a time, the newest next. */
export class ViewIntake implements FrameIntake {
  readonly cameras = new Set<string>();
  private readonly needs: Needs;
  private readonly decoding = new Set<string>();
  private readonly waiting = new Map<string, EncodedFrame>();
  private readonly skews = new Map<number, ClockSkew>();

  constructor(needs: Needs) {
    this.needs = needs;
  }

  async room(): Promise<void> {}

  take({ camera, value, isLast }: FrameMessage): void {
    if (!this.cameras.has(camera)) return;
    try {
      const frame = readItem(value);
      if (frame.type !== 'frame') return;
      if (isLast) this.skewOf(frame).sample(frame.header.arrivedAt + frame.header.decodedMs);
      this.waiting.set(camera, frame);
      void this.decode(camera);
    } catch (error) {
      this.needs.onTrouble(error);
    }
  }

  private async decode(camera: string): Promise<void> {
    const frame = this.waiting.get(camera);
    if (frame === undefined || this.decoding.has(camera)) return;
    this.waiting.delete(camera);
    this.decoding.add(camera);
    await this.show(camera, frame).catch(this.needs.onTrouble);
    this.decoding.delete(camera);
    await this.decode(camera);
  }

  private async show(camera: string, frame: EncodedFrame): Promise<void> {
    const { views, clock } = this.needs;
    const view = await decodePicture(frame.pixels);
    const arrivedMs = clock.monotonic() - this.skewOf(frame).ageMs(frame.header.arrivedAt);
    views.put({ type: 'frame', camera, arrivedMs, pixels: NO_PIXELS, view, ...frame.header });
  }

  private skewOf({ header: { sender } }: EncodedFrame): ClockSkew {
    const skew = this.skews.get(sender) ?? new ClockSkew(this.needs.clock);
    this.skews.set(sender, skew);
    return skew;
  }
}
