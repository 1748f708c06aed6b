import { F32 } from './lanes';
import { Network } from './network';
import { packRows } from './packing';
import { sumOuterProducts } from './products';
import { addRow } from './rows';
import { share } from './workers';

/** A worker's share of the rows of all gradients, steps 4, 5, 8, 9 and 10 summed over all T·B rows. */
export function gradientsOfParameters(net: Network, worker: i32, workers: i32, scratch: usize): void {
  const H = net.H;
  const V = net.V;
  const rows = net.T * net.B;
  const first = share(H, worker, workers);
  const last = share(H, worker + 1, workers);
  const firstOfV = share(V, worker, workers);
  const lastOfV = share(V, worker + 1, workers);
  const a = net.a + <usize>(net.B * H) * F32;
  sumOuterProducts(net.dh, H, net.a, H, rows, net.dW_ah, first, last, scratch);
  sumOuterProducts(net.dO, V, a, H, rows, net.dW_ao, firstOfV, lastOfV, scratch);
  scatterInputs(net, first, last);
  sumRows(net.dO, rows, V, net.db_o, firstOfV, lastOfV);
}

/** Rows `first` to before `last` of ∂W_xh, and of ∂b_h, to which every character adds in exactly one of its columns. */
function scatterInputs(net: Network, first: i32, last: i32): void {
  const H = net.H;
  const V = net.V;
  const count = last - first;
  const rowBytes = <usize>H * F32;
  const offset = <usize>first * F32;
  const transposed = net.dW_xhTransposed + offset;
  for (let v = 0; v < V; v++) memory.fill(transposed + <usize>v * rowBytes, 0, <usize>count * F32);
  let dh = net.dh + offset;
  for (let row = 0; row < net.T * net.B; row++, dh += rowBytes) {
    addRow(transposed + <usize>load<i32>(net.inputs + ((<usize>row) << 2)) * rowBytes, dh, count);
  }
  sumRows(net.dW_xhTransposed, V, H, net.db_h, first, last);
  packRows(transposed, rowBytes, V, count, net.dW_xh + <usize>(first * V) * F32, <usize>V * F32);
}

/** The sums over all rows of x (count, n) of columns `first` to before `last`. */
function sumRows(x: usize, count: i32, n: i32, to: usize, first: i32, last: i32): void {
  const columns = last - first;
  to += <usize>first * F32;
  memory.fill(to, 0, <usize>columns * F32);
  let from = x + <usize>first * F32;
  for (let row = 0; row < count; row++, from += <usize>n * F32) addRow(to, from, columns);
}
