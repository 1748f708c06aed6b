import { exp, tanh } from './elementary';
import { F32, firstLanes, LANES, loadLanes, storeLanes, sumOfLanes64, VECTOR } from './lanes';

/** a (n) = tanh(a + column + b_h): the gathered column of W_xh, the bias and the tanh in one pass over W_ah a(t−1). */
export function tanhRow(a: usize, column: usize, b_h: usize, n: i32): void {
  let left = n;
  for (; left >= LANES; left -= LANES, a += VECTOR, column += VECTOR, b_h += VECTOR) {
    const h = f32x4.add(f32x4.add(v128.load(a), v128.load(column)), v128.load(b_h));
    v128.store(a, tanh(h));
  }
  if (left > 0) {
    const h = f32x4.add(f32x4.add(loadLanes(a, left), loadLanes(column, left)), loadLanes(b_h, left));
    storeLanes(a, tanh(h), left);
  }
}

/**
 * One row of logits `yhat` (V) + b_o into ŷ, with ∂o = (ŷ − y)/N beside it, the largest logit subtracted first. Returns
 * −log ŷ_c in float64, which stays finite where ŷ_c is 0.
 */
export function softmaxRow(yhat: usize, b_o: usize, dO: usize, V: i32, c: i32, inverseN: f32): f64 {
  const largest = addBias(yhat, b_o, V);
  const ofTarget = <f64>load<f32>(yhat + <usize>c * F32) - <f64>largest;
  const sum = exponentials(yhat, V, largest);
  scale(yhat, dO, V, <f32>(1.0 / sum), inverseN);
  const target = <usize>c * F32;
  store<f32>(dO + target, (load<f32>(yhat + target) - 1) * inverseN);
  return Math.log(sum) - ofTarget;
}

/** o = o + b_o; returns the largest. */
function addBias(o: usize, b_o: usize, V: i32): f32 {
  let largest = f32x4.splat(-Infinity);
  let left = V;
  for (; left >= LANES; left -= LANES, o += VECTOR, b_o += VECTOR) {
    const sum = f32x4.add(v128.load(o), v128.load(b_o));
    v128.store(o, sum);
    largest = f32x4.pmax(largest, sum);
  }
  if (left > 0) {
    const sum = f32x4.add(loadLanes(o, left), loadLanes(b_o, left));
    storeLanes(o, sum, left);
    largest = f32x4.pmax(largest, v128.bitselect(sum, largest, firstLanes(left)));
  }
  const pairs = f32x4.pmax(largest, v128.shuffle<f32>(largest, largest, 2, 3, 0, 1));
  return max(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1));
}

/** o = exp(o − largest); returns the sum, in float64 because a large vocabulary has many small terms. */
function exponentials(o: usize, V: i32, largest: f32): f64 {
  const shift = f32x4.splat(largest);
  let sum: f64 = 0;
  let left = V;
  for (; left >= LANES; left -= LANES, o += VECTOR) {
    const e = exp(f32x4.sub(v128.load(o), shift));
    v128.store(o, e);
    sum += sumOfLanes64(e);
  }
  if (left > 0) {
    const e = v128.and(exp(f32x4.sub(loadLanes(o, left), shift)), firstLanes(left));
    storeLanes(o, e, left);
    sum += sumOfLanes64(e);
  }
  return sum;
}

/** ŷ = ŷ·factor and ∂o = ŷ/N. */
function scale(yhat: usize, dO: usize, V: i32, factor: f32, inverseN: f32): void {
  const factors = f32x4.splat(factor);
  const inverses = f32x4.splat(inverseN);
  let left = V;
  for (; left >= LANES; left -= LANES, yhat += VECTOR, dO += VECTOR) {
    const scaled = f32x4.mul(v128.load(yhat), factors);
    v128.store(yhat, scaled);
    v128.store(dO, f32x4.mul(scaled, inverses));
  }
  if (left > 0) {
    const scaled = f32x4.mul(loadLanes(yhat, left), factors);
    storeLanes(yhat, scaled, left);
    storeLanes(dO, f32x4.mul(scaled, inverses), left);
  }
}

/** Step 7 over n numbers: ∂h = (1 − a²) ⊙ ∂a. */
export function throughTanh(a: usize, da: usize, dh: usize, n: i32): void {
  const one = f32x4.splat(1);
  let left = n;
  for (; left >= LANES; left -= LANES, a += VECTOR, da += VECTOR, dh += VECTOR) {
    const x = v128.load(a);
    v128.store(dh, f32x4.mul(f32x4.sub(one, f32x4.mul(x, x)), v128.load(da)));
  }
  if (left > 0) {
    const x = loadLanes(a, left);
    storeLanes(dh, f32x4.mul(f32x4.sub(one, f32x4.mul(x, x)), loadLanes(da, left)), left);
  }
}

/** to (n) += from (n). */
export function addRow(to: usize, from: usize, n: i32): void {
  let left = n;
  for (; left >= LANES; left -= LANES, to += VECTOR, from += VECTOR) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
  }
  if (left > 0) storeLanes(to, f32x4.add(loadLanes(to, left), loadLanes(from, left)), left);
}
