import { addProduct, outerRows, PANEL_ROWS } from '../model/products.ts';
import {
  activationSizes,
  allocateFloat32,
  allocateTensors,
  deltaSizes,
  lossDivisor,
  withStepLoss,
  type Shape,
} from '../model/tensors.ts';
import type { Kernels, NetworkRequest } from './kernels.ts';
import { createNetwork, networkMemoryBytes, sum } from './network.ts';

/**
 * float32 in plain TypeScript. The steps are those of src/model/, fused: h is overwritten by a, o by ŷ, the message of step
 * 11 is added to ∂a(t−1) at once, and ∂ŷ is never needed. Only W_ah a(t−1) and its transpose run step by step; the output
 * layer and the gradients of the weights are single products over all T·B rows. Nothing is allocated after creation.
 */
export function createScalarKernels(request: NetworkRequest): Kernels<Float32Array> {
  const { shape } = request;
  const { T, B, H } = shape;
  const tensors = allocateTensors(passSizes(request), allocateFloat32);
  const scratch = allocateTensors(scratchSizes(shape), allocateFloat32);
  const columnSums = new Float64Array(columnSumsSize(shape));
  const { a, yhat, da, dh } = tensors;
  const activations = withStepLoss({ a, yhat }, shape);
  const { stepLoss } = activations;
  const network = createNetwork(request, allocateFloat32, tensors);
  const { window, parameters, gradients } = network;
  const { W_xh, W_ah, b_h, W_ao, b_o } = parameters;
  const N = lossDivisor(shape, request.reduction);

  const aSlots = timeSlices(a, T + 1, B * H); // slot t+1 is a(t)
  const daSteps = timeSlices(da, T, B * H);
  const dhSteps = timeSlices(dh, T, B * H);
  const xSteps = timeSlices(window.inputs, T, B);
  const aAll = a.subarray(B * H); // a(0) … a(T−1)
  const aBefore = a.subarray(0, T * B * H); // a(−1) … a(T−2)

  function forward(): number {
    for (let t = 0; t < T; t++) {
      const current = aSlots[t + 1];
      gatherInputs(W_xh, b_h, xSteps[t], current);
      addProduct(aSlots[t], W_ah, H, current);
      for (let i = 0; i < current.length; i++) current[i] = Math.tanh(current[i]);
    }
    fillRows(yhat, b_o);
    addProduct(aAll, W_ao, H, yhat);
    return softmaxAndLoss(yhat, window.targets, shape, N, stepLoss);
  }

  function backward(): void {
    outputDeltas(yhat, window.targets, N, tensors.do);
    transpose(W_ao, H, scratch.W_aoTransposed);
    transpose(W_ah, H, scratch.W_ahTransposed);
    da.fill(0);
    addProduct(tensors.do, scratch.W_aoTransposed, shape.V, da);
    for (let t = T - 1; t >= 0; t--) {
      throughTanh(aSlots[t + 1], daSteps[t], dhSteps[t]);
      if (t > 0) addProduct(dhSteps[t], scratch.W_ahTransposed, H, daSteps[t - 1]);
    }
    sumRows(tensors.do, gradients.b_o, columnSums);
    sumRows(dh, gradients.b_h, columnSums);
    sumOuterProducts(tensors.do, aAll, H, gradients.W_ao);
    sumOuterProducts(dh, aBefore, H, gradients.W_ah);
    scatterInputs(dh, window.inputs, gradients.W_xh);
  }

  return {
    ...network,
    name: 'scalar',
    activations,
    deltas: { do: tensors.do, da, dh },
    forward,
    backward,
  };
}

export function scalarMemoryBytes(request: NetworkRequest): number {
  const { shape } = request;
  const float32Numbers = sum(passSizes(request)) + sum(scratchSizes(shape));
  const float64Numbers = shape.T + columnSumsSize(shape);
  const { BYTES_PER_ELEMENT } = Float32Array;
  return (
    float32Numbers * BYTES_PER_ELEMENT +
    float64Numbers * Float64Array.BYTES_PER_ELEMENT +
    networkMemoryBytes(request, BYTES_PER_ELEMENT)
  );
}

function passSizes({ network, shape }: NetworkRequest): Record<'a' | 'yhat' | 'do' | 'da' | 'dh', number> {
  const { a, yhat } = activationSizes(network, shape);
  const { do: dO, da, dh } = deltaSizes(network, shape);
  return { a, yhat, do: dO, da, dh };
}

/** Transposed weights, so that side B's products read memory in order as side A's do. */
function scratchSizes({ V, H }: Shape): Record<'W_ahTransposed' | 'W_aoTransposed', number> {
  return { W_ahTransposed: H * H, W_aoTransposed: H * V };
}

