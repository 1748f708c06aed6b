import { F32, madd } from './lanes';

/**
 * The constants of exp and tanh, in memory because V8 otherwise builds each of them anew, from several instructions, wherever
 * it is used. ln 2 comes in two parts, the first of which has few enough bits that its product with a small integer is exact.
 */
const CONSTANTS = memory.data<f32>([
  // exp: log2 e, −ln 2 in two parts, then the polynomial of Cephes' expf from the highest power down.
  1.44269504088896341, -0.693359375, 2.1219444e-4, 1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2,
  1.6666665459e-1, 5.0000001201e-1,
  // tanh: the polynomial of Cephes' tanhf from the highest power down.
  -5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1,
  // 1, 2, the logarithm of the smallest normal number, below which exp is taken as 0.
  1, 2, -87.3365447,
  // Where tanh changes from polynomial to exponential, which would lose digits below; and 2|x| beyond which it is 1.
  0.625, 20,
  // 1.5·2^23: numbers of that size are whole, and their last bits count them.
  12582912,
]);
const LOG2_E: usize = 0 * F32;
const LN2_HIGH: usize = 1 * F32;
const LN2_LOW: usize = 2 * F32;
const EXP: usize = 3 * F32;
const TANH: usize = 9 * F32;
const ONE: usize = 14 * F32;
const TWO: usize = 15 * F32;
const EXP_LOWEST: usize = 16 * F32;
const TANH_POLYNOMIAL: usize = 17 * F32;
const TANH_LARGEST: usize = 18 * F32;
const WHOLE: usize = 19 * F32;

/**
 * e^x for x ≤ 0: relative error under 2.5e-7 down to −87.3, the logarithm of the smallest normal number, and 0 below. NaN
 * stays NaN.
 */
export function exp(x: v128): v128 {
  const lowest = v128.load32_splat(CONSTANTS, EXP_LOWEST);
  return v128.andnot(expWithin(f32x4.pmax(x, lowest)), f32x4.lt(x, lowest));
}

/**
 * e^x for −87.3 ≤ x ≤ 88, by Cody and Waite's reduction to |r| ≤ ln 2 / 2 and the polynomial of Cephes' expf: relative error
 * under 2.5e-7.
 */
function expWithin(x: v128): v128 {
  // Added to it, x log2 e is rounded to a whole number n, which then stands in the last bits: the processor needs no conversion.
  const whole = v128.load32_splat(CONSTANTS, WHOLE);
  const shifted = f32x4.add(f32x4.mul(x, v128.load32_splat(CONSTANTS, LOG2_E)), whole);
  const n = f32x4.sub(shifted, whole);
  let r = madd(n, v128.load32_splat(CONSTANTS, LN2_HIGH), x);
  r = madd(n, v128.load32_splat(CONSTANTS, LN2_LOW), r);
  let p = v128.load32_splat(CONSTANTS, EXP);
  p = madd(p, r, v128.load32_splat(CONSTANTS, EXP + 1 * F32));
  p = madd(p, r, v128.load32_splat(CONSTANTS, EXP + 2 * F32));
  p = madd(p, r, v128.load32_splat(CONSTANTS, EXP + 3 * F32));
  p = madd(p, r, v128.load32_splat(CONSTANTS, EXP + 4 * F32));
  p = madd(p, r, v128.load32_splat(CONSTANTS, EXP + 5 * F32));
  const one = v128.load32_splat(CONSTANTS, ONE);
  p = madd(p, f32x4.mul(r, r), f32x4.add(r, one));
  // The bits of 1 are those of an exponent of 0.
  return f32x4.mul(p, i32x4.add(i32x4.shl(shifted, 23), one));
}

/**
 * tanh x: the odd polynomial of Cephes' tanhf where |x| < 0.625, else 1 − 2/(e^2|x| + 1) with the sign of x. Absolute error
 * under 1.5e-7, relative error under 2.5e-7, |tanh x| ≤ 1. NaN stays NaN.
 */
export function tanh(x: v128): v128 {
  const one = v128.load32_splat(CONSTANTS, ONE);
  const size = f32x4.abs(x);
  const e = expWithin(f32x4.pmin(f32x4.add(size, size), v128.load32_splat(CONSTANTS, TANH_LARGEST)));
  const large = f32x4.sub(one, f32x4.div(v128.load32_splat(CONSTANTS, TWO), f32x4.add(e, one)));
  const square = f32x4.mul(x, x);
  let p = v128.load32_splat(CONSTANTS, TANH);
  p = madd(p, square, v128.load32_splat(CONSTANTS, TANH + 1 * F32));
  p = madd(p, square, v128.load32_splat(CONSTANTS, TANH + 2 * F32));
  p = madd(p, square, v128.load32_splat(CONSTANTS, TANH + 3 * F32));
  p = madd(p, square, v128.load32_splat(CONSTANTS, TANH + 4 * F32));
  const small = madd(f32x4.mul(p, square), size, size);
  const isSmall = f32x4.lt(size, v128.load32_splat(CONSTANTS, TANH_POLYNOMIAL));
  // Both are of |x|; what x has beyond that is its sign.
  return v128.or(v128.bitselect(small, large, isSmall), v128.xor(x, size));
}

/** σ x = 1/(1 + e^−x): relative error under 5e-7 where it is not too small for a normal number. NaN stays NaN. */
export function sigmoid(x: v128): v128 {
  const one = v128.load32_splat(CONSTANTS, ONE);
  // Of −|x|, so that no exponential overflows.
  const e = exp(f32x4.neg(f32x4.abs(x)));
  const numerator = v128.bitselect(e, one, f32x4.lt(x, f32x4.splat(0)));
  return f32x4.div(numerator, f32x4.add(one, e));
}
