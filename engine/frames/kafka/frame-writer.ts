import type { Clock } from '../../clock.ts';
import { encodePlanarJpeg } from '../../pictures/planar-jpeg.ts';
import type { ImageSize } from '../../records/record.ts';
import type { BusItem, Frame } from '../frame.ts';
import type { Delivery } from '../frame-bus.ts';
import type { FrameEncoding } from '../frame-encoding.ts';
import type { PixelPool } from '../pixel-pool.ts';
import { type FrameHeader, writeFrame, writeRecord } from './frame-record.ts';

export interface FrameWriterOptions {
  readonly encoding: FrameEncoding;
  readonly clock: Clock;
  readonly pool: PixelPool;
  readonly model: ImageSize;
  /** What this process draws for itself at its start: 32 bits. */
  readonly sender: number;
}

/** Makes records of topic `frames` out of what connectors say; pixels go back to the pool. */
export class FrameWriter {
  private readonly options: FrameWriterOptions;

  constructor(options: FrameWriterOptions) {
    this.options = options;
  }

  async write(item: BusItem, delivery: Delivery): Promise<Buffer> {
    if (item.type !== 'frame') return writeRecord(item);
    const { pool } = this.options;
    try {
      return writeFrame(this.headerOf(item, delivery), await this.encode(item));
    } finally {
      pool.giveBack(item.pixels);
    }
  }

  private async encode({ pixels }: Frame): Promise<Uint8Array> {
    const { encoding, model, pool } = this.options;
    const planar = new Uint8Array(pixels);
    if (encoding.encoding === 'raw') return planar;
    const packed = pool.get(pixels.byteLength);
    try {
      return await encodePlanarJpeg({ ...model, pixels: planar }, encoding.quality, new Uint8Array(packed));
    } finally {
      pool.giveBack(packed);
    }
  }

  private headerOf(frame: Frame, delivery: Delivery): FrameHeader {
    const { clock, encoding, model, sender } = this.options;
    const { session, seq, time, decodedMs, settings, image, letterbox } = frame;
    return {
      encoding: encoding.encoding,
      statistics: frame.statistics ?? false,
      clock: frame.clock,
      sender,
      freshnessMs: delivery.kind === 'live' ? delivery.freshnessMs : 0,
      arrivedAt: clock.now() - (clock.monotonic() - frame.arrivedMs),
      size: model,
      ...{ session, seq, time, decodedMs, settings, image, letterbox },
    };
  }
}
