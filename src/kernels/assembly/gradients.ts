import { F32 } from './lanes';
import { Contribution, Kind, Network } from './network';
import { packRows } from './packing';
import { contributionAt } from './passes';
import { sumOuterProducts } from './products';
import { addRow } from './rows';
import { share } from './workers';

/** A worker's share of the rows of all gradients, the contributions of all T·B rows summed. */
export function gradientsOfParameters(net: Network, worker: i32, workers: i32, scratch: usize): void {
  const rows = net.T * net.B;
  // The weights of an equation come before its bias, which is summed from the columns of one-hot inputs where there are any.
  for (let index = 0; index < net.contributionCount; index++) {
    const part = contributionAt(net, index);
    const first = share(part.m, worker, workers);
    const last = share(part.m, worker + 1, workers);
    if (part.kind === Kind.Bias) sumRows(part.summed, part.summedRows, part.m, part.dW, first, last);
    else if (part.kind === Kind.OneHot) scatterInputs(net, part, first, last);
    else sumOuterProducts(part.u, part.m, part.v, part.n, rows, part.dW, first, last, scratch);
  }
}

/** Rows `first` to before `last` of the gradient of one-hot inputs' weights: every row adds to exactly one of its columns. */
function scatterInputs(net: Network, part: Contribution, first: i32, last: i32): void {
  const V = net.V;
  const count = last - first;
  const rowBytes = <usize>part.m * F32;
  const offset = <usize>first * F32;
  const transposed = part.gradientPanels + offset;
  for (let v = 0; v < V; v++) memory.fill(transposed + <usize>v * rowBytes, 0, <usize>count * F32);
  let u = part.u + offset;
  for (let row = 0; row < net.T * net.B; row++, u += rowBytes) {
    addRow(transposed + <usize>load<i32>(net.inputs + ((<usize>row) << 2)) * rowBytes, u, count);
  }
  packRows(transposed, rowBytes, V, count, part.dW + <usize>(first * V) * F32, <usize>V * F32);
}

/** The sums over all rows of x (count, n) of columns `first` to before `last`. */
function sumRows(x: usize, count: i32, n: i32, to: usize, first: i32, last: i32): void {
  const columns = last - first;
  to += <usize>first * F32;
  memory.fill(to, 0, <usize>columns * F32);
  let from = x + <usize>first * F32;
  for (let row = 0; row < count; row++, from += <usize>n * F32) addRow(to, from, columns);
}
