import { describe, expect, it } from 'vitest';
import { type SeededRandom, seededRandom } from '../../../bench/tracking/seeded-random.ts';
import { Grid } from '../../../operators/track/grid.ts';
import { type Boxes, type Likeness, Pairs, type Selection } from '../../../operators/track/pairs.ts';

interface ScoredBoxes extends Boxes {
  readonly scores: Float64Array;
}

/** Boxes of sizes from a hundredth to the whole picture, some of them outside it. */
function randomBoxes(count: number, largest: number, random: SeededRandom): ScoredBoxes {
  const boxes = new Float64Array(4 * count);
  for (let i = 0; i < count; i++) {
    const [left, top] = [random.between(-0.2, 2), random.between(-0.2, 1.2)];
    boxes.set([left, top, left + random.between(0.01, largest), top + random.between(0.01, largest)], 4 * i);
  }
  const labels = Uint16Array.from({ length: count }, () => Math.floor(random.next() * 3));
  return { boxes, label: labels, scores: Float64Array.from({ length: count }, () => random.next()) };
}

/** About three of four. */
function randomSelection(count: number, random: SeededRandom): Selection {
  const chosen = Int32Array.from(Array.from({ length: count }, (_, i) => i).filter(() => random.next() < 0.75));
  return { chosen, count: chosen.length };
}

/** Every row against every column, by the definition of IoU. */
function densePairs(tracks: Boxes, rows: Selection, detections: ScoredBoxes, columns: Selection, likeness: Likeness): string[] {
  const found: string[] = [];
  for (let r = 0; r < rows.count; r++) {
    for (let c = 0; c < columns.count; c++) {
      const [track, detection] = [rows.chosen[r], columns.chosen[c]];
      let similarity = overlap(tracks.boxes.subarray(4 * track), detections.boxes.subarray(4 * detection));
      if (likeness.scores !== undefined) similarity *= likeness.scores[detection];
      if (tracks.label[track] !== detections.label[detection]) similarity *= likeness.otherLabel;
      if (similarity > 0 && similarity >= likeness.minimum) found.push(`${r} ${c} ${similarity.toFixed(12)}`);
    }
  }
  return found.sort();
}

function overlap(a: Float64Array, b: Float64Array): number {
  const across = Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0]));
  const down = Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
  const union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - across * down;
  return (across * down) / union;
}

describe('the pairs found over the grid', () => {
  it('are those of comparing every box with every other', () => {
    const random = seededRandom(3);
    const pairs = new Pairs();
    let compared = 0;
    for (let run = 0; run < 300; run++) {
      const size = [0, 1, 3, 12, 60, 200][run % 6];
      const tracks = randomBoxes(size, [0.05, 0.3, 2][run % 3], random);
      const detections = randomBoxes(Math.floor(random.next() * 2 * size), [0.05, 0.3, 2][run % 3], random);
      const rows = randomSelection(size, random);
      const columns = randomSelection(detections.label.length, random);
      const scores = run % 2 === 0 ? detections.scores : undefined;
      const likeness = { minimum: [0, 0.1, 0.5][run % 3], otherLabel: 0.7, scores };
      pairs.collect(tracks, rows, detections, columns, likeness);
      const found = Array.from({ length: pairs.count }, (_, p) => `${pairs.row[p]} ${pairs.column[p]} ${pairs.similarity[p].toFixed(12)}`);
      expect(found.sort()).toEqual(densePairs(tracks, rows, detections, columns, likeness));
      compared += found.length;
    }
    expect(compared).toBeGreaterThan(4000);
  });

  it('are none where the labels differ and other labels count for nothing', () => {
    const tracks = { boxes: Float64Array.of(0, 0, 1, 1), label: Uint16Array.of(0) };
    const detections = { boxes: Float64Array.of(0, 0, 1, 1), label: Uint16Array.of(1) };
    const all = { chosen: Int32Array.of(0), count: 1 };
    const pairs = new Pairs();
    pairs.collect(tracks, all, detections, all, { minimum: 0, otherLabel: 0, scores: undefined });
    expect(pairs.count).toBe(0);
  });
});

describe('the grid', () => {
  it('meets a few neighbours only, among a thousand boxes', () => {
    const random = seededRandom(4);
    const { boxes } = randomBoxes(1000, 0.03, random);
    const grid = new Grid();
    grid.build(
      boxes,
      Int32Array.from({ length: 1000 }, (_, i) => i),
      1000,
    );
    let met = 0;
    for (let i = 0; i < 1000; i++) met += grid.meet(boxes, 4 * i);
    expect(met / 1000).toBeLessThan(10);
    expect(met / 1000).toBeGreaterThanOrEqual(1);
  });

  it('holds boxes that all lie on one point', () => {
    const boxes = Float64Array.of(0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5);
    const grid = new Grid();
    grid.build(boxes, Int32Array.of(0, 1), 2);
    expect(grid.meet(boxes, 0)).toBe(2);
  });
});
