import { MEASUREMENT_DEVIATION, RATE_AT_START, RATE_NOISE, VALUE_AT_START, VALUE_NOISE } from '../../../operators/track/kalman.ts';

type Matrix = number[][];

/**
 * The same filter as textbooks write it: 8 states (x, y, width, height and their rates), full matrices, an inverse. Slow, and written
 * without a look at the pairs: it is what they are checked against. Steps are whole frames here, one F·P·Fᵀ + Q each.
 */
export class FullKalman {
  mean: number[];
  covariance: Matrix;

  constructor(measured: readonly number[]) {
    this.mean = [...measured, 0, 0, 0, 0];
    const unit = units(measured[2], measured[3]);
    this.covariance = diagonal([...unit.map((u) => VALUE_AT_START * u), ...unit.map((u) => RATE_AT_START * u)]);
  }

  /** `frames` single predictions, with the noise of the size at their start. */
  predict(frames: number): void {
    const unit = units(this.mean[2], this.mean[3]);
    const noise = diagonal([...unit.map((u) => VALUE_NOISE * u), ...unit.map((u) => RATE_NOISE * u)]);
    const transition = identity(8);
    for (let i = 0; i < 4; i++) transition[i][i + 4] = 1;
    for (let frame = 0; frame < frames; frame++) {
      this.mean = multiply(transition, column(this.mean)).map(([value]) => value);
      this.covariance = add(multiply(multiply(transition, this.covariance), transpose(transition)), noise);
    }
  }

  update(measured: readonly number[]): void {
    const observation = identity(8).slice(0, 4);
    const noise = diagonal(units(this.mean[2], this.mean[3]));
    const innovation = add(multiply(multiply(observation, this.covariance), transpose(observation)), noise);
    const gain = multiply(multiply(this.covariance, transpose(observation)), inverse(innovation));
    const surprise = measured.map((value, i) => value - this.mean[i]);
    this.mean = multiply(gain, column(surprise)).map(([change], i) => this.mean[i] + change);
    const kept = add(identity(8), scale(multiply(gain, observation), -1));
    this.covariance = multiply(kept, this.covariance);
  }
}

function units(width: number, height: number): number[] {
  return [width, height, width, height].map((size) => (MEASUREMENT_DEVIATION * size) ** 2);
}

function identity(size: number): Matrix {
  return diagonal(Array(size).fill(1));
}

function diagonal(values: readonly number[]): Matrix {
  return values.map((value, i) => values.map((_, j) => (i === j ? value : 0)));
}

function column(values: readonly number[]): Matrix {
  return values.map((value) => [value]);
}

function transpose(a: Matrix): Matrix {
  return a[0].map((_, j) => a.map((row) => row[j]));
}

function add(a: Matrix, b: Matrix): Matrix {
  return a.map((row, i) => row.map((value, j) => value + b[i][j]));
}

function scale(a: Matrix, by: number): Matrix {
  return a.map((row) => row.map((value) => value * by));
}

function multiply(a: Matrix, b: Matrix): Matrix {
  return a.map((row) => b[0].map((_, j) => row.reduce((sum, value, k) => sum + value * b[k][j], 0)));
}

/** Gauss and Jordan, with the largest pivot. */
function inverse(a: Matrix): Matrix {
  const rows = a.map((row, i) => [...row, ...identity(a.length)[i]]);
  for (let i = 0; i < rows.length; i++) {
    const pivot = rows.slice(i).reduce((best, row) => (Math.abs(row[i]) > Math.abs(best[i]) ? row : best));
    rows.splice(rows.indexOf(pivot), 1);
    rows.splice(
      i,
      0,
      pivot.map((value) => value / pivot[i]),
    );
    rows.forEach((row, k) => {
      if (k !== i) rows[k] = row.map((value, j) => value - row[i] * rows[i][j]);
    });
  }
  return rows.map((row) => row.slice(a.length));
}
