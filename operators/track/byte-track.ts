import { Assignment } from './assignment.ts';
import { FILTER_SIZE, freezeSize, initiateFilter, predictFilter, updateFilter, writeBox } from './kalman.ts';
import type { Look } from './look.ts';
import { type Boxes, type Likeness, Pairs, type Selection } from './pairs.ts';
import { initiateLabel, voteLabel } from './track-label.ts';
import { appendRow, COASTING, CONFIRMED, dropEnded, ENDED, TENTATIVE, type TrackTable } from './track-table.ts';
import { advanceTo, type TrackerState } from './tracker-state.ts';

const NONE = -1;

/**
 * ByteTrack (Zhang et al., "ByteTrack: Multi-Object Tracking by Associating Every Detection Box", ECCV 2022) in elapsed time instead of
 * frames. What it knows of a camera lies in the `TrackerState`; the object itself holds buffers only and serves any number of cameras.
 *
 *                    matched (sightings ≥ confirmSightings)          missed
 *     ● ─▶ tentative ─────────────────────▶ confirmed ─────────────────────▶ coasting
 *   high         │                              ▲  ▲      matched again          │
 *   detection    │ missed, confirmMs old        │  └─────────────────────────────┤
 *                ▼                              │                                │ coastMs unseen, or out of the picture
 *              ended                  matched ──┘                                ▼
 *                                                                              ended
 */
export class ByteTrack {
  private readonly pairs = new Pairs();
  private readonly assignment = new Assignment();
  private readonly tracks: Boxes = { boxes: new Float64Array(0), label: new Uint16Array(0) };
  private readonly rows: Selection = { chosen: new Int32Array(0), count: 0 };
  private readonly columns: Selection = { chosen: new Int32Array(0), count: 0 };
  private readonly likeness = { minimum: 0, otherLabel: 1, scores: undefined as Float64Array | undefined } satisfies Likeness;
  private movedTo = new Int32Array(0);
  /** For each row of the table the detection that it was seen in, or -1. */
  private detectionOf = new Int32Array(0);
  /** The answer: for each detection the row of its track, or -1. */
  rowOf = new Int32Array(0);

  /** The boxes of all tracks (left, top, right, bottom, in heights of the picture), by row. */
  get boxes(): Float64Array {
    return this.tracks.boxes;
  }

  /** Takes in one frame, captured at event time `time`. */
  follow(state: TrackerState, look: Look, time: number): void {
    const lastLookMs = state.lookMs;
    const elapsedMs = advanceTo(state, time);
    this.reserve(state.table, look);
    this.endForgotten(state, lastLookMs);
    this.predict(state, (elapsedMs * state.settings.nominalFps) / 1000);
    this.associate(state, look);
    this.begin(state, look, time);
    this.coast(state);
    this.drop(state.table, look.count);
    state.blind = false;
  }

  private reserve(table: TrackTable, look: Look): void {
    const rows = table.count + look.count;
    if (this.movedTo.length < rows) {
      this.tracks.boxes = new Float64Array(4 * 2 * rows);
      this.rows.chosen = new Int32Array(2 * rows);
      this.columns.chosen = new Int32Array(2 * rows);
      this.movedTo = new Int32Array(2 * rows);
      this.detectionOf = new Int32Array(2 * rows);
      this.rowOf = new Int32Array(2 * rows);
    }
    this.detectionOf.fill(NONE, 0, rows);
    this.rowOf.fill(NONE, 0, look.count);
  }

  /** Unseen for too long. At a low frame rate one look may be further than that from the next: nothing was missed in between, so it counts. */
  private endForgotten({ table, settings, lookMs, blind }: TrackerState, lastLookMs: number): void {
    for (let row = 0; row < table.count; row++) {
      const missed = blind || table.lastSeen[row] < lastLookMs;
      if (missed && lookMs - table.lastSeen[row] > settings.coastMs) table.phase[row] = ENDED;
    }
    dropEnded(table, this.movedTo);
  }

  private predict({ table }: TrackerState, step: number): void {
    for (let row = 0; row < table.count; row++) {
      const at = row * FILTER_SIZE;
      if (table.phase[row] === COASTING) freezeSize(table.filters, at);
      predictFilter(table.filters, at, step);
      writeBox(table.filters, at, this.boxes, 4 * row);
    }
  }

  /** Sure detections are given out before faint ones. All tracks choose at once: leaving to tentative ones what remains follows less well. */
  private associate(state: TrackerState, look: Look): void {
    this.tracks.label = state.table.label;
    this.likeness.otherLabel = 1 - state.settings.labelPenalty;
    this.matchSure(state, look);
    this.matchFaint(state, look);
  }

  private matchSure(state: TrackerState, look: Look): void {
    const { highScore, fuseScore, sureMatch } = state.settings;
    this.likeness.scores = fuseScore ? look.score : undefined;
    this.chooseColumns(look, highScore, Infinity);
    this.match(state, look, sureMatch);
  }

