/**
 * Pixel buffers that are used again, since a fresh one for every frame would keep the garbage collector busy. Whoever takes a frame owns
 * its buffer and gives it back; a buffer that is never given back is only garbage, no leak.
 */
export class PixelPool {
  private readonly free = new Map<number, ArrayBuffer[]>();
  private readonly limitBytes: number;
  private freeBytes = 0;

  /** @param limitBytes how much may lie here unused; what is given back beyond it is left to the garbage collector. */
  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }

  /** What lies here unused. */
  get unusedBytes(): number {
    return this.freeBytes;
  }

  /** A buffer of exactly this size. Its content is whatever was there before. */
  get(sizeBytes: number): ArrayBuffer {
    const buffer = this.free.get(sizeBytes)?.pop();
    if (buffer === undefined) return new ArrayBuffer(sizeBytes);
    this.freeBytes -= sizeBytes;
    return buffer;
  }

  /** Takes a buffer back. One that was transferred to another thread has no bytes left and is ignored. */
  giveBack(buffer: ArrayBuffer): void {
    const sizeBytes = buffer.byteLength;
    if (sizeBytes === 0 || this.freeBytes + sizeBytes > this.limitBytes) return;
    const same = this.free.get(sizeBytes) ?? [];
    same.push(buffer);
    this.free.set(sizeBytes, same);
    this.freeBytes += sizeBytes;
  }
}
