/**
 * The motion filter of ByteTrack and DeepSORT (Wojke et al., 2017): constant velocity of a box's centre x, centre y, aspect (width by
 * height) and height, with noise in proportion to the height. Its F, Q, R and first P couple a value with its own rate only, so the
 * 8-state filter falls exactly into four filters of two states, without a matrix or an inverse.
 *
 * A filter lies in `FILTER_SIZE` numbers from `at`: for each of x, y, aspect, height its value, its rate a frame, and the covariance
 * (value, value), (value, rate), (rate, rate). Lengths are in heights of the picture, steps in nominal frames.
 */
export const FILTER_SIZE = 20;
const PAIR_SIZE = 5;
const ASPECT = 2 * PAIR_SIZE;
const HEIGHT = 3 * PAIR_SIZE;

const POSITION_NOISE = 1 / 20;
const RATE_NOISE = 1 / 160;
const ASPECT_NOISE = 1e-2;
const ASPECT_RATE_NOISE = 1e-5;
const ASPECT_MEASUREMENT_NOISE = 1e-1;

/** Begins a filter on a measured box: left, top, right, bottom from `boxAt`. The height must be above 0. */
export function initiateFilter(filters: Float64Array, at: number, boxes: Float64Array, boxAt: number): void {
  const height = boxes[boxAt + 3] - boxes[boxAt + 1];
  const width = boxes[boxAt + 2] - boxes[boxAt];
  const position = 2 * POSITION_NOISE * height;
  const rate = 10 * RATE_NOISE * height;
  initiatePair(filters, at, (boxes[boxAt] + boxes[boxAt + 2]) / 2, position, rate);
  initiatePair(filters, at + PAIR_SIZE, (boxes[boxAt + 1] + boxes[boxAt + 3]) / 2, position, rate);
  initiatePair(filters, at + ASPECT, width / height, ASPECT_NOISE, ASPECT_RATE_NOISE);
  initiatePair(filters, at + HEIGHT, height, position, rate);
}

function initiatePair(filters: Float64Array, at: number, value: number, valueDeviation: number, rateDeviation: number): void {
  filters[at] = value;
  filters[at + 1] = 0;
  filters[at + 2] = valueDeviation * valueDeviation;
  filters[at + 3] = 0;
  filters[at + 4] = rateDeviation * rateDeviation;
}

/** Moves a filter on by `step` nominal frames. Sizes that would more than halve in one step stop shrinking: no box turns inside out. */
export function predictFilter(filters: Float64Array, at: number, step: number): void {
  stopCollapse(filters, at + ASPECT, step);
  stopCollapse(filters, at + HEIGHT, step);
  const height = filters[at + HEIGHT];
  predictPair(filters, at, step, POSITION_NOISE * height, RATE_NOISE * height);
  predictPair(filters, at + PAIR_SIZE, step, POSITION_NOISE * height, RATE_NOISE * height);
  predictPair(filters, at + ASPECT, step, ASPECT_NOISE, ASPECT_RATE_NOISE);
  predictPair(filters, at + HEIGHT, step, POSITION_NOISE * height, RATE_NOISE * height);
}

function stopCollapse(filters: Float64Array, at: number, step: number): void {
  if (filters[at] + step * filters[at + 1] < filters[at] / 2) filters[at + 1] = 0;
}

/**
 * The noise of n frames, each adding q² to the value and r² to the rate, is the sum of Fᵏ·Q·Fᵏᵀ over k = 0…n-1, a polynomial in n. The
 * same polynomial serves broken steps: one long step equals several short ones of the same length in all, and one frame is the original.
 */
function predictPair(filters: Float64Array, at: number, step: number, deviation: number, rateDeviation: number): void {
  const valueNoise = deviation * deviation;
  const rateNoise = rateDeviation * rateDeviation;
  const covariance = filters[at + 3];
  const rateVariance = filters[at + 4];
  filters[at] += step * filters[at + 1];
  filters[at + 2] +=
    step * (2 * covariance + step * rateVariance) + step * valueNoise + ((step * (step - 1) * (2 * step - 1)) / 6) * rateNoise;
  filters[at + 3] = covariance + step * rateVariance + ((step * (step - 1)) / 2) * rateNoise;
  filters[at + 4] = rateVariance + step * rateNoise;
}

/** Corrects a filter by a measured box: left, top, right, bottom from `boxAt`. */
export function updateFilter(filters: Float64Array, at: number, boxes: Float64Array, boxAt: number): void {
  const noise = POSITION_NOISE * filters[at + HEIGHT];
  const height = boxes[boxAt + 3] - boxes[boxAt + 1];
  const width = boxes[boxAt + 2] - boxes[boxAt];
  updatePair(filters, at, (boxes[boxAt] + boxes[boxAt + 2]) / 2, noise);
  updatePair(filters, at + PAIR_SIZE, (boxes[boxAt + 1] + boxes[boxAt + 3]) / 2, noise);
  updatePair(filters, at + ASPECT, width / height, ASPECT_MEASUREMENT_NOISE);
  updatePair(filters, at + HEIGHT, height, noise);
}

function updatePair(filters: Float64Array, at: number, measured: number, deviation: number): void {
  const variance = filters[at + 2];
  const covariance = filters[at + 3];
  const total = variance + deviation * deviation;
  const gain = variance / total;
  const rateGain = covariance / total;
  const surprise = measured - filters[at];
  filters[at] += gain * surprise;
  filters[at + 1] += rateGain * surprise;
  filters[at + 2] = variance * (1 - gain);
  filters[at + 3] = covariance * (1 - gain);
  filters[at + 4] -= rateGain * covariance;
}

/** An unseen box keeps its height: what hides it would otherwise let it grow or shrink without end. */
export function freezeHeight(filters: Float64Array, at: number): void {
  filters[at + HEIGHT + 1] = 0;
}

/** Writes the box of a filter: left, top, right, bottom from `boxAt`. */
export function writeBox(filters: Float64Array, at: number, boxes: Float64Array, boxAt: number): void {
  const halfHeight = filters[at + HEIGHT] / 2;
  const halfWidth = filters[at + ASPECT] * halfHeight;
  boxes[boxAt] = filters[at] - halfWidth;
  boxes[boxAt + 1] = filters[at + PAIR_SIZE] - halfHeight;
  boxes[boxAt + 2] = filters[at] + halfWidth;
  boxes[boxAt + 3] = filters[at + PAIR_SIZE] + halfHeight;
}
