import { gram, gramScratch, gramStride } from './gram';
import { F32, F64, LANES, madd, sumOfLanes64, VECTOR } from './lanes';
import { Contribution, Kind, MeasuredError, Network, Operand } from './network';
import { packPanels, panelCount } from './packing';
import { contributionAt } from './passes';
import { CHUNK_ROWS, rowsTimesPanels, TILE_BYTES } from './products';
import { addRow } from './rows';
import { dot, sumOfSquares } from './vectors';
import { share } from './workers';

/** A sum over pairs of streams that is a smaller share of its terms with themselves has lost its digits to rounding. */
const LEAST_OF_DIAGONAL: f64 = 1e-2;

/**
 * The squares of the step norms of steps `first` to before `last`, by the Gram form of MATH.md: with u_b·u_b' and
 * v_b·v_b' of all pairs of streams, ‖Σ_b u_b v_bᵀ‖² is the sum of their products. Each product U·Uᵀ serves all contributions of
 * which U is an operand. Of a single stream ‖u vᵀ‖ = ‖u‖ ‖v‖.
 */
export function measureNorms(net: Network, first: i32, last: i32, scratch: usize): void {
  const B = net.B;
  const count = net.operandCount;
  const size = <usize>(B * gramStride(B)) * F32;
  const grams = scratch + <usize>tableNumbers(count) * F32;
  const packed = grams + <usize>count * size;
  for (let index = 0; index < count; index++) {
    store<usize>(scratch + <usize>index * sizeof<usize>(), grams + <usize>index * size);
  }
  for (let t = first; t < last; t++) {
    for (let index = 0; index < count; index++) {
      const operand = changetype<Operand>(net.operands + <usize>index * offsetof<Operand>());
      // What was that of the step is now that of the step before.
      if (operand.later >= 0 && t > first) swap(scratch, index, operand.later);
      else measureOperand(operand, t, B, gramAt(scratch, index), packed);
    }
    for (let index = 0; index < net.contributionCount; index++) {
      put(net, index, t, squaresOf(net, contributionAt(net, index), t, scratch, packed));
    }
    for (let index = 0; index < net.errorCount; index++) {
      const error = changetype<MeasuredError>(net.errors + <usize>index * offsetof<MeasuredError>());
      const squares =
        error.operand >= 0
          ? trace(gramAt(scratch, error.operand), B)
          : sumOfSquares(error.address + <usize>(t * B * net.H) * F32, B * net.H);
      put(net, net.contributionCount + index, t, squares);
    }
  }
}

/** Numbers of the table of addresses of the operands' Gram matrices, whole vectors. */
function tableNumbers(operandCount: i32): i32 {
  return (operandCount + LANES - 1) & ~(LANES - 1);
}

function gramAt(table: usize, index: i32): usize {
  return load<usize>(table + <usize>index * sizeof<usize>());
}

function swap(table: usize, one: i32, other: i32): void {
  const ofOne = gramAt(table, one);
  store<usize>(table + <usize>one * sizeof<usize>(), gramAt(table, other));
  store<usize>(table + <usize>other * sizeof<usize>(), ofOne);
}

/** The Gram matrix of the rows of one time step; of a single stream its one number, in float64. */
function measureOperand(operand: Operand, t: i32, B: i32, G: usize, packed: usize): void {
  const rows = operand.address + <usize>(t * B * operand.n) * F32;
  if (B === 1) store<f64>(G, sumOfSquares(rows, operand.n));
  else gram(rows, B, operand.n, G, packed);
}

