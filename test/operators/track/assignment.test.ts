import { describe, expect, it } from 'vitest';
import { type SeededRandom, seededRandom } from '../../../bench/tracking/seeded-random.ts';
import { Assignment } from '../../../operators/track/assignment.ts';
import { DenseAssignment } from '../../../operators/track/dense-assignment.ts';
import { largestSum } from './simple-hungarian.ts';

const WORTH_A_PAIR = 1e-4;

/** Similarities of which a share is 0: no pair. */
function randomMatrix(rows: number, columns: number, share: number, random: SeededRandom): number[][] {
  return Array.from({ length: rows }, () => Array.from({ length: columns }, () => (random.next() < share ? random.next() : 0)));
}

/** The assignment of a matrix, where entries below the minimum or of 0 are no pairs. */
function solve(matrix: number[][], minimum: number, assignment = new Assignment()): number[] {
  const entries = matrix.flatMap((row, r) => row.map((value, c) => ({ r, c, value })));
  const pairs = entries.filter(({ value }) => value > 0 && value >= minimum);
  const candidates = {
    count: pairs.length,
    row: Int32Array.from(pairs, ({ r }) => r),
    column: Int32Array.from(pairs, ({ c }) => c),
    similarity: Float64Array.from(pairs, ({ value }) => value),
  };
  const columns = matrix[0]?.length ?? 0;
  assignment.solve(candidates, matrix.length, columns, minimum);
  const columnOf = Array.from(assignment.columnOf.subarray(0, matrix.length));
  expect(Array.from(assignment.rowOf.subarray(0, columns))).toEqual(inverse(columnOf, columns));
  return columnOf;
}

function inverse(columnOf: readonly number[], columns: number): number[] {
  return Array.from({ length: columns }, (_, column) => columnOf.indexOf(column));
}

/** What the pairs of a matrix are worth above a minimum. */
function worth(matrix: number[][], minimum: number): number[][] {
  return matrix.map((row) => row.map((value) => (value > 0 && value >= minimum ? value - minimum + WORTH_A_PAIR : 0)));
}

function sumOf(weights: number[][], columnOf: readonly number[]): number {
  return columnOf.reduce((sum, column, row) => sum + (column < 0 ? 0 : weights[row][column]), 0);
}

/** Tries every assignment. */
function bestByTrying(weights: number[][], row = 0, taken = 0): number {
  if (row === weights.length) return 0;
  let best = bestByTrying(weights, row + 1, taken);
  weights[row].forEach((weight, column) => {
    if (weight > 0 && (taken & (1 << column)) === 0) best = Math.max(best, weight + bestByTrying(weights, row + 1, taken | (1 << column)));
  });
  return best;
}

describe('the assignment', () => {
  it('is the best of all on every small matrix', () => {
    const random = seededRandom(5);
    const assignment = new Assignment();
    for (let run = 0; run < 3000; run++) {
      const matrix = randomMatrix(1 + (run % 6), 1 + Math.floor(random.next() * 6), random.between(0.2, 1), random);
      const minimum = [0, 0.2, 0.5][run % 3];
      const weights = worth(matrix, minimum);
      expect(sumOf(weights, solve(matrix, minimum, assignment))).toBeCloseTo(bestByTrying(weights), 10);
    }
  });

  it('equals an independent Hungarian method on large matrices, sparse and dense, wide and tall', () => {
    const random = seededRandom(6);
    const assignment = new Assignment();
    for (const [rows, columns] of [
      [60, 60],
      [40, 90],
      [90, 40],
      [120, 120],
    ]) {
      for (const share of [0.01, 0.03, 0.2, 1]) {
        const matrix = randomMatrix(rows, columns, share, random);
        const weights = worth(matrix, 0.2);
        expect(sumOf(weights, solve(matrix, 0.2, assignment))).toBeCloseTo(largestSum(weights), 9);
      }
    }
  });

  it('takes two fair pairs rather than one very good one', () => {
    expect(
      solve(
        [
          [0.9, 0.8],
          [0.8, 0],
        ],
        0.2,
      ),
    ).toEqual([1, 0]);
  });

  it('leaves a pair alone that costs a better one its partner', () => {
    expect(
      solve(
        [
          [0.9, 0.3],
          [0.5, 0],
        ],
        0.2,
      ),
    ).toEqual([0, -1]);
  });

  it('takes a pair exactly at the minimum', () => {
    expect(solve([[0.5]], 0.5)).toEqual([0]);
  });

  it('gives equal chances to the lower row, then to the lower column', () => {
    expect(solve([[0.7], [0.7]], 0.2)).toEqual([0, -1]);
    expect(solve([[0.7, 0.7]], 0.2)).toEqual([0]);
  });

  it('answers nothing for no rows, no columns or no pairs', () => {
    expect(solve([], 0.2)).toEqual([]);
    expect(solve([[], []], 0.2)).toEqual([-1, -1]);
    expect(
      solve(
        [
          [0, 0],
          [0, 0],
        ],
        0.2,
      ),
    ).toEqual([-1, -1]);
  });
});

describe('the dense assignment', () => {
  it('remembers nothing of the problem before', () => {
    const random = seededRandom(7);
    const used = new DenseAssignment();
    for (let run = 0; run < 200; run++) {
      const rows = 1 + Math.floor(random.next() * 12);
      const columns = rows + Math.floor(random.next() * 6);
      const weights = Float64Array.from(randomMatrix(rows, columns, 0.6, random).flat());
      expect(used.solve(weights, rows, columns).slice(0, columns)).toEqual(
        new DenseAssignment().solve(weights, rows, columns).slice(0, columns),
      );
    }
  });
});
