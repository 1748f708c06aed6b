import { F32, F64 } from './lanes';
import { Contribution, Kind, Network } from './network';
import { packPanels, packRows, packTransposedPanels, panelCount } from './packing';
import { productOfRows } from './programs';
import { softmaxRow } from './rows';
import { share } from './workers';

export function contributionAt(net: Network, index: i32): Contribution {
  return changetype<Contribution>(net.contributions + <usize>index * offsetof<Contribution>());
}

/** A worker's share of the weights, packed as side A reads them. */
export function packForward(net: Network, worker: i32, workers: i32): void {
  for (let index = 0; index < net.contributionCount; index++) {
    const part = contributionAt(net, index);
    if (part.kind === Kind.Bias) continue;
    // A single stream multiplies matrix by vector, for which Wᵀ lies row after row; so do the columns of one-hot inputs.
    const isByRows = part.kind === Kind.OneHot || (part.kind === Kind.Sequential && net.B === 1);
    const count = isByRows ? part.m : panelCount(part.m);
    const first = share(count, worker, workers);
    const last = share(count, worker + 1, workers);
    if (isByRows) {
      const W = part.W + <usize>(first * part.n) * F32;
      const to = part.forwardPanels + <usize>first * F32;
      packRows(W, <usize>part.n * F32, last - first, part.n, to, <usize>part.m * F32);
    } else packTransposedPanels(part.W, part.m, part.n, part.forwardPanels, first, last);
  }
}

/** A worker's share of the weights, packed as side B reads them. */
export function packBackward(net: Network, worker: i32, workers: i32): void {
  for (let index = 0; index < net.contributionCount; index++) {
    const part = contributionAt(net, index);
    const isPacked = part.kind === Kind.Whole || (part.kind === Kind.Sequential && net.B > 1);
    if (!isPacked) continue;
    const panels = panelCount(part.n);
    packPanels(
      part.W,
      part.m,
      part.n,
      part.backwardPanels,
      share(panels, worker, workers),
      share(panels, worker + 1, workers),
    );
  }
}

/** o, ŷ, L and, on the way, ∂o, for rows `first` to before `last` of all T·B. */
export function outputRows(net: Network, first: i32, last: i32, scratch: usize): void {
  const V = net.V;
  const yhat = net.yhat + <usize>(first * V) * F32;
  const dO = net.dO + <usize>(first * V) * F32;
  productOfRows(changetype<Contribution>(net.output), first, last, false, scratch);
  for (let row = first; row < last; row++) {
    const at = <usize>((row - first) * V) * F32;
    const c = load<i32>(net.targets + ((<usize>row) << 2));
    const loss = softmaxRow(yhat + at, net.outputBias, dO + at, V, c, net.inverseN);
    store<f64>(net.rowLoss + <usize>row * F64, loss);
  }
}
