/** Numbers in one vector. */
export const LANES: i32 = 4;
/** Bytes of a float32, of a float64, and of one vector. */
export const F32: usize = 4;
export const F64: usize = 8;
export const VECTOR: usize = 16;

/** x·y + sum: rounded once in the relaxed module where the processor has fused multiply-add, twice in the plain one. */
export function madd(x: v128, y: v128, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(x, y, sum);
  return f32x4.add(f32x4.mul(x, y), sum);
}

/** The sum of the four lanes, always in the same order. */
export function sumOfLanes(x: v128): f32 {
  const pairs = f32x4.add(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/** The sum of the four lanes in float64. */
export function sumOfLanes64(x: v128): f64 {
  const pairs = f64x2.add(f64x2.promote_low_f32x4(x), f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 2, 3)));
  return f64x2.extract_lane(pairs, 0) + f64x2.extract_lane(pairs, 1);
}

/** All bits set in the first `count` lanes, 0 … 4. */
export function firstLanes(count: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count));
}

/** Stores the first `count` lanes, 1 … 3, and leaves what lies behind them alone. */
export function storeLanes(to: usize, x: v128, count: i32): void {
  v128.store32_lane(to, x, 0);
  if (count > 1) v128.store32_lane(to, x, 1, F32);
  if (count > 2) v128.store32_lane(to, x, 2, 2 * F32);
}

/** Loads the first `count` lanes, 1 … 3, and zeros for the others; reads nothing behind them. */
export function loadLanes(from: usize, count: i32): v128 {
  let x = v128.load32_zero(from);
  if (count > 1) x = v128.load32_lane(from, x, 1, F32);
  if (count > 2) x = v128.load32_lane(from, x, 2, 2 * F32);
  return x;
}
