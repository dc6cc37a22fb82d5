/**
 * The assignment with the largest sum by Munkres' own steps (stars, primes and covers, 1957) on a square matrix, padded with zeros.
 * Plain arrays and O(n⁴): an independent check. Returns the largest sum.
 */
export function largestSum(weights: readonly (readonly number[])[]): number {
  const rows = weights.length;
  const columns = weights[0]?.length ?? 0;
  const size = Math.max(rows, columns);
  const most = Math.max(0, ...weights.flat());
  const cost = Array.from({ length: size }, (_, r) => Array.from({ length: size }, (_, c) => most - (weights[r]?.[c] ?? 0)));
  const starred = munkres(cost);
  return starred.reduce((sum, column, row) => sum + (weights[row]?.[column] ?? 0), 0);
}

/** The column of the star in each row of a square matrix of costs, which is changed. */
function munkres(cost: number[][]): number[] {
  const size = cost.length;
  for (const row of cost) subtract(row, Math.min(...row));
  const starInRow: number[] = Array(size).fill(-1);
  const starInColumn: number[] = Array(size).fill(-1);
  for (let begun = 0; begun < size; begun++) {
    const primeInRow: number[] = Array(size).fill(-1);
    const coveredColumn = starInColumn.map((row) => row >= 0);
    for (;;) {
      const zero = uncoveredZero(cost, primeInRow, coveredColumn);
      if (zero === undefined) {
        shift(cost, primeInRow, coveredColumn);
        continue;
      }
      primeInRow[zero.row] = zero.column;
      if (starInRow[zero.row] < 0) {
        flip(zero.row, primeInRow, starInRow, starInColumn);
        break;
      }
      coveredColumn[starInRow[zero.row]] = false;
    }
  }
  return starInRow;
}

const NEARLY = 1e-12;

/** A row is covered as soon as it holds a prime. */
function uncoveredZero(cost: number[][], primeInRow: number[], coveredColumn: boolean[]): { row: number; column: number } | undefined {
  for (let row = 0; row < cost.length; row++) {
    if (primeInRow[row] >= 0) continue;
    const column = cost[row].findIndex((value, c) => !coveredColumn[c] && value <= NEARLY);
    if (column >= 0) return { row, column };
  }
  return undefined;
}

function shift(cost: number[][], primeInRow: number[], coveredColumn: boolean[]): void {
  const open = cost.filter((_, row) => primeInRow[row] < 0).flatMap((row) => row.filter((_, column) => !coveredColumn[column]));
  const least = Math.min(...open);
  cost.forEach((row, r) => {
    for (let c = 0; c < row.length; c++) {
      if (primeInRow[r] >= 0 && coveredColumn[c]) row[c] += least;
      if (primeInRow[r] < 0 && !coveredColumn[c]) row[c] -= least;
    }
  });
}

function flip(from: number, primeInRow: number[], starInRow: number[], starInColumn: number[]): void {
  let row = from;
  while (row >= 0) {
    const column = primeInRow[row];
    const displaced = starInColumn[column];
    starInRow[row] = column;
    starInColumn[column] = row;
    row = displaced;
  }
}

function subtract(row: number[], value: number): void {
  for (let c = 0; c < row.length; c++) row[c] -= value;
}