/** ‖∂P(t)‖². */
function squaresOf(net: Network, part: Contribution, t: i32, table: usize, sum: usize): f64 {
  const B = net.B;
  const ofU = gramAt(table, part.ofU);
  if (B === 1) {
    const squares = load<f64>(ofU);
    const isAlone = part.kind === Kind.Bias || part.kind === Kind.OneHot;
    return isAlone ? squares : squares * load<f64>(gramAt(table, part.ofV));
  }
  if (part.kind === Kind.Bias) return squaresOfSum(part.u + <usize>(t * B * part.m) * F32, B, part.m, sum);
  if (part.kind === Kind.OneHot) return squaresOfInputs(ofU, net.inputs + ((<usize>(t * B)) << 2), B);
  return squaresOfPairs(ofU, gramAt(table, part.ofV), B);
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
 * The sum over all pairs of streams. From lower triangles it is twice the sum with the diagonal, less the diagonal; what lies
 * behind the diagonal are zeros.
 */
function squaresOfPairs(ofU: usize, ofV: usize, B: i32): f64 {
  const rowBytes = <usize>gramStride(B) * F32;
  let sum = f32x4.splat(0);
  let diagonal: f64 = 0;
  for (let b = 0; b < B; b++) {
    const own = <usize>b * F32;
    for (let other: usize = 0; other <= own; other += VECTOR) {
      sum = madd(v128.load(ofU + other), v128.load(ofV + other), sum);
    }
    diagonal += <f64>load<f32>(ofU + own) * <f64>load<f32>(ofV + own);
    ofU += rowBytes;
    ofV += rowBytes;
  }
  return unlessCancelled(2 * sumOfLanes64(sum) - diagonal, diagonal);
}

/** The same with the characters x (B) of the step: one is the same as itself, and as no other. */
function squaresOfInputs(ofU: usize, x: usize, B: i32): f64 {
  const rowBytes = <usize>gramStride(B) * F32;
  const diagonal = trace(ofU, B);
  let sum = f32x4.splat(0);
  for (let b = 0; b < B; b++) {
    const own = v128.load32_splat(x + ((<usize>b) << 2));
    // The zeros behind the diagonal meet the characters behind the last one of the step.
    for (let other: usize = 0; other <= <usize>b * F32; other += VECTOR) {
      sum = f32x4.add(sum, v128.and(v128.load(ofU + other), i32x4.eq(own, v128.load(x + other))));
    }
    ofU += rowBytes;
  }
  return unlessCancelled(2 * sumOfLanes64(sum) - diagonal, diagonal);
}

function trace(G: usize, B: i32): f64 {
  if (B === 1) return load<f64>(G);
  const step = <usize>(gramStride(B) + 1) * F32;
  let sum: f64 = 0;
  for (let b = 0; b < B; b++, G += step) sum += <f64>load<f32>(G);
  return sum;
}

/** A worker's share of what `measureInner` reads: the gradients of the weights, packed. */
export function packGradients(net: Network, worker: i32, workers: i32): void {
  for (let index = 0; index < net.contributionCount; index++) {
    const part = contributionAt(net, index);
    if (part.kind === Kind.Bias || part.kind === Kind.OneHot) continue;
    const panels = panelCount(part.n);
    packPanels(
      part.dW,
      part.m,
      part.n,
      part.gradientPanels,
      share(panels, worker, workers),
      share(panels, worker + 1, workers),
    );
  }
}

/** ⟨∂P(t), ∂P⟩ of steps `first` to before `last`: Σ_b uᵀ ∂P v, one product with the whole gradient a step. */
export function measureInner(net: Network, first: i32, last: i32, scratch: usize): void {
  for (let t = first; t < last; t++) {
    for (let index = 0; index < net.contributionCount; index++) {
      const at = net.stepInner + <usize>(index * net.T + t) * F64;
      store<f64>(at, innerOf(net, contributionAt(net, index), t, scratch));
    }
  }
}

function innerOf(net: Network, part: Contribution, t: i32, scratch: usize): f64 {
  const B = net.B;
  const u = part.u + <usize>(t * B * part.m) * F32;
  if (part.kind === Kind.Bias) return innerOfSum(u, B, part.m, part.dW, scratch);
  if (part.kind === Kind.OneHot) return innerOfInputs(part, net.inputs + ((<usize>(t * B)) << 2), B, u);
  const rest = scratch + <usize>(min(B, CHUNK_ROWS) * part.n) * F32;
  const v = part.v + <usize>(t * B * part.n) * F32;
  return innerOfProduct(u, B, part.m, part.gradientPanels, part.n, v, scratch, rest);
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

/** Σ_b u_b · (the column of ∂W of the character that stream b reads). */
function innerOfInputs(part: Contribution, x: usize, B: i32, u: usize): f64 {
  const rowBytes = <usize>part.m * F32;
  let sum: f64 = 0;
  for (let b = 0; b < B; b++) {
    const column = part.gradientPanels + <usize>load<i32>(x + ((<usize>b) << 2)) * rowBytes;
    sum += <f64>dot(u + <usize>b * rowBytes, column, part.m);
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
export function measuresScratch(V: i32, H: i32, B: i32, operandCount: i32): i32 {
  const ofNorms = tableNumbers(operandCount) + operandCount * B * gramStride(B) + gramScratch(B, max(H, V));
  const rows = min(B, CHUNK_ROWS);
  const ofInner = max(max(H, V), rows * H) + <i32>(TILE_BYTES / F32) + rows * max(H, V);
  return max(ofNorms, ofInner);
}
