import { Grid } from './grid.ts';
import { iou } from './iou.ts';

/** Boxes with what the matching looks at: boxes as left, top, right, bottom, four numbers each. Tracks carry no scores. */
export interface Boxes {
  boxes: Float64Array;
  label: Uint16Array;
}

/** A selection of boxes: the first `count` of `chosen`. */
export interface Selection {
  chosen: Int32Array;
  count: number;
}

/** When two boxes are alike enough to be a pair, and how alike they are. */
export interface Likeness {
  /** Least similarity of a pair. At 0, any overlap is enough. */
  readonly minimum: number;
  /** What the similarity is multiplied by when the labels differ. */
  readonly otherLabel: number;
  /** Scores of the columns that the IoU is multiplied by, if it is. */
  readonly scores: Float64Array | undefined;
}

/**
 * The pairs of rows (tracks) and columns (detections) that are alike enough. Rows and columns are counted within their selections; the
 * pairs of a row lie together, rows ascending. Only boxes that overlap are compared, found by a grid. Reused from frame to frame.
 */
export class Pairs {
  private readonly grid = new Grid();
  count = 0;
  row = new Int32Array(64);
  column = new Int32Array(64);
  similarity = new Float64Array(64);

  collect(tracks: Boxes, rows: Selection, detections: Boxes, columns: Selection, likeness: Likeness): void {
    this.count = 0;
    if (rows.count === 0 || columns.count === 0) return;
    this.grid.build(detections.boxes, columns.chosen, columns.count);
    for (let r = 0; r < rows.count; r++) this.collectRow(tracks, r, rows.chosen[r], detections, columns, likeness);
  }

  private collectRow(tracks: Boxes, r: number, track: number, detections: Boxes, columns: Selection, likeness: Likeness): void {
    const met = this.grid.meet(tracks.boxes, 4 * track);
    for (let m = 0; m < met; m++) {
      const c = this.grid.found[m];
      const detection = columns.chosen[c];
      let similarity = iou(tracks.boxes, 4 * track, detections.boxes, 4 * detection);
      if (similarity === 0) continue;
      if (likeness.scores !== undefined) similarity *= likeness.scores[detection];
      if (tracks.label[track] !== detections.label[detection]) similarity *= likeness.otherLabel;
      if (similarity >= likeness.minimum && similarity > 0) this.add(r, c, similarity);
    }
  }

  private add(row: number, column: number, similarity: number): void {
    if (this.count === this.row.length) this.grow();
    this.row[this.count] = row;
    this.column[this.count] = column;
    this.similarity[this.count++] = similarity;
  }

  private grow(): void {
    const { row, column, similarity } = this;
    this.row = new Int32Array(2 * row.length);
    this.column = new Int32Array(2 * row.length);
    this.similarity = new Float64Array(2 * row.length);
    this.row.set(row);
    this.column.set(column);
    this.similarity.set(similarity);
  }
}
