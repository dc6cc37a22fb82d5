import { DenseAssignment } from './dense-assignment.ts';

/** Pairs that may be taken: `row[i]`, `column[i]` with `similarity[i]`, for i below `count`. */
export interface Candidates {
  readonly count: number;
  readonly row: Int32Array;
  readonly column: Int32Array;
  readonly similarity: Float64Array;
}

/** So that a pair exactly at the minimum still counts for more than no pair; the reference implementations add the same. */
const WORTH_A_PAIR = 1e-4;
const NONE = -1;

/**
 * The assignment whose similarities above the minimum add up to the most, each row and column taken once at most. It equals the thresholded
 * assignment over the full matrix (a pair below the minimum is worth nothing there either), but is solved for each connected component
 * alone: in a real scene nearly all of them are one row and one column. Reused from frame to frame.
 *
 *     pairs ──▶ components (union-find) ──▶ one row or one column: its best pair
 *                                       └─▶ more: dense exact assignment
 */
export class Assignment {
  private readonly dense = new DenseAssignment();
  private weights = new Float64Array(64);
  /** Union-find over rows (0 … rows-1) and columns (rows …). */
  private parent = new Int32Array(0);
  /** Chains through the pairs of each component: `firstPair[root]`, then `nextPair[pair]`. */
  private firstPair = new Int32Array(0);
  private nextPair = new Int32Array(64);
  /** Rows and columns of the component in hand, and where each row or column of the frame stands in it. */
  private members = new Int32Array(0);
  private position = new Int32Array(0);
  /** The answer: for each row its column and for each column its row, or -1. */
  columnOf = new Int32Array(0);
  rowOf = new Int32Array(0);

  solve(candidates: Candidates, rows: number, columns: number, minimum: number): void {
    this.reserve(candidates.count, rows, columns);
    this.findComponents(candidates, rows);
    for (let node = 0; node < rows; node++) {
      if (this.firstPair[node] !== NONE) this.solveComponent(candidates, this.firstPair[node], rows, minimum);
    }
  }

  private reserve(pairs: number, rows: number, columns: number): void {
    if (this.parent.length < rows + columns) {
      for (const name of ['parent', 'firstPair', 'members', 'position', 'columnOf', 'rowOf'] as const) {
        this[name] = new Int32Array(2 * (rows + columns));
      }
    }
    if (this.nextPair.length < pairs) this.nextPair = new Int32Array(2 * pairs);
    this.columnOf.fill(NONE, 0, rows);
    this.rowOf.fill(NONE, 0, columns);
    this.firstPair.fill(NONE, 0, rows + columns);
    for (let node = 0; node < rows + columns; node++) this.parent[node] = node;
  }

  /** Smaller nodes become roots, so the root of a component is its lowest row. Chains are built from the back: they run forwards. */
  private findComponents({ count, row, column }: Candidates, rows: number): void {
    for (let pair = 0; pair < count; pair++) this.unite(row[pair], rows + column[pair]);
    for (let pair = count - 1; pair >= 0; pair--) {
      const root = this.root(row[pair]);
      this.nextPair[pair] = this.firstPair[root];
      this.firstPair[root] = pair;
    }
  }

  private unite(a: number, b: number): void {
    const rootA = this.root(a);
    const rootB = this.root(b);
    if (rootA < rootB) this.parent[rootB] = rootA;
    else this.parent[rootA] = rootB;
  }

  private root(node: number): number {
    let at = node;
    while (this.parent[at] !== at) {
      this.parent[at] = this.parent[this.parent[at]];
      at = this.parent[at];
    }
    return at;
  }

  private solveComponent(candidates: Candidates, first: number, rows: number, minimum: number): void {
    if (this.nextPair[first] === NONE) {
      this.take(candidates.row[first], candidates.column[first]);
      return;
    }
    const ownRows = this.gather(candidates.row, first, 0, 0);
    const ownColumns = this.gather(candidates.column, first, ownRows, rows) - ownRows;
    if (ownRows === 1 || ownColumns === 1) this.takeBest(candidates, first);
    else this.solveDense(candidates, first, ownRows, ownColumns, rows, minimum);
  }

  /** Lists the rows (or columns) of a component, ascending, in `members` from `start`; returns the end. `offset` makes nodes of columns. */
  private gather(of: Int32Array, first: number, start: number, offset: number): number {
    for (let pair = first; pair !== NONE; pair = this.nextPair[pair]) this.position[of[pair] + offset] = NONE;
    let end = start;
    for (let pair = first; pair !== NONE; pair = this.nextPair[pair]) {
      if (this.position[of[pair] + offset] !== NONE) continue;
      this.position[of[pair] + offset] = 0;
      this.insert(of[pair], start, end++);
    }
    for (let m = start; m < end; m++) this.position[this.members[m] + offset] = m - start;
    return end;
  }

  /** Keeps `members` from `start` to `end` ascending; what comes is nearly in order already. */
  private insert(member: number, start: number, end: number): void {
    let at = end;
    for (; at > start && this.members[at - 1] > member; at--) this.members[at] = this.members[at - 1];
    this.members[at] = member;
  }

  /** Equal similarities: the lowest row, then the lowest column. */
  private takeBest({ row, column, similarity }: Candidates, first: number): void {
    let best = first;
    for (let pair = this.nextPair[first]; pair !== NONE; pair = this.nextPair[pair]) {
      const better = similarity[pair] > similarity[best];
      const earlier = similarity[pair] === similarity[best] && row[pair] <= row[best] && column[pair] < column[best];
      if (better || earlier) best = pair;
    }
    this.take(row[best], column[best]);
  }

  /** The dense solver wants no more rows than columns: a tall component is laid on its side. */
  private solveDense(candidates: Candidates, first: number, ownRows: number, ownColumns: number, rows: number, minimum: number): void {
    const tall = ownRows > ownColumns;
    const [short, long] = tall ? [ownColumns, ownRows] : [ownRows, ownColumns];
    if (this.weights.length < short * long) this.weights = new Float64Array(2 * short * long);
    this.weights.fill(0, 0, short * long);
    for (let pair = first; pair !== NONE; pair = this.nextPair[pair]) {
      const r = this.position[candidates.row[pair]];
      const c = this.position[rows + candidates.column[pair]];
      this.weights[tall ? c * long + r : r * long + c] = candidates.similarity[pair] - minimum + WORTH_A_PAIR;
    }
    const shortOf = this.dense.solve(this.weights, short, long);
    for (let l = 0; l < long; l++) {
      const s = shortOf[l];
      if (s < 0 || this.weights[s * long + l] === 0) continue;
      this.take(this.members[tall ? l : s], this.members[ownRows + (tall ? s : l)]);
    }
  }

  private take(row: number, column: number): void {
    this.columnOf[row] = column;
    this.rowOf[column] = row;
  }
}
