import { gram, gramScratch, gramStride } from './gram';
import { F32, F64, LANES, madd, sumOfLanes64, VECTOR } from './lanes';
import { Network } from './network';
import { packPanels, panelCount } from './packing';
import { CHUNK_ROWS, rowsTimesPanels, TILE_BYTES } from './products';
import { addRow } from './rows';
import { dot, sumOfSquares } from './vectors';
import { share } from './workers';

/** Rows of `stepNorm`, in the order of STEP_QUANTITIES; those of `stepInner` are the first five. */
const W_XH: i32 = 0;
const W_AH: i32 = 1;
const B_H: i32 = 2;
const W_AO: i32 = 3;
const B_O: i32 = 4;
const DH: i32 = 5;
const DA: i32 = 6;

/** A sum over pairs of streams that is a smaller share of its terms with themselves has lost its digits to rounding. */
const LEAST_OF_DIAGONAL: f64 = 1e-2;

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
  const packed = ofCurrent + size;
  const stepBytes = <usize>(B * H) * F32;
  if (first < last) gram(net.a + <usize>first * stepBytes, B, H, ofPrevious, packed);
  for (let t = first; t < last; t++) {
    const at = <usize>t * stepBytes;
    gram(net.a + stepBytes + at, B, H, ofCurrent, packed);
    gram(net.dh + at, B, H, ofDh, packed);
    gram(net.dO + <usize>(t * B * V) * F32, B, V, ofDo, packed);
    const squaresOfDh = trace(ofDh, B);
    putPairs(net, t, ofDh, squaresOfDh, ofPrevious, ofDo, ofCurrent);
    put(net, B_H, t, squaresOfSum(net.dh + at, B, H, packed));
    put(net, B_O, t, squaresOfSum(net.dO + <usize>(t * B * V) * F32, B, V, packed));
    put(net, DH, t, squaresOfDh);
    put(net, DA, t, sumOfSquares(net.da + at, B * H));
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
  let ofPrevious: f64 = first < last ? sumOfSquares(net.a + <usize>first * stepBytes, H) : 0;
  for (let t = first; t < last; t++) {
    const at = <usize>t * stepBytes;
    const ofCurrent = sumOfSquares(net.a + stepBytes + at, H);
    const ofDh = sumOfSquares(net.dh + at, H);
    const ofDo = sumOfSquares(net.dO + <usize>(t * V) * F32, V);
    put(net, W_XH, t, ofDh);
    put(net, W_AH, t, ofDh * ofPrevious);
    put(net, B_H, t, ofDh);
    put(net, W_AO, t, ofDo * ofCurrent);
    put(net, B_O, t, ofDo);
    put(net, DH, t, ofDh);
    put(net, DA, t, sumOfSquares(net.da + at, H));
    ofPrevious = ofCurrent;
  }
}

function put(net: Network, quantity: i32, t: i32, value: f64): void {
  store<f64>(net.stepNorm + <usize>(quantity * net.T + t) * F64, value);
}

/** NaN where the contributions of the streams cancel so far that float32 leaves too few digits of their sum. */
function unlessCancelled(sum: f64, ofSameStream: f64): f64 {
  if (sum > LEAST_OF_DIAGONAL * ofSameStream) return sum;
  if (ofSameStream === 0) return 0;
  return NaN;
}

/** ‖Σ_b delta_b‖² for delta (B, n), the step norm of a bias. */
function squaresOfSum(delta: usize, B: i32, n: i32, sum: usize): f64 {
  memory.fill(sum, 0, <usize>n * F32);
  for (let b = 0; b < B; b++) addRow(sum, delta + <usize>(b * n) * F32, n);
  return sumOfSquares(sum, n);
}

/**
 * The squares of the three weights' step norms, sums over all pairs of streams. From lower triangles these are twice the
 * sums with the diagonal, less the diagonal. That of W_xh is `squaresOfDh`, because a character is the same as itself.
 */
function putPairs(
  net: Network,
  t: i32,
  ofDh: usize,
  squaresOfDh: f64,
  ofPrevious: usize,
  ofDo: usize,
  ofCurrent: usize,
): void {
  const B = net.B;
  const x = net.inputs + ((<usize>(t * B)) << 2);
  const rowBytes = <usize>gramStride(B) * F32;
  const zero = f32x4.splat(0);
  let W_xh = zero,
    W_ah = zero,
    W_ao = zero;
  let diagonalOfW_ah: f64 = 0,
    diagonalOfW_ao: f64 = 0;
  for (let b = 0; b < B; b++) {
    const row = <usize>b * rowBytes;
    const own = v128.load32_splat(x + ((<usize>b) << 2));
    // What lies behind the diagonal are zeros, which the characters behind the last one of the step meet.
    for (let other: usize = 0; other <= <usize>b * F32; other += VECTOR) {
      const dh = v128.load(ofDh + row + other);
      const dO = v128.load(ofDo + row + other);
      W_xh = f32x4.add(W_xh, v128.and(dh, i32x4.eq(own, v128.load(x + other))));
      W_ah = madd(dh, v128.load(ofPrevious + row + other), W_ah);
      W_ao = madd(dO, v128.load(ofCurrent + row + other), W_ao);
    }
    const diagonal = row + <usize>b * F32;
    diagonalOfW_ah += <f64>load<f32>(ofDh + diagonal) * <f64>load<f32>(ofPrevious + diagonal);
    diagonalOfW_ao += <f64>load<f32>(ofDo + diagonal) * <f64>load<f32>(ofCurrent + diagonal);
  }
  put(net, W_XH, t, unlessCancelled(2 * sumOfLanes64(W_xh) - squaresOfDh, squaresOfDh));
  put(net, W_AH, t, unlessCancelled(2 * sumOfLanes64(W_ah) - diagonalOfW_ah, diagonalOfW_ah));
  put(net, W_AO, t, unlessCancelled(2 * sumOfLanes64(W_ao) - diagonalOfW_ao, diagonalOfW_ao));
}

function trace(G: usize, B: i32): f64 {
  const step = <usize>(gramStride(B) + 1) * F32;
  let sum: f64 = 0;
  for (let b = 0; b < B; b++, G += step) sum += <f64>load<f32>(G);
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
  const product = sum + (<usize>(max(H, V) + LANES) & ~3) * F32;
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
  const ofNorms = 4 * B * gramStride(B) + gramScratch(B, max(H, V));
  const rows = min(B, CHUNK_ROWS);
  const ofInner = max(H, V) + LANES + rows * H + <i32>(TILE_BYTES / F32) + rows * max(H, V);
  return max(ofNorms, ofInner);
}
