import { F32, madd, VECTOR } from './lanes';
import { Network } from './network';
import { sumOfSquares } from './vectors';

/** What src/model/optimizer.ts says of each, in float32; a run of whole vectors, gaps between tensors being zeros. */
const MOMENTUM: f32 = 0.9;
const EPSILON: f32 = 1e-8;
const RMSPROP_ALPHA: f32 = 0.95;
const RMSPROP_REST: f32 = 0.05;
const ADAM_BETA1: f32 = 0.9;
const ADAM_REST1: f32 = 0.1;
const ADAM_BETA2: f32 = 0.999;
const ADAM_REST2: f32 = 0.001;

/** Numbers whose squares are summed together; the blocks do not depend on the number of workers. */
export const SQUARES_BLOCK: i32 = 256;
/** Clips and steps numbers `first` to before `last` of all parameters, both multiples of four. */
export function sgd(net: Network, first: i32, last: i32): void {
  const rate = f32x4.splat(-net.learningRate * net.clipFactor);
  for (let at = <usize>first * F32; at < <usize>last * F32; at += VECTOR) {
    const p = net.parameters + at;
    v128.store(p, madd(rate, v128.load(net.gradients + at), v128.load(p)));
  }
}

export function momentum(net: Network, first: i32, last: i32): void {
  const rate = f32x4.splat(-net.learningRate);
  const clip = f32x4.splat(net.clipFactor);
  for (let at = <usize>first * F32; at < <usize>last * F32; at += VECTOR) {
    const p = net.parameters + at;
    const buffer = net.firstMoment + at;
    const clipped = f32x4.mul(clip, v128.load(net.gradients + at));
    const moved = madd(f32x4.splat(MOMENTUM), v128.load(buffer), clipped);
    v128.store(buffer, moved);
    v128.store(p, madd(rate, moved, v128.load(p)));
  }
}

export function adagrad(net: Network, first: i32, last: i32): void {
  const rate = f32x4.splat(net.learningRate);
  const clip = f32x4.splat(net.clipFactor);
  const epsilon = f32x4.splat(EPSILON);
  for (let at = <usize>first * F32; at < <usize>last * F32; at += VECTOR) {
    const p = net.parameters + at;
    const sum = net.firstMoment + at;
    const clipped = f32x4.mul(clip, v128.load(net.gradients + at));
    const squares = madd(clipped, clipped, v128.load(sum));
    v128.store(sum, squares);
    const step = f32x4.div(f32x4.mul(rate, clipped), f32x4.add(f32x4.sqrt(squares), epsilon));
    v128.store(p, f32x4.sub(v128.load(p), step));
  }
}

export function rmsprop(net: Network, first: i32, last: i32): void {
  const rate = f32x4.splat(net.learningRate);
  const clip = f32x4.splat(net.clipFactor);
  const epsilon = f32x4.splat(EPSILON);
  for (let at = <usize>first * F32; at < <usize>last * F32; at += VECTOR) {
    const p = net.parameters + at;
    const square = net.firstMoment + at;
    const clipped = f32x4.mul(clip, v128.load(net.gradients + at));
    const fresh = f32x4.mul(f32x4.splat(RMSPROP_REST), f32x4.mul(clipped, clipped));
    const mean = madd(f32x4.splat(RMSPROP_ALPHA), v128.load(square), fresh);
    v128.store(square, mean);
    const step = f32x4.div(f32x4.mul(rate, clipped), f32x4.add(f32x4.sqrt(mean), epsilon));
    v128.store(p, f32x4.sub(v128.load(p), step));
  }
}

export function adam(net: Network, first: i32, last: i32): void {
  const rate = f32x4.splat(net.stepSize);
  const clip = f32x4.splat(net.clipFactor);
  const correction = f32x4.splat(net.rootCorrection);
  const epsilon = f32x4.splat(EPSILON);
  for (let at = <usize>first * F32; at < <usize>last * F32; at += VECTOR) {
    const p = net.parameters + at;
    const average = net.firstMoment + at;
    const square = net.secondMoment + at;
    const clipped = f32x4.mul(clip, v128.load(net.gradients + at));
    const fresh = f32x4.mul(f32x4.splat(ADAM_REST1), clipped);
    const mean = madd(f32x4.splat(ADAM_BETA1), v128.load(average), fresh);
    const freshSquare = f32x4.mul(f32x4.splat(ADAM_REST2), f32x4.mul(clipped, clipped));
    const meanSquare = madd(f32x4.splat(ADAM_BETA2), v128.load(square), freshSquare);
    v128.store(average, mean);
    v128.store(square, meanSquare);
    const root = madd(f32x4.sqrt(meanSquare), correction, epsilon);
    v128.store(p, f32x4.sub(v128.load(p), f32x4.div(f32x4.mul(rate, mean), root)));
  }
}

/** The sum of the squares of each block from `first` to before `last` of all gradients. */
export function sumSquares(net: Network, first: i32, last: i32): void {
  for (let block = first; block < last; block++) {
    const start = block * SQUARES_BLOCK;
    const count = min(SQUARES_BLOCK, net.blockSize - start);
    const sum = sumOfSquares(net.gradients + <usize>start * F32, count);
    store<f64>(net.squares + ((<usize>block) << 3), sum);
  }
}
