import { madd } from './lanes';

const LOG2_E: f32 = 1.44269504088896341;
/** ln 2 in two parts, the first of which has few enough bits that its product with a small integer is exact. */
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.1219444e-4;
/** ln of the smallest normal number; below it exp is taken as 0. */
const EXP_LOWEST: f32 = -87.3365447;
/** Below it tanh is a polynomial, because 1 − 2/(e^2x + 1) would lose digits. */
const TANH_POLYNOMIAL: f32 = 0.625;
/** 2|x| beyond it makes float32 tanh 1. */
const TANH_LARGEST: f32 = 20;

/**
 * e^x for x ≤ 0: relative error under 2.5e-7 down to −87.3, the logarithm of the smallest normal number, and 0 below. NaN
 * stays NaN.
 */
export function exp(x: v128): v128 {
  const isBelow = f32x4.lt(x, f32x4.splat(EXP_LOWEST));
  return v128.andnot(expWithin(f32x4.pmax(x, f32x4.splat(EXP_LOWEST))), isBelow);
}

/**
 * e^x for −87.3 ≤ x ≤ 88, by Cody and Waite's reduction to |r| ≤ ln 2 / 2 and the polynomial of Cephes' expf: relative error
 * under 2.5e-7.
 */
function expWithin(x: v128): v128 {
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(LOG2_E)));
  let r = madd(n, f32x4.splat(-LN2_HIGH), x);
  r = madd(n, f32x4.splat(-LN2_LOW), r);
  let p = f32x4.splat(1.98756915e-4);
  p = madd(p, r, f32x4.splat(1.3981999507e-3));
  p = madd(p, r, f32x4.splat(8.3334519073e-3));
  p = madd(p, r, f32x4.splat(4.1665795894e-2));
  p = madd(p, r, f32x4.splat(1.6666665459e-1));
  p = madd(p, r, f32x4.splat(5.0000001201e-1));
  p = madd(p, f32x4.mul(r, r), f32x4.add(r, f32x4.splat(1)));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(p, power);
}

/**
 * tanh x: the odd polynomial of Cephes' tanhf where |x| < 0.625, else 1 − 2/(e^2|x| + 1) with the sign of x. Absolute error
 * under 1.5e-7, relative error under 2.5e-7, |tanh x| ≤ 1. NaN stays NaN.
 */
export function tanh(x: v128): v128 {
  const one = f32x4.splat(1);
  const size = f32x4.abs(x);
  const e = expWithin(f32x4.pmin(f32x4.add(size, size), f32x4.splat(TANH_LARGEST)));
  const large = f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(e, one)));
  const signed = v128.or(large, v128.and(x, f32x4.splat(-0.0)));
  const square = f32x4.mul(x, x);
  let p = f32x4.splat(-5.70498872745e-3);
  p = madd(p, square, f32x4.splat(2.06390887954e-2));
  p = madd(p, square, f32x4.splat(-5.37397155531e-2));
  p = madd(p, square, f32x4.splat(1.33314422036e-1));
  p = madd(p, square, f32x4.splat(-3.33332819422e-1));
  const small = madd(f32x4.mul(p, square), x, x);
  return v128.bitselect(small, signed, f32x4.lt(size, f32x4.splat(TANH_POLYNOMIAL)));
}