  /** A faint detection begins nothing and only carries on a track that it lies on well: its score says little, so the IoU decides alone. */
  private matchFaint(state: TrackerState, look: Look): void {
    const { lowScore, highScore, faintMatch } = state.settings;
    this.likeness.scores = undefined;
    this.chooseColumns(look, lowScore, highScore);
    this.match(state, look, faintMatch);
  }

  /** The tracks that this frame has not seen yet. */
  private chooseRows(table: TrackTable): void {
    this.rows.count = 0;
    for (let row = 0; row < table.count; row++) {
      if (this.detectionOf[row] === NONE) this.rows.chosen[this.rows.count++] = row;
    }
  }

  /** The detections with a score from `least` up to, not with, `below` that have no track yet. */
  private chooseColumns(look: Look, least: number, below: number): void {
    this.columns.count = 0;
    for (let d = 0; d < look.count; d++) {
      const wanted = look.score[d] >= least && look.score[d] < below;
      if (wanted && this.rowOf[d] === NONE) this.columns.chosen[this.columns.count++] = d;
    }
  }

  private match(state: TrackerState, look: Look, minimum: number): void {
    this.likeness.minimum = minimum;
    this.chooseRows(state.table);
    this.pairs.collect(this.tracks, this.rows, look, this.columns, this.likeness);
    this.assignment.solve(this.pairs, this.rows.count, this.columns.count, minimum);
    for (let r = 0; r < this.rows.count; r++) {
      const column = this.assignment.columnOf[r];
      if (column !== NONE) this.sight(state, look, this.rows.chosen[r], this.columns.chosen[column]);
    }
  }

  private sight({ table, settings, lookMs }: TrackerState, look: Look, row: number, detection: number): void {
    const at = row * FILTER_SIZE;
    updateFilter(table.filters, at, look.boxes, 4 * detection);
    writeBox(table.filters, at, this.boxes, 4 * row);
    voteLabel(table, row, look.label[detection], look.score[detection], lookMs - table.lastSeen[row], settings);
    table.lastSeen[row] = lookMs;
    table.sightings[row]++;
    if (table.phase[row] !== TENTATIVE || table.sightings[row] >= settings.confirmSightings) table.phase[row] = CONFIRMED;
    this.join(row, detection);
  }

  private join(row: number, detection: number): void {
    this.detectionOf[row] = detection;
    this.rowOf[detection] = row;
  }

  /** Sure detections that belong to no track begin one. */
  private begin(state: TrackerState, look: Look, time: number): void {
    const { highScore, startScore = highScore } = state.settings;
    this.chooseColumns(look, Math.max(startScore, highScore), Infinity);
    for (let c = 0; c < this.columns.count; c++) this.beginTrack(state, look, this.columns.chosen[c], time);
  }

  private beginTrack(state: TrackerState, look: Look, detection: number, time: number): void {
    const { table, settings, lookMs } = state;
    const row = appendRow(table);
    initiateFilter(table.filters, row * FILTER_SIZE, look.boxes, 4 * detection);
    writeBox(table.filters, row * FILTER_SIZE, this.boxes, 4 * row);
    initiateLabel(table, row, look.label[detection], look.score[detection]);
    table.number[row] = state.nextNumber++;
    table.since[row] = time;
    table.firstSeen[row] = lookMs;
    table.lastSeen[row] = lookMs;
    table.sightings[row] = 1;
    table.phase[row] = settings.confirmSightings <= 1 ? CONFIRMED : TENTATIVE;
    this.join(row, detection);
  }

  /** What this frame did not see: confirmed tracks coast as long as they are in the picture, tentative ones end when their time is over. */
  private coast({ table, settings, lookMs, aspect }: TrackerState): void {
    for (let row = 0; row < table.count; row++) {
      if (this.detectionOf[row] !== NONE) continue;
      if (table.phase[row] !== TENTATIVE) table.phase[row] = this.isInside(row, aspect) ? COASTING : ENDED;
      else if (lookMs - table.firstSeen[row] >= settings.confirmMs) table.phase[row] = ENDED;
    }
  }

  private isInside(row: number, aspect: number): boolean {
    const at = 4 * row;
    return this.boxes[at] < aspect && this.boxes[at + 1] < 1 && this.boxes[at + 2] > 0 && this.boxes[at + 3] > 0;
  }

  private drop(table: TrackTable, detections: number): void {
    const before = table.count;
    dropEnded(table, this.movedTo);
    if (table.count === before) return;
    for (let row = 0; row < before; row++) {
      if (this.movedTo[row] >= 0) this.boxes.copyWithin(4 * this.movedTo[row], 4 * row, 4 * row + 4);
    }
    for (let d = 0; d < detections; d++) {
      if (this.rowOf[d] !== NONE) this.rowOf[d] = this.movedTo[this.rowOf[d]];
    }
  }
}
