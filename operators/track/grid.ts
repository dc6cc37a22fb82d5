const MOST_CELLS_A_SIDE = 64;

/**
 * A uniform grid over boxes, so that only neighbours are compared: a box lies in every cell that it touches, and a query meets each box
 * that shares a cell with it once. Boxes that overlap share a cell, so no overlapping pair is missed. Reused from frame to frame.
 */
export class Grid {
  private side = 1;
  private left = 0;
  private top = 0;
  private cellsPerWidth = 0;
  private cellsPerHeight = 0;
  /** Boxes of cell c: `members[starts[c]]` up to, not with, `members[starts[c + 1]]`. */
  private readonly starts = new Int32Array(MOST_CELLS_A_SIDE * MOST_CELLS_A_SIDE + 2);
  private members = new Int32Array(64);
  private lastQuery = new Int32Array(64);
  private query = 0;
  private fromColumn = 0;
  private toColumn = 0;
  private fromRow = 0;
  private toRow = 0;
  /** What the last query met: `found[0]` … `found[foundCount - 1]`. */
  found = new Int32Array(64);

  /** Takes in the boxes `boxes[4 * chosen[i]]` … for i below `count`. */
  build(boxes: Float64Array, chosen: Int32Array, count: number): void {
    this.layOut(boxes, chosen, count);
    const cells = this.side * this.side;
    this.starts.fill(0, 0, cells + 2);
    this.countMembers(boxes, chosen, count);
    for (let cell = 1; cell <= cells + 1; cell++) this.starts[cell] += this.starts[cell - 1];
    this.fillMembers(boxes, chosen, count);
    if (this.lastQuery.length < count) this.lastQuery = new Int32Array(2 * count);
    if (this.found.length < count) this.found = new Int32Array(2 * count);
    this.lastQuery.fill(0, 0, count);
    this.query = 0;
  }

  /** Meets the positions i (in `chosen`) of all boxes that may overlap the one at `at`; returns how many, and leaves them in `found`. */
  meet(boxes: Float64Array, at: number): number {
    this.cellRange(boxes, at);
    let count = 0;
    this.query++;
    for (let row = this.fromRow; row <= this.toRow; row++) {
      const end = this.starts[row * this.side + this.toColumn + 1];
      for (let m = this.starts[row * this.side + this.fromColumn]; m < end; m++) {
        const i = this.members[m];
        if (this.lastQuery[i] === this.query) continue;
        this.lastQuery[i] = this.query;
        this.found[count++] = i;
      }
    }
    return count;
  }

  /** About one box a cell, over the rectangle that holds them all. */
  private layOut(boxes: Float64Array, chosen: Int32Array, count: number): void {
    let left = Infinity;
    let top = Infinity;
    let right = -Infinity;
    let bottom = -Infinity;
    for (let i = 0; i < count; i++) {
      const at = 4 * chosen[i];
      left = Math.min(left, boxes[at]);
      top = Math.min(top, boxes[at + 1]);
      right = Math.max(right, boxes[at + 2]);
      bottom = Math.max(bottom, boxes[at + 3]);
    }
    this.side = Math.min(MOST_CELLS_A_SIDE, Math.ceil(Math.sqrt(count)) || 1);
    this.left = left;
    this.top = top;
    this.cellsPerWidth = right > left ? this.side / (right - left) : 0;
    this.cellsPerHeight = bottom > top ? this.side / (bottom - top) : 0;
  }

  /** Counts into `starts` two places on, so that filling can use it as a cursor and leave the starts behind. */
  private countMembers(boxes: Float64Array, chosen: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      this.cellRange(boxes, 4 * chosen[i]);
      for (let row = this.fromRow; row <= this.toRow; row++) {
        for (let column = this.fromColumn; column <= this.toColumn; column++) this.starts[row * this.side + column + 2]++;
      }
    }
  }

  private fillMembers(boxes: Float64Array, chosen: Int32Array, count: number): void {
    const total = this.starts[this.side * this.side + 1];
    if (this.members.length < total) this.members = new Int32Array(2 * total);
    for (let i = 0; i < count; i++) {
      this.cellRange(boxes, 4 * chosen[i]);
      for (let row = this.fromRow; row <= this.toRow; row++) {
        for (let column = this.fromColumn; column <= this.toColumn; column++) this.members[this.starts[row * this.side + column + 1]++] = i;
      }
    }
  }

  private cellRange(boxes: Float64Array, at: number): void {
    this.fromColumn = this.cell((boxes[at] - this.left) * this.cellsPerWidth);
    this.toColumn = this.cell((boxes[at + 2] - this.left) * this.cellsPerWidth);
    this.fromRow = this.cell((boxes[at + 1] - this.top) * this.cellsPerHeight);
    this.toRow = this.cell((boxes[at + 3] - this.top) * this.cellsPerHeight);
  }

  /** What lies outside belongs to the border cells. */
  private cell(position: number): number {
    return position < 0 ? 0 : position >= this.side ? this.side - 1 : Math.floor(position);
  }
}
