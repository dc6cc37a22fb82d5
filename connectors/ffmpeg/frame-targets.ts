import { OcelliError } from '../../engine/errors.ts';
import type { PixelPool } from '../../engine/frames/pixel-pool.ts';
import type { ImageSize } from '../../engine/records/record.ts';
import type { FrameTarget } from './nut-reader.ts';

/** A complete frame and its time in microseconds. */
export type Finished = (pixels: ArrayBuffer, timeUs: number) => void;

/** Model frames: ffmpeg sends the planes green, blue, red; each chunk goes to its place in red, green, blue. */
export class PlanarTarget implements FrameTarget {
  private readonly planeBytes: number;
  private readonly pool: PixelPool;
  private readonly finished: Finished;
  private pixels = new Uint8Array();

  constructor({ width, height }: ImageSize, pool: PixelPool, finished: Finished) {
    this.planeBytes = width * height;
    this.pool = pool;
    this.finished = finished;
  }

  begin(sizeBytes: number): void {
    if (sizeBytes !== 3 * this.planeBytes) throw wrongSize(3 * this.planeBytes, sizeBytes);
    this.pixels = new Uint8Array(this.pool.get(sizeBytes));
  }

  write(bytes: Uint8Array, offset: number): void {
    let done = 0;
    while (done < bytes.length) {
      const at = offset + done;
      const plane = Math.floor(at / this.planeBytes);
      const end = Math.min(bytes.length, done + (plane + 1) * this.planeBytes - at);
      this.pixels.set(bytes.subarray(done, end), (at + this.planeBytes) % (3 * this.planeBytes));
      done = end;
    }
  }

  finish(timeUs: number): void {
    this.finished(this.pixels.buffer as ArrayBuffer, timeUs);
  }
}

/** Views: packed, of whatever size the source gives. */
export class PackedTarget implements FrameTarget {
  private readonly pool: PixelPool;
  private readonly finished: Finished;
  private pixels = new Uint8Array();

  constructor(pool: PixelPool, finished: Finished) {
    this.pool = pool;
    this.finished = finished;
  }

  begin(sizeBytes: number): void {
    this.pixels = new Uint8Array(this.pool.get(sizeBytes));
  }

  write(bytes: Uint8Array, offset: number): void {
    this.pixels.set(bytes, offset);
  }

  finish(timeUs: number): void {
    this.finished(this.pixels.buffer as ArrayBuffer, timeUs);
  }
}

function wrongSize(expected: number, came: number): OcelliError {
  return new OcelliError('CAMERA_LOCAL', `Expected frames of ${expected} bytes from ffmpeg, got one of ${came}.`);
}
