import { valueAt, type Metrics } from '../metrics.ts';
import { median } from './losses.ts';
import { JUMP_EARLIEST, JUMP_NATS, JUMP_SHARE, JUMP_STAYS, JUMP_SUDDEN_SHARE } from './thresholds.ts';

/** A step up of the loss from which it has not come back. */
export interface LossJump {
  /** The first iteration after it, and how many iterations that may be off: 1 where every one of them is still known. */
  readonly iteration: number;
  readonly precision: number;
  /** The medians before and after it, nats. */
  readonly beforeNats: number;
  readonly afterNats: number;
}

/** Points of the whole curve, and around a jump. */
const POINTS = 256;
/** Iterations on either side of a jump that are looked at one by one. */
const AROUND = 20;

/**
 * Looks for the jump of the loss that has stayed. Of the losses since the run last stood at its lowest level, those before and
 * after the jump are the two parts with the least squares around their means.
 * @param recentNats what the loss is now.
 */
export function jumpOf(metrics: Metrics, recentNats: number): LossJump | undefined {
  const { iterations } = metrics;
  const points = metrics.points('lossNats', 0, iterations, POINTS);
  const smoothed = metrics.points('lossSmoothedNats', 0, iterations, POINTS).mean;
  let lowest = 0;
  for (let i = 1; i < smoothed.length; i++) if (smoothed[i] < smoothed[lowest]) lowest = i;
  const lowestNats = smoothed[lowest] ?? NaN;
  if (!isRise(lowestNats, recentNats)) return undefined;
  let first = lowest;
  while (first > 0 && smoothed[first - 1] < (lowestNats + recentNats) / 2) first--;
  const coarse = first + splitOf(points.mean.subarray(first));
  if (coarse <= first) return undefined;
  const middle = points.row[coarse] - points.width / 2;
  const reach = Math.max(AROUND, 2 * points.width);
  const near = metrics.points('lossNats', Math.floor(middle) - reach, Math.ceil(middle) + reach, 2 * reach + 3);
  const split = splitOf(near.mean);
  const iteration = Math.ceil(near.row[split] - (near.width - 1) / 2);
  if (iteration < JUMP_EARLIEST || iterations - iteration < JUMP_STAYS) return undefined;
  const beforeNats = median(points.mean.subarray(first, coarse));
  const afterNats = median(points.mean.subarray(coarse));
  if (!isRise(beforeNats, afterNats) || !isRise(beforeNats, recentNats)) return undefined;
  const sudden = mean(near.mean.subarray(split)) - mean(near.mean.subarray(0, split));
  if (!(sudden > JUMP_SUDDEN_SHARE * (afterNats - beforeNats))) return undefined;
  return { iteration, precision: near.width, beforeNats, afterNats };
}

/** The largest norm of the gradient around an iteration, and the usual one of the run. */
export function gradientAround(
  metrics: Metrics,
  iteration: number,
): { readonly largest: number; readonly usual: number } {
  const { maximum } = metrics.points('gradNorm', iteration - AROUND, iteration + 1, AROUND + 3);
  const largest = maximum.reduce((most, norm) => (norm > most ? norm : most), valueAt(metrics, 'gradNorm', iteration));
  return { largest, usual: median(metrics.points('gradNorm', 0, metrics.iterations, POINTS).mean) };
}

function isRise(fromNats: number, toNats: number): boolean {
  return toNats - fromNats > Math.max(JUMP_NATS, JUMP_SHARE * fromNats);
}

/** Where a series parts into two with the least squares around their means: the index of the second part's first value. */
function splitOf(values: ArrayLike<number>): number {
  const sums = new Float64Array(values.length + 1);
  const counts = new Int32Array(values.length + 1);
  for (let i = 0; i < values.length; i++) {
    const isKnown = Number.isFinite(values[i]);
    sums[i + 1] = sums[i] + (isKnown ? values[i] : 0);
    counts[i + 1] = counts[i] + (isKnown ? 1 : 0);
  }
  const [sum, count] = [sums[values.length], counts[values.length]];
  let [best, at] = [-Infinity, 0];
  for (let i = 1; i < values.length; i++) {
    const [left, right] = [counts[i], count - counts[i]];
    if (left === 0 || right === 0) continue;
    // The squares around the means fall by as much as this grows.
    const between = sums[i] ** 2 / left + (sum - sums[i]) ** 2 / right;
    if (between > best) [best, at] = [between, i];
  }
  return at;
}

function mean(values: Float32Array): number {
  const known = values.filter(Number.isFinite);
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}
