/**
 * The motion filter: constant velocity of a box's centre x, centre y, width and height, with noise in proportion to the size, as in BoT-SORT
 * (Aharon et al., 2022). F, Q, R and the first P couple a value with its own rate only, so the 8-state filter falls exactly into four
 * filters of two states, without a matrix or an inverse.
 *
 * Width instead of the aspect of the paper's filter, and rates that follow faster: a parcel that comes into the picture grows by the
 * frame, and the slow aspect loses it (bench/tracking measures what this gains).
 *
 * A filter lies in `FILTER_SIZE` numbers from `at`: for each of x, y, width, height its value, its rate a frame, and the covariance
 * (value, value), (value, rate), (rate, rate). Lengths are in heights of the picture, steps in nominal frames.
 */
export const FILTER_SIZE = 20;
const PAIR_SIZE = 5;
const X = 0;
const Y = PAIR_SIZE;
const WIDTH = 2 * PAIR_SIZE;
const HEIGHT = 3 * PAIR_SIZE;

/** Deviation of a measured value in shares of the size: the width for x and width, the height for y and height. */
export const MEASUREMENT_DEVIATION = 1 / 20;
/** Variances in multiples of that of a measurement: at the start, and added by each nominal frame. Lengths a frame for rates. */
export const VALUE_AT_START = 4;
export const RATE_AT_START = 10;
export const VALUE_NOISE = 0.1;
export const RATE_NOISE = 0.1;

/** Begins a filter on a measured box: left, top, right, bottom from `boxAt`. Width and height must be above 0. */
export function initiateFilter(filters: Float64Array, at: number, boxes: Float64Array, boxAt: number): void {
  const width = boxes[boxAt + 2] - boxes[boxAt];
  const height = boxes[boxAt + 3] - boxes[boxAt + 1];
  initiatePair(filters, at + X, (boxes[boxAt] + boxes[boxAt + 2]) / 2, measurementVariance(width));
  initiatePair(filters, at + Y, (boxes[boxAt + 1] + boxes[boxAt + 3]) / 2, measurementVariance(height));
  initiatePair(filters, at + WIDTH, width, measurementVariance(width));
  initiatePair(filters, at + HEIGHT, height, measurementVariance(height));
}

function initiatePair(filters: Float64Array, at: number, value: number, unit: number): void {
  filters[at] = value;
  filters[at + 1] = 0;
  filters[at + 2] = VALUE_AT_START * unit;
  filters[at + 3] = 0;
  filters[at + 4] = RATE_AT_START * unit;
}

/** Moves a filter on by `step` nominal frames. A size that would more than halve in one step stops shrinking: no box turns inside out. */
export function predictFilter(filters: Float64Array, at: number, step: number): void {
  stopCollapse(filters, at + WIDTH, step);
  stopCollapse(filters, at + HEIGHT, step);
  const acrossUnit = measurementVariance(filters[at + WIDTH]);
  const downUnit = measurementVariance(filters[at + HEIGHT]);
  predictPair(filters, at + X, step, acrossUnit);
  predictPair(filters, at + Y, step, downUnit);
  predictPair(filters, at + WIDTH, step, acrossUnit);
  predictPair(filters, at + HEIGHT, step, downUnit);
}

function stopCollapse(filters: Float64Array, at: number, step: number): void {
  if (filters[at] + step * filters[at + 1] < filters[at] / 2) filters[at + 1] = 0;
}

/**
 * The noise of n frames, each adding q to the value's variance and r to the rate's, is the sum of Fᵏ·Q·Fᵏᵀ over k = 0 … n-1, a polynomial
 * in n. The same polynomial serves broken steps: a long step equals several short ones of the same length in all, and a step of one frame
 * adds q and r themselves.
 */
function predictPair(filters: Float64Array, at: number, step: number, unit: number): void {
  const valueNoise = VALUE_NOISE * unit;
  const rateNoise = RATE_NOISE * unit;
  const sum = (step * (step - 1)) / 2;
  const sumOfSquares = (sum * (2 * step - 1)) / 3;
  const covariance = filters[at + 3];
  const rateVariance = filters[at + 4];
  filters[at] += step * filters[at + 1];
  filters[at + 2] += step * (2 * covariance + step * rateVariance) + step * valueNoise + sumOfSquares * rateNoise;
  filters[at + 3] = covariance + step * rateVariance + sum * rateNoise;
  filters[at + 4] = rateVariance + step * rateNoise;
}

/** Corrects a filter by a measured box: left, top, right, bottom from `boxAt`. */
export function updateFilter(filters: Float64Array, at: number, boxes: Float64Array, boxAt: number): void {
  const acrossUnit = measurementVariance(filters[at + WIDTH]);
  const downUnit = measurementVariance(filters[at + HEIGHT]);
  updatePair(filters, at + X, (boxes[boxAt] + boxes[boxAt + 2]) / 2, acrossUnit);
  updatePair(filters, at + Y, (boxes[boxAt + 1] + boxes[boxAt + 3]) / 2, downUnit);
  updatePair(filters, at + WIDTH, boxes[boxAt + 2] - boxes[boxAt], acrossUnit);
  updatePair(filters, at + HEIGHT, boxes[boxAt + 3] - boxes[boxAt + 1], downUnit);
}

function updatePair(filters: Float64Array, at: number, measured: number, measurementNoise: number): void {
  const variance = filters[at + 2];
  const covariance = filters[at + 3];
  const gain = variance / (variance + measurementNoise);
  const rateGain = covariance / (variance + measurementNoise);
  const surprise = measured - filters[at];
  filters[at] += gain * surprise;
  filters[at + 1] += rateGain * surprise;
  filters[at + 2] = variance * (1 - gain);
  filters[at + 3] = covariance * (1 - gain);
  filters[at + 4] -= rateGain * covariance;
}

function measurementVariance(size: number): number {
  const deviation = MEASUREMENT_DEVIATION * size;
  return deviation * deviation;
}

/** An unseen box keeps its size: what hid it made it seem to shrink, and it would go on shrinking. */
export function freezeSize(filters: Float64Array, at: number): void {
  filters[at + WIDTH + 1] = 0;
  filters[at + HEIGHT + 1] = 0;
}

/** Writes the box of a filter: left, top, right, bottom from `boxAt`. */
export function writeBox(filters: Float64Array, at: number, boxes: Float64Array, boxAt: number): void {
  const halfWidth = filters[at + WIDTH] / 2;
  const halfHeight = filters[at + HEIGHT] / 2;
  boxes[boxAt] = filters[at + X] - halfWidth;
  boxes[boxAt + 1] = filters[at + Y] - halfHeight;
  boxes[boxAt + 2] = filters[at + X] + halfWidth;
  boxes[boxAt + 3] = filters[at + Y] + halfHeight;
}
