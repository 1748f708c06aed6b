import { gram, gramStride } from './gram';
import { F32, F64, LANES, madd, sumOfLanes64, VECTOR } from './lanes';
import { Network } from './network';
import { packPanels, panelCount } from './packing';
import { CHUNK_ROWS, rowsTimesPanels, TILE_BYTES } from './products';
import { addRow } from './rows';
import { dot } from './vectors';
import { share } from './workers';

/** Rows of `stepNorm`, in the order of STEP_QUANTITIES; those of `stepInner` are the first five. */
const W_XH: i32 = 0;
const W_AH: i32 = 1;
const B_H: i32 = 2;
const W_AO: i32 = 3;
const B_O: i32 = 4;
const DH: i32 = 5;
const DA: i32 = 6;

/**
 * The squares of the step norms of steps `first` to before `last`, by the Gram form of MATH.md: with u_b·u_b' and
 * v_b·v_b' of all pairs of streams, ‖Σ_b u_b v_bᵀ‖² is the sum of their products. The products ∂h·∂hᵀ, a·aᵀ and ∂o·∂oᵀ
 * serve all five parameters.
 */
export function measureNorms(net: Network, first: i32, last: i32, scratch: usize): void {
  const B = net.B;
  if (B === 1) return measureNormsOfStream(net, first, last);
  const H = net.H;
  const V = net.V;
  const size = <usize>(B * gramStride(B)) * F32;
  const ofDh = scratch;
  const ofDo = ofDh + size;
  let ofPrevious = ofDo + size;
  let ofCurrent = ofPrevious + size;
  const stepBytes = <usize>(B * H) * F32;
  if (first < last) gram(net.a + <usize>first * stepBytes, B, H, ofPrevious);
  for (let t = first; t < last; t++) {
    const at = <usize>t * stepBytes;
    gram(net.a + stepBytes + at, B, H, ofCurrent);
    gram(net.dh + at, B, H, ofDh);
    gram(net.dO + <usize>(t * B * V) * F32, B, V, ofDo);
    put(net, W_XH, t, sumWhereEqual(ofDh, net.inputs + ((<usize>(t * B)) << 2), B));
    put(net, W_AH, t, sumOfProducts(ofDh, ofPrevious, B));
    put(net, B_H, t, sumOf(ofDh, B));
    put(net, W_AO, t, sumOfProducts(ofDo, ofCurrent, B));
    put(net, B_O, t, sumOf(ofDo, B));
    put(net, DH, t, trace(ofDh, B));
    put(net, DA, t, squares(net.da + at, B * H));
    const swap = ofPrevious;
    ofPrevious = ofCurrent;
    ofCurrent = swap;
  }
}

/** The same for a single stream, where ‖u vᵀ‖ = ‖u‖ ‖v‖. */
function measureNormsOfStream(net: Network, first: i32, last: i32): void {
  const H = net.H;
  const V = net.V;
  const stepBytes = <usize>H * F32;
  let ofPrevious: f64 = first < last ? squares(net.a + <usize>first * stepBytes, H) : 0;
  for (let t = first; t < last; t++) {
    const at = <usize>t * stepBytes;
    const ofCurrent = squares(net.a + stepBytes + at, H);
    const ofDh = squares(net.dh + at, H);
    const ofDo = squares(net.dO + <usize>(t * V) * F32, V);
    put(net, W_XH, t, ofDh);
    put(net, W_AH, t, ofDh * ofPrevious);
    put(net, B_H, t, ofDh);
    put(net, W_AO, t, ofDo * ofCurrent);
    put(net, B_O, t, ofDo);
    put(net, DH, t, ofDh);
    put(net, DA, t, squares(net.da + at, H));
    ofPrevious = ofCurrent;
  }
}

function put(net: Network, quantity: i32, t: i32, value: f64): void {
  // Where the streams' contributions cancel, rounding can leave a little less than nothing.
  store<f64>(net.stepNorm + <usize>(quantity * net.T + t) * F64, max<f64>(0, value));
}

/** Σ over all pairs, from lower triangles: twice the sum with the diagonal, less the diagonal. */
function sumOf(G: usize, B: i32): f64 {
  const count = B * gramStride(B);
  let sums = f32x4.splat(0);
  for (let at: usize = 0; at < <usize>count * F32; at += VECTOR) sums = f32x4.add(sums, v128.load(G + at));
  return 2 * sumOfLanes64(sums) - trace(G, B);
}

function sumOfProducts(G: usize, other: usize, B: i32): f64 {
  const count = B * gramStride(B);
  const diagonalStep = <usize>(gramStride(B) + 1) * F32;
  let sums = f32x4.splat(0);
  for (let at: usize = 0; at < <usize>count * F32; at += VECTOR) {
    sums = madd(v128.load(G + at), v128.load(other + at), sums);
  }
  let diagonal: f64 = 0;
  for (let b = 0; b < B; b++) {
    const at = <usize>b * diagonalStep;
    diagonal += <f64>load<f32>(G + at) * <f64>load<f32>(other + at);
  }
  return 2 * sumOfLanes64(sums) - diagonal;
}

