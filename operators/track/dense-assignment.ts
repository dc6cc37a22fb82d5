/**
 * The exact assignment of rows to columns: picks pairs, each row and column at most once, so that their weights add up to the most.
 * Shortest augmenting paths with dual prices (Kuhn 1955, Munkres 1957; one row at a time as in Jonker and Volgenant 1987), O(rows² · columns).
 * Buffers are kept from call to call.
 */
export class DenseAssignment {
  private rowPrice = new Float64Array(0);
  private columnPrice = new Float64Array(0);
  private slack = new Float64Array(0);
  private cameFrom = new Int32Array(0);
  private reached = new Uint8Array(0);
  private rowOf = new Int32Array(0);

  /**
   * `weights[row * columns + column]`, at least 0, where 0 stands for a pair that must not be. Needs rows ≤ columns. The answer stays
   * valid until the next call: the row of each column, -1 for a column left over (a row may also lie on a column with weight 0).
   */
  solve(weights: Float64Array, rows: number, columns: number): Int32Array {
    this.reserve(rows, columns);
    for (let row = 0; row < rows; row++) this.augment(weights, row, columns);
    return this.rowOf;
  }

  private reserve(rows: number, columns: number): void {
    if (this.rowPrice.length < rows) this.rowPrice = new Float64Array(2 * rows);
    if (this.columnPrice.length < columns) {
      this.columnPrice = new Float64Array(2 * columns);
      this.slack = new Float64Array(2 * columns);
      this.cameFrom = new Int32Array(2 * columns);
      this.reached = new Uint8Array(2 * columns);
      this.rowOf = new Int32Array(2 * columns);
    }
    this.rowPrice.fill(0, 0, rows);
    this.columnPrice.fill(0, 0, columns);
    this.rowOf.fill(-1, 0, columns);
  }

  /** Finds a place for `newRow` along the cheapest path of exchanges (cost = -weight), adapts the prices and carries the exchanges out. */
  private augment(weights: Float64Array, newRow: number, columns: number): void {
    this.slack.fill(Infinity, 0, columns);
    this.reached.fill(0, 0, columns);
    let row = newRow;
    let last = -1;
    for (;;) {
      const nearest = this.relax(weights, row, last, columns);
      this.adaptPrices(newRow, this.slack[nearest], columns);
      this.reached[nearest] = 1;
      last = nearest;
      if (this.rowOf[nearest] < 0) break;
      row = this.rowOf[nearest];
    }
    this.exchange(newRow, last);
  }

  /** Looks from a row (reached over column `via`) at all columns not yet reached; returns the nearest of them. */
  private relax(weights: Float64Array, row: number, via: number, columns: number): number {
    let nearest = -1;
    let least = Infinity;
    const first = row * columns;
    for (let column = 0; column < columns; column++) {
      if (this.reached[column] === 1) continue;
      const reduced = -weights[first + column] - this.rowPrice[row] - this.columnPrice[column];
      if (reduced < this.slack[column]) {
        this.slack[column] = reduced;
        this.cameFrom[column] = via;
      }
      if (this.slack[column] < least) {
        least = this.slack[column];
        nearest = column;
      }
    }
    return nearest;
  }

  private adaptPrices(newRow: number, by: number, columns: number): void {
    this.rowPrice[newRow] += by;
    for (let column = 0; column < columns; column++) {
      if (this.reached[column] === 1) {
        this.rowPrice[this.rowOf[column]] += by;
        this.columnPrice[column] -= by;
      } else this.slack[column] -= by;
    }
  }

  private exchange(newRow: number, last: number): void {
    let column = last;
    while (this.cameFrom[column] >= 0) {
      this.rowOf[column] = this.rowOf[this.cameFrom[column]];
      column = this.cameFrom[column];
    }
    this.rowOf[column] = newRow;
  }
}
