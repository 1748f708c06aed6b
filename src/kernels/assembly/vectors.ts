import { F32, LANES, loadLanes, madd, sumOfLanes, VECTOR } from './lanes';

/** Numbers whose squares are summed in float32. */
const PIECE: i32 = 256;
/** Sums of squares outside of these bounds may have lost terms to under- or overflow, and are taken again in float64. */
const SMALLEST_SUM: f32 = 1e-28;
const LARGEST_SUM: f32 = 1e36;

/** Columns that are summed side by side: eight vectors. */
const COLUMNS: i32 = 8 * LANES;

/** The sums of the lanes of four vectors, as the lanes of one. */
export function fourSums(s0: v128, s1: v128, s2: v128, s3: v128): v128 {
  const pairs01 = f32x4.add(v128.shuffle<f32>(s0, s1, 0, 4, 1, 5), v128.shuffle<f32>(s0, s1, 2, 6, 3, 7));
  const pairs23 = f32x4.add(v128.shuffle<f32>(s2, s3, 0, 4, 1, 5), v128.shuffle<f32>(s2, s3, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(pairs01, pairs23, 0, 1, 4, 5), v128.shuffle<f32>(pairs01, pairs23, 2, 3, 6, 7));
}

/** x · y over n numbers, in float32. */
export function dot(x: usize, y: usize, n: i32): f32 {
  let sums = f32x4.splat(0);
  const end = x + <usize>(n & ~(LANES - 1)) * F32;
  for (; x < end; x += VECTOR, y += VECTOR) sums = madd(v128.load(x), v128.load(y), sums);
  let sum = sumOfLanes(sums);
  for (let left = n & (LANES - 1); left > 0; left--, x += F32, y += F32) sum += load<f32>(x) * load<f32>(y);
  return sum;
}

/** ‖x‖² of `count` numbers; in float32 by pieces, unless these are so small or so large that it would lose terms. */
export function sumOfSquares(x: usize, count: i32): f64 {
  let sum: f64 = 0;
  for (; count > 0; count -= PIECE, x += <usize>PIECE * F32) sum += sumOfPiece(x, min(count, PIECE));
  return sum;
}

function sumOfPiece(x: usize, count: i32): f64 {
  const zero = f32x4.splat(0);
  let s0 = zero,
    s1 = zero,
    s2 = zero,
    s3 = zero;
  let at = x;
  let left = count;
  for (; left >= 4 * LANES; left -= 4 * LANES, at += 4 * VECTOR) {
    const x0 = v128.load(at);
    const x1 = v128.load(at, 1 * VECTOR);
    const x2 = v128.load(at, 2 * VECTOR);
    const x3 = v128.load(at, 3 * VECTOR);
    s0 = madd(x0, x0, s0);
    s1 = madd(x1, x1, s1);
    s2 = madd(x2, x2, s2);
    s3 = madd(x3, x3, s3);
  }
  for (; left > 0; left -= LANES, at += VECTOR) {
    const x0 = left >= LANES ? v128.load(at) : loadLanes(at, left);
    s0 = madd(x0, x0, s0);
  }
  const sum = sumOfLanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
  // The comparison is false for NaN too, which float64 then keeps.
  return sum > SMALLEST_SUM && sum < LARGEST_SUM ? <f64>sum : exactSumOfPiece(x, count);
}

function exactSumOfPiece(x: usize, count: i32): f64 {
  let sum: f64 = 0;
  for (; count > 0; count--, x += F32) {
    const value = <f64>load<f32>(x);
    sum += value * value;
  }
  return sum;
}

/** y (n) += Wᵀ v, for W (m, n) row-major: the recurrence of a single stream, and with Wᵀ for W the way back. */
export function addTransposedTimesVector(W: usize, m: i32, n: i32, v: usize, y: usize): void {
  const stride = <usize>n * F32;
  let column = 0;
  for (; column + COLUMNS <= n; column += COLUMNS) {
    eightColumnVectors(W + <usize>column * F32, stride, m, v, y + <usize>column * F32);
  }
  for (; column + LANES <= n; column += LANES) {
    oneColumnVector(W + <usize>column * F32, stride, m, v, y + <usize>column * F32);
  }
  for (; column < n; column++) {
    let sum = load<f32>(y + <usize>column * F32);
    let from = W + <usize>column * F32;
    for (let row = 0; row < m; row++, from += stride) sum += load<f32>(v + <usize>row * F32) * load<f32>(from);
    store<f32>(y + <usize>column * F32, sum);
  }
}

/** Four columns, with four sums over every fourth row. */
function oneColumnVector(W: usize, stride: usize, m: i32, v: usize, y: usize): void {
  const zero = f32x4.splat(0);
  let s0 = v128.load(y),
    s1 = zero,
    s2 = zero,
    s3 = zero;
  for (const end = v + <usize>(m & ~3) * F32; v < end; v += 4 * F32, W += 4 * stride) {
    s0 = madd(v128.load32_splat(v), v128.load(W), s0);
    s1 = madd(v128.load32_splat(v, 1 * F32), v128.load(W + stride), s1);
    s2 = madd(v128.load32_splat(v, 2 * F32), v128.load(W + 2 * stride), s2);
    s3 = madd(v128.load32_splat(v, 3 * F32), v128.load(W + 3 * stride), s3);
  }
  for (let left = m & 3; left > 0; left--, v += F32, W += stride) s0 = madd(v128.load32_splat(v), v128.load(W), s0);
  v128.store(y, f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
}

function eightColumnVectors(W: usize, stride: usize, m: i32, v: usize, y: usize): void {
  let s0 = v128.load(y);
  let s1 = v128.load(y, 1 * VECTOR);
  let s2 = v128.load(y, 2 * VECTOR);
  let s3 = v128.load(y, 3 * VECTOR);
  let s4 = v128.load(y, 4 * VECTOR);
  let s5 = v128.load(y, 5 * VECTOR);
  let s6 = v128.load(y, 6 * VECTOR);
  let s7 = v128.load(y, 7 * VECTOR);
  for (const end = v + <usize>m * F32; v < end; v += F32, W += stride) {
    const x = v128.load32_splat(v);
    s0 = madd(x, v128.load(W), s0);
    s1 = madd(x, v128.load(W, 1 * VECTOR), s1);
    s2 = madd(x, v128.load(W, 2 * VECTOR), s2);
    s3 = madd(x, v128.load(W, 3 * VECTOR), s3);
    s4 = madd(x, v128.load(W, 4 * VECTOR), s4);
    s5 = madd(x, v128.load(W, 5 * VECTOR), s5);
    s6 = madd(x, v128.load(W, 6 * VECTOR), s6);
    s7 = madd(x, v128.load(W, 7 * VECTOR), s7);
  }
  v128.store(y, s0);
  v128.store(y, s1, 1 * VECTOR);
  v128.store(y, s2, 2 * VECTOR);
  v128.store(y, s3, 3 * VECTOR);
  v128.store(y, s4, 4 * VECTOR);
  v128.store(y, s5, 5 * VECTOR);
  v128.store(y, s6, 6 * VECTOR);
  v128.store(y, s7, 7 * VECTOR);
}
