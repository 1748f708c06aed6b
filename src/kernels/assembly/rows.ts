import { exp, sigmoid, tanh } from './elementary';
import { F32, firstLanes, LANES, loadLanes, madd, storeLanes, sumOfLanes64, VECTOR } from './lanes';
import { Operation } from './network';

/**
 * One row of logits `yhat` (V) + the output's bias into ŷ, with ∂o = (ŷ − y)/N beside it, the largest logit subtracted first. Returns
 * −log ŷ_c in float64, which stays finite where ŷ_c is 0.
 */
export function softmaxRow(yhat: usize, bias: usize, dO: usize, V: i32, c: i32, inverseN: f32): f64 {
  const largest = addBias(yhat, bias, V);
  const ofTarget = <f64>load<f32>(yhat + <usize>c * F32) - <f64>largest;
  const sum = exponentials(yhat, V, largest);
  scale(yhat, dO, V, <f32>(1.0 / sum), inverseN);
  const target = <usize>c * F32;
  store<f32>(dO + target, (load<f32>(yhat + target) - 1) * inverseN);
  return Math.log(sum) - ofTarget;
}

/** o = o + bias; returns the largest. */
function addBias(o: usize, bias: usize, V: i32): f32 {
  let largest = f32x4.splat(-Infinity);
  let left = V;
  for (; left >= LANES; left -= LANES, o += VECTOR, bias += VECTOR) {
    const sum = f32x4.add(v128.load(o), v128.load(bias));
    v128.store(o, sum);
    largest = f32x4.pmax(largest, sum);
  }
  if (left > 0) {
    const sum = f32x4.add(loadLanes(o, left), loadLanes(bias, left));
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

/** Functions as types, so that the compiler makes a loop for each: `offsetof<Sigmoid>()` is 2 when it compiles. */
export class Identity {}
export class Tanh extends Identity {
  a: i8 = 0;
}
export class Sigmoid extends Tanh {
  b: i8 = 0;
}
export class Relu extends Sigmoid {
  c: i8 = 0;
}

function valueAt<F>(h: v128): v128 {
  if (offsetof<F>() === offsetof<Tanh>()) return tanh(h);
  if (offsetof<F>() === offsetof<Sigmoid>()) return sigmoid(h);
  // The processor's maximum keeps NaN.
  if (offsetof<F>() === offsetof<Relu>()) return f32x4.max(h, f32x4.splat(0));
  return h;
}

/** to (n) = f(x). */
export function applyRow<F>(x: usize, to: usize, n: i32): void {
  let left = n;
  for (; left >= LANES; left -= LANES, x += VECTOR, to += VECTOR) v128.store(to, valueAt<F>(v128.load(x)));
  if (left > 0) storeLanes(to, valueAt<F>(loadLanes(x, left)), left);
}

/**
 * to (n) = f(to + column + bias) in one pass, where the products are there already; without them f(column + bias), and without
 * a column (0), which a one-hot input picks, f of the rest.
 */
export function affineRow<F>(to: usize, column: usize, bias: usize, n: i32, adds: bool): void {
  if (adds && column !== 0) return affineOfThree<F>(to, column, bias, n);
  if (!adds && column === 0) return applyRow<F>(bias, to, n);
  let other = adds ? to : column;
  let left = n;
  for (; left >= LANES; left -= LANES, to += VECTOR, other += VECTOR, bias += VECTOR) {
    v128.store(to, valueAt<F>(f32x4.add(v128.load(other), v128.load(bias))));
  }
  if (left > 0) storeLanes(to, valueAt<F>(f32x4.add(loadLanes(other, left), loadLanes(bias, left))), left);
}

function affineOfThree<F>(to: usize, column: usize, bias: usize, n: i32): void {
  let left = n;
  for (; left >= LANES; left -= LANES, to += VECTOR, column += VECTOR, bias += VECTOR) {
    const h = f32x4.add(f32x4.add(v128.load(to), v128.load(column)), v128.load(bias));
    v128.store(to, valueAt<F>(h));
  }
  if (left > 0) {
    const h = f32x4.add(f32x4.add(loadLanes(to, left), loadLanes(column, left)), loadLanes(bias, left));
    storeLanes(to, valueAt<F>(h), left);
  }
}

/** The slope of a function where it gave `a`. */
function slopeAt<F>(a: v128, one: v128): v128 {
  if (offsetof<F>() === offsetof<Sigmoid>()) return f32x4.mul(a, f32x4.sub(one, a));
  if (offsetof<F>() === offsetof<Relu>()) return v128.and(one, f32x4.gt(a, f32x4.splat(0)));
  return f32x4.sub(one, f32x4.mul(a, a));
}

/** to (n) = f′ ⊙ error or, with `adds`, to + f′ ⊙ error, the slope f′ where the function gave `a`. */
export function slopeRow<F>(a: usize, error: usize, to: usize, n: i32, adds: bool): void {
  const one = f32x4.splat(1);
  let left = n;
  for (; left >= LANES; left -= LANES, a += VECTOR, error += VECTOR, to += VECTOR) {
    const product = f32x4.mul(slopeAt<F>(v128.load(a), one), v128.load(error));
    v128.store(to, adds ? f32x4.add(v128.load(to), product) : product);
  }
  if (left > 0) {
    const product = f32x4.mul(slopeAt<F>(loadLanes(a, left), one), loadLanes(error, left));
    storeLanes(to, adds ? f32x4.add(loadLanes(to, left), product) : product, left);
  }
}

/** What `Code.Multiply` says of it, for a row of n; without y (0) there is no other factor. */
export function multiplyRow(operation: Operation, x: usize, y: usize, to: usize, n: i32): void {
  const factorOfX = f32x4.splat(operation.factorOfX);
  const partOfX = f32x4.splat(operation.partOfX);
  const factorOfY = f32x4.splat(operation.factorOfY);
  const partOfY = f32x4.splat(operation.partOfY);
  const adds = operation.adds !== 0;
  const isAlone = y === 0;
  let left = n;
  for (; left >= LANES; left -= LANES, x += VECTOR, y += VECTOR, to += VECTOR) {
    let product = madd(v128.load(x), factorOfX, partOfX);
    if (!isAlone) product = f32x4.mul(product, madd(v128.load(y), factorOfY, partOfY));
    v128.store(to, adds ? f32x4.add(v128.load(to), product) : product);
  }
  if (left > 0) {
    let product = madd(loadLanes(x, left), factorOfX, partOfX);
    if (!isAlone) product = f32x4.mul(product, madd(loadLanes(y, left), factorOfY, partOfY));
    storeLanes(to, adds ? f32x4.add(loadLanes(to, left), product) : product, left);
  }
}
