import { OcelliError } from '../../errors.ts';
import { decodePlanarJpeg } from '../../pictures/planar-jpeg.ts';
import type { ImageSize } from '../../records/record.ts';
import type { Frame } from '../frame.ts';
import type { PixelPool } from '../pixel-pool.ts';
import type { EncodedFrame, FrameHeader } from './frame-record.ts';

interface Facts {
  readonly camera: string;
  readonly arrivedMs: number;
  readonly pool: PixelPool;
  /** It does not wait any more: it was taken, or nobody will look at it. */
  readonly left: () => void;
}

/** A frame as it came through Kafka, waiting to be looked at: `pixels` are encoded as they came, and of its own. */
export class WaitingFrame implements Frame {
  readonly type = 'frame';
  readonly camera: string;
  readonly session: number;
  readonly seq: number;
  readonly time: number;
  readonly clock: Frame['clock'];
  readonly arrivedMs: number;
  readonly decodedMs: number;
  readonly statistics: boolean;
  readonly settings: string;
  readonly image: ImageSize;
  readonly letterbox: Frame['letterbox'];
  readonly pixels: ArrayBuffer;
  readonly left: () => void;
  /** How old it may become; 0: as old as it likes. */
  readonly freshnessMs: number;
  private readonly header: FrameHeader;

  constructor({ header, pixels }: EncodedFrame, { camera, arrivedMs, pool, left }: Facts) {
    this.header = header;
    this.left = left;
    this.camera = camera;
    this.arrivedMs = arrivedMs;
    this.session = header.session;
    this.seq = header.seq;
    this.freshnessMs = header.freshnessMs;
    this.time = header.time;
    this.clock = header.clock;
    this.decodedMs = header.decodedMs;
    this.statistics = header.statistics;
    this.settings = header.settings;
    this.image = header.image;
    this.letterbox = header.letterbox;
    this.pixels = header.encoding === 'raw' ? pool.get(pixels.length) : new ArrayBuffer(pixels.length);
    new Uint8Array(this.pixels).set(pixels);
  }

  /** Nobody will look at it. */
  giveBack(pool: PixelPool): void {
    if (this.header.encoding === 'raw') pool.giveBack(this.pixels);
  }

  /**
   * The frame with its pixels as the model takes them.
   * @throws OcelliError RECORD_INVALID when they cannot be decoded, or are not of the model's size
   */
  async decode(model: ImageSize, pool: PixelPool): Promise<Frame> {
    const { size, encoding } = this.header;
    const bytes = 3 * model.width * model.height;
    if (size.width !== model.width || size.height !== model.height) throw wrongSize(this, size, model);
    if (encoding === 'jpeg') return this.with(await this.fromJpeg(pool.get(bytes), model));
    if (this.pixels.byteLength === bytes) return this.with(this.pixels);
    throw new OcelliError('RECORD_INVALID', `frames: a raw frame has ${this.pixels.byteLength} bytes of pixels; expected ${bytes}.`);
  }

  private async fromJpeg(planar: ArrayBuffer, model: ImageSize): Promise<ArrayBuffer> {
    await decodePlanarJpeg(new Uint8Array(this.pixels), model, new Uint8Array(planar));
    return planar;
  }

  private with(pixels: ArrayBuffer): Frame {
    const { type, camera, session, seq, time, clock, arrivedMs, decodedMs, statistics, settings, image, letterbox } = this;
    return { type, camera, session, seq, time, clock, arrivedMs, decodedMs, statistics, settings, image, letterbox, pixels };
  }
}

function wrongSize({ camera }: Frame, found: ImageSize, expected: ImageSize): OcelliError {
  const sizes = `${found.width}x${found.height} pixels; the model here takes ${expected.width}x${expected.height}`;
  return new OcelliError('RECORD_INVALID', `frames: a frame of camera ${camera} has ${sizes}. Run all processes with the same model.`, {
    camera,
    found,
    expected,
  });
}