function columnSumsSize({ V, H }: Shape): number {
  return Math.max(V, H);
}

function timeSlices<A extends Float32Array | Int32Array>(tensor: A, count: number, size: number): A[] {
  return Array.from({ length: count }, (_, slot) => tensor.subarray(slot * size, (slot + 1) * size) as A);
}

/** W_xh x(t) + b_h into h (B, H): with a one-hot x, a column of W_xh (H, V) for every stream. */
function gatherInputs(W_xh: Float32Array, b_h: Float32Array, x: Int32Array, h: Float32Array): void {
  const H = b_h.length;
  const V = W_xh.length / H;
  for (let b = 0; b < x.length; b++) {
    for (let i = 0; i < H; i++) h[b * H + i] = W_xh[i * V + x[b]] + b_h[i];
  }
}

/** Step 9 over all rows of ∂h (T·B, H): the transpose of the gather, into ∂W_xh (H, V). */
function scatterInputs(dh: Float32Array, x: Int32Array, dW_xh: Float32Array): void {
  const H = dh.length / x.length;
  const V = dW_xh.length / H;
  dW_xh.fill(0);
  for (let row = 0; row < x.length; row++) {
    for (let i = 0; i < H; i++) dW_xh[i * V + x[row]] += dh[row * H + i];
  }
}

function fillRows(rows: Float32Array, row: Float32Array): void {
  for (let start = 0; start < rows.length; start += row.length) rows.set(row, start);
}

/** Turns the logits in `yhat` (T, B, V) into ŷ, fills `stepLoss` (T) by step 1 and returns L. */
function softmaxAndLoss(
  yhat: Float32Array,
  targets: Int32Array,
  { V, T, B }: Shape,
  N: number,
  stepLoss: Float64Array,
): number {
  let L = 0;
  for (let t = 0; t < T; t++) {
    let ofStep = 0;
    for (let row = t * B; row < (t + 1) * B; row++) ofStep += softmaxRow(yhat, row * V, V, targets[row]);
    stepLoss[t] = ofStep / N;
    L += stepLoss[t];
  }
  return L;
}

/** One row of logits into ŷ, the largest subtracted first; returns −log ŷ_c, which stays finite where ŷ_c is 0. */
function softmaxRow(rows: Float32Array, start: number, V: number, c: number): number {
  let largest = -Infinity;
  for (let k = start; k < start + V; k++) largest = Math.max(largest, rows[k]);
  const ofTarget = rows[start + c] - largest;
  let sum = 0;
  for (let k = start; k < start + V; k++) {
    const exponential = Math.exp(rows[k] - largest);
    rows[k] = exponential;
    sum += exponential;
  }
  const scale = 1 / sum;
  for (let k = start; k < start + V; k++) rows[k] *= scale;
  return Math.log(sum) - ofTarget;
}

/** Step 3 over all rows: (ŷ − y)/N. */
function outputDeltas(yhat: Float32Array, targets: Int32Array, N: number, dO: Float32Array): void {
  const V = yhat.length / targets.length;
  const scale = 1 / N;
  for (let i = 0; i < yhat.length; i++) dO[i] = yhat[i] * scale;
  for (let row = 0; row < targets.length; row++) {
    const c = row * V + targets[row];
    dO[c] = (yhat[c] - 1) * scale;
  }
}

/** Step 7. */
function throughTanh(a: Float32Array, da: Float32Array, dh: Float32Array): void {
  for (let i = 0; i < dh.length; i++) dh[i] = (1 - a[i] * a[i]) * da[i];
}

/** The columns of `rows` (R, n) summed into `to` (n): steps 4 and 8 over all rows. */
function sumRows(rows: Float32Array, to: Float32Array, columnSums: Float64Array): void {
  const n = to.length;
  columnSums.fill(0);
  for (let start = 0; start < rows.length; start += n) {
    for (let j = 0; j < n; j++) columnSums[j] += rows[start + j];
  }
  for (let j = 0; j < n; j++) to[j] = columnSums[j];
}

/** Σ_r u_r v_rᵀ over all rows of u (R, m) and v (R, n) into `to` (m, n): steps 5 and 10. */
function sumOuterProducts(u: Float32Array, v: Float32Array, n: number, to: Float32Array): void {
  const m = to.length / n;
  for (let i = 0; i < m; i += PANEL_ROWS) outerRows(u, m, v, n, i, to, i * n);
}

/** W (m, n) into `to` (n, m). */
function transpose(W: Float32Array, n: number, to: Float32Array): void {
  const m = W.length / n;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) to[j * m + i] = W[i * n + j];
  }
}
