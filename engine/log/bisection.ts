import type { Bounds, Position } from './log.ts';

/**
 * Looks for the first record of a camera from which on something holds: that it reaches a time, or a place. Neither falls within a camera,
 * so what is looked for is false up to some record and true from there.
 *
 *   for (let middle = search.middle; middle !== undefined; middle = search.middle) search.take(…the camera's next record from there on)
 */
export class Bisection {
  private low: Position;
  private high: Position;
  private first: Position;

  constructor({ start, end }: Bounds) {
    this.low = start;
    this.high = end;
    this.first = end;
  }

  /** Where to look next: at the camera's first record from here on, and below `below`. `undefined`: it is found. */
  get middle(): Position | undefined {
    return this.low < this.high ? this.low + Math.floor((this.high - this.low) / 2) : undefined;
  }

  /** What stands from here on is known to be far enough. */
  get below(): Position {
    return this.high;
  }

  /** The position of the first record that is far enough; the end of the bounds if none is. */
  get found(): Position {
    return this.first;
  }

  /** @param position of the record there; `undefined` when the camera has none, which counts as far enough */
  take(position: Position | undefined, isFarEnough: boolean): void {
    if (position !== undefined && !isFarEnough) {
      this.low = position + 1;
      return;
    }
    this.high = this.middle ?? this.high;
    this.first = position ?? this.first;
  }
}
