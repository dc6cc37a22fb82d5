/** Thrown inside the reader when the chunk ends before the element does: more bytes are needed. */
export const NEED_MORE: unique symbol = Symbol('need more bytes');

/** Reads the numbers of NUT (nut4cc.org, "NUT Open Container Format", section 3). Values must stay below 2^53. */
export class NutBytes {
  position: number;
  private readonly bytes: Uint8Array;
  private readonly end: number;

  constructor(bytes: Uint8Array, position: number, end = bytes.length) {
    this.bytes = bytes;
    this.position = position;
    this.end = end;
  }

  get atEnd(): boolean {
    return this.position >= this.end;
  }

  /** Enough bytes for this many? Else NEED_MORE. */
  demand(count: number): void {
    if (this.position + count > this.end) throw NEED_MORE;
  }

  byte(): number {
    this.demand(1);
    return this.bytes[this.position++] as number;
  }

  /** `v`: seven bits a byte, the highest first; the top bit says that more follow. */
  unsigned(): number {
    let value = 0;
    for (;;) {
      const byte = this.byte();
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) return value;
    }
  }

  /** `s`: 0, 1, −1, 2, −2 … as 0, 1, 2, 3, 4 … */
  signed(): number {
    const value = this.unsigned() + 1;
    return value % 2 === 0 ? value / 2 : -(value - 1) / 2;
  }

  take(count: number): Uint8Array {
    this.demand(count);
    this.position += count;
    return this.bytes.subarray(this.position - count, this.position);
  }

  skip(count: number): void {
    this.demand(count);
    this.position += count;
  }
}