/** Σ over the pairs of streams that read the same character. */
function sumWhereEqual(G: usize, x: usize, B: i32): f64 {
  const stride = <usize>gramStride(B) * F32;
  let sums = f32x4.splat(0);
  for (let b = 0; b < B; b++) {
    const own = v128.load32_splat(x + ((<usize>b) << 2));
    const row = G + <usize>b * stride;
    // What lies behind the last character meets zeros in the upper triangle.
    for (let other = 0; other <= b; other += LANES) {
      const isEqual = i32x4.eq(own, v128.load(x + ((<usize>other) << 2)));
      sums = f32x4.add(sums, v128.and(isEqual, v128.load(row + <usize>other * F32)));
    }
  }
  return 2 * sumOfLanes64(sums) - trace(G, B);
}

function trace(G: usize, B: i32): f64 {
  const step = <usize>(gramStride(B) + 1) * F32;
  let sum: f64 = 0;
  for (let b = 0; b < B; b++, G += step) sum += <f64>load<f32>(G);
  return sum;
}

function squares(x: usize, count: i32): f64 {
  let sum: f64 = 0;
  // Rows of at most this many numbers in float32, their sums in float64.
  for (let from = 0; from < count; from += 1024) {
    const at = x + <usize>from * F32;
    sum += <f64>dot(at, at, min(1024, count - from));
  }
  return sum;
}

/** A worker's share of what `measureInner` reads: ∂W_ah and ∂W_ao, packed. */
export function packGradients(net: Network, worker: i32, workers: i32): void {
  const panels = panelCount(net.H);
  const first = share(panels, worker, workers);
  const last = share(panels, worker + 1, workers);
  packPanels(net.dW_ah, net.H, net.H, net.dW_ahPanels, first, last);
  packPanels(net.dW_ao, net.V, net.H, net.dW_aoPanels, first, last);
}

/** ⟨∂P(t), ∂P⟩ of steps `first` to before `last`: Σ_b uᵀ ∂P v, one product with the whole gradient a step. */
export function measureInner(net: Network, first: i32, last: i32, scratch: usize): void {
  const B = net.B;
  const H = net.H;
  const V = net.V;
  const sum = scratch;
  const product = sum + ((<usize>(max(H, V) + LANES)) & ~3) * F32;
  const rest = product + <usize>(min(B, CHUNK_ROWS) * H) * F32;
  for (let t = first; t < last; t++) {
    const dh = net.dh + <usize>(t * B * H) * F32;
    const dO = net.dO + <usize>(t * B * V) * F32;
    const aPrevious = net.a + <usize>(t * B * H) * F32;
    const a = aPrevious + <usize>(B * H) * F32;
    putInner(net, W_XH, t, innerOfInputs(net, t, dh));
    putInner(net, W_AH, t, innerOfProduct(dh, B, H, net.dW_ahPanels, H, aPrevious, product, rest));
    putInner(net, B_H, t, innerOfSum(dh, B, H, net.db_h, sum));
    putInner(net, W_AO, t, innerOfProduct(dO, B, V, net.dW_aoPanels, H, a, product, rest));
    putInner(net, B_O, t, innerOfSum(dO, B, V, net.db_o, sum));
  }
}

function putInner(net: Network, parameter: i32, t: i32, value: f64): void {
  store<f64>(net.stepInner + <usize>(parameter * net.T + t) * F64, value);
}

/** Σ_b u_bᵀ W v_b for u (B, K), v (B, N) and the panels of W (K, N). */
function innerOfProduct(u: usize, B: i32, K: i32, panels: usize, N: i32, v: usize, product: usize, rest: usize): f64 {
  let sum: f64 = 0;
  for (let b = 0; b < B; b += CHUNK_ROWS) {
    const rows = min(CHUNK_ROWS, B - b);
    rowsTimesPanels(u + <usize>(b * K) * F32, rows, K, panels, N, product, false, rest);
    for (let row = 0; row < rows; row++) {
      sum += <f64>dot(product + <usize>(row * N) * F32, v + <usize>((b + row) * N) * F32, N);
    }
  }
  return sum;
}

/** Σ_b ∂h_b · (the column of ∂W_xh of the character that stream b reads). */
function innerOfInputs(net: Network, t: i32, dh: usize): f64 {
  const H = net.H;
  const x = net.inputs + ((<usize>(t * net.B)) << 2);
  let sum: f64 = 0;
  for (let b = 0; b < net.B; b++) {
    const column = net.dW_xhTransposed + <usize>(load<i32>(x + ((<usize>b) << 2)) * H) * F32;
    sum += <f64>dot(dh + <usize>(b * H) * F32, column, H);
  }
  return sum;
}

/** (Σ_b delta_b) · gradient. */
function innerOfSum(delta: usize, B: i32, n: i32, gradient: usize, sum: usize): f64 {
  memory.fill(sum, 0, <usize>n * F32);
  for (let b = 0; b < B; b++) addRow(sum, delta + <usize>(b * n) * F32, n);
  return <f64>dot(sum, gradient, n);
}

/** Numbers of scratch memory that `measureNorms` and `measureInner` take, of a worker. */
export function measuresScratch(V: i32, H: i32, B: i32): i32 {
  const ofNorms = 4 * B * gramStride(B);
  const rows = min(B, CHUNK_ROWS);
  const ofInner = max(H, V) + LANES + rows * H + <i32>(TILE_BYTES / F32) + rows * max(H, V);
  return max(ofNorms, ofInner);
}
