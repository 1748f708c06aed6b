import { F32, F64 } from './lanes';
import { Network } from './network';
import { packPanels, packRows, packTransposedPanels, panelCount } from './packing';
import { rowsTimesPanels } from './products';
import { softmaxRow, tanhRow, throughTanh } from './rows';
import { addTransposedTimesVector } from './vectors';
import { share } from './workers';

/** A worker's share of the weights, packed as side A reads them. */
export function packForward(net: Network, worker: i32, workers: i32): void {
  const H = net.H;
  const V = net.V;
  const firstRow = share(H, worker, workers);
  const lastRow = share(H, worker + 1, workers);
  const W_xh = net.W_xh + <usize>(firstRow * V) * F32;
  packRows(W_xh, <usize>V * F32, lastRow - firstRow, V, net.W_xhTransposed + <usize>firstRow * F32, <usize>H * F32);

  const ofV = panelCount(V);
  packTransposedPanels(
    net.W_ao,
    V,
    H,
    net.W_aoTransposedPanels,
    share(ofV, worker, workers),
    share(ofV, worker + 1, workers),
  );
  if (net.B === 1) {
    // A single stream multiplies matrix by vector, for which W_ahᵀ lies row after row.
    const W_ah = net.W_ah + <usize>(firstRow * H) * F32;
    const to = net.W_ahTransposedPanels + <usize>firstRow * F32;
    packRows(W_ah, <usize>H * F32, lastRow - firstRow, H, to, <usize>H * F32);
    return;
  }
  const ofH = panelCount(H);
  packTransposedPanels(
    net.W_ah,
    H,
    H,
    net.W_ahTransposedPanels,
    share(ofH, worker, workers),
    share(ofH, worker + 1, workers),
  );
}

/** A worker's share of the weights, packed as side B reads them. */
export function packBackward(net: Network, worker: i32, workers: i32): void {
  const panels = panelCount(net.H);
  const first = share(panels, worker, workers);
  const last = share(panels, worker + 1, workers);
  packPanels(net.W_ao, net.V, net.H, net.W_aoPanels, first, last);
  if (net.B > 1) packPanels(net.W_ah, net.H, net.H, net.W_ahPanels, first, last);
}

/** Steps of side A up to a(t), for streams `first` to before `last`. */
export function forwardStreams(net: Network, first: i32, last: i32, scratch: usize): void {
  const H = net.H;
  const B = net.B;
  const rowBytes = <usize>H * F32;
  if (first === last) return;
  for (let t = 0; t < net.T; t++) {
    const previous = net.a + <usize>(t * B + first) * rowBytes;
    const current = previous + <usize>B * rowBytes;
    if (B === 1) {
      memory.fill(current, 0, rowBytes);
      addTransposedTimesVector(net.W_ahTransposedPanels, H, H, previous, current);
    } else rowsTimesPanels(previous, last - first, H, net.W_ahTransposedPanels, H, current, false, scratch);
    for (let b = first; b < last; b++) {
      const x = load<i32>(net.inputs + ((<usize>(t * B + b)) << 2));
      const column = net.W_xhTransposed + <usize>x * rowBytes;
      tanhRow(current + <usize>(b - first) * rowBytes, column, net.b_h, H);
    }
  }
}

/** o, ŷ, L and, on the way, ∂o, for rows `first` to before `last` of all T·B. */
export function outputRows(net: Network, first: i32, last: i32, scratch: usize): void {
  const H = net.H;
  const V = net.V;
  const a = net.a + <usize>((net.B + first) * H) * F32;
  const yhat = net.yhat + <usize>(first * V) * F32;
  const dO = net.dO + <usize>(first * V) * F32;
  rowsTimesPanels(a, last - first, H, net.W_aoTransposedPanels, V, yhat, false, scratch);
  for (let row = first; row < last; row++) {
    const at = <usize>((row - first) * V) * F32;
    const c = load<i32>(net.targets + ((<usize>row) << 2));
    const loss = softmaxRow(yhat + at, net.b_o, dO + at, V, c, net.inverseN);
    store<f64>(net.rowLoss + <usize>row * F64, loss);
  }
}

/** What ∂o adds to ∂a, W_aoᵀ ∂o, for rows `first` to before `last` of all T·B. */
export function outputDeltas(net: Network, first: i32, last: i32, scratch: usize): void {
  const dO = net.dO + <usize>(first * net.V) * F32;
  const da = net.da + <usize>(first * net.H) * F32;
  rowsTimesPanels(dO, last - first, net.V, net.W_aoPanels, net.H, da, false, scratch);
}

/** Steps 6, 7 and 11, for streams `first` to before `last`, after `outputDeltas` of all rows. */
export function backwardStreams(net: Network, first: i32, last: i32, scratch: usize): void {
  const H = net.H;
  const B = net.B;
  const count = last - first;
  if (count === 0) return;
  for (let t = net.T - 1; t >= 0; t--) {
    const offset = <usize>((t * B + first) * H) * F32;
    const stepBytes = <usize>(B * H) * F32;
    const dh = net.dh + offset;
    throughTanh(net.a + stepBytes + offset, net.da + offset, dh, count * H);
    if (t === 0) return;
    const daBefore = net.da + offset - stepBytes;
    if (B === 1) addTransposedTimesVector(net.W_ah, H, H, dh, daBefore);
    else rowsTimesPanels(dh, count, H, net.W_ahPanels, H, daBefore, true, scratch);
  }
}
