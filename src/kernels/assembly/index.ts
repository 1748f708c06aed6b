import { exp, sigmoid, tanh } from './elementary';
import { gradientsOfParameters } from './gradients';
import { F32, VECTOR } from './lanes';
import { measureInner, measureNorms, measuresScratch, packGradients } from './measures';
import { Contribution, Layer, Network } from './network';
import { adagrad, adam, momentum, rmsprop, sgd, SQUARES_BLOCK, sumSquares } from './optimizers';
import { outputRows, packBackward, packForward } from './passes';
import { panelsSize } from './packing';
import { backwardInputs, backwardStreams, errorsOfRows, forwardInputs, forwardStreams } from './programs';
import { CHUNK_ROWS, OUTER_K, TILE_BYTES } from './products';
import { Eight, tile, TILE_COLUMNS, TILE_ROWS } from './tile';
import { share } from './workers';

/**
 * What the workers of a team do together, each its share; between two tasks all of them wait for one another. Nothing is
 * summed across shares, so that every number of workers gives the same bits. The order is that of TASKS in
 * src/kernels/layout.ts.
 */
enum Task {
  PackForward,
  ForwardInputs,
  Forward,
  Output,
  PackBackward,
  OutputErrors,
  Backward,
  BackwardInputs,
  Gradients,
  Squares,
  Sgd,
  Momentum,
  Adagrad,
  Rmsprop,
  Adam,
  StepNorms,
  PackGradients,
  StepInner,
}

/** Runs the share of `worker` of a task, for the network or the layer at `address`. */
export function run(task: i32, address: usize, worker: i32, workers: i32): void {
  switch (task) {
    case Task.ForwardInputs:
    case Task.Forward:
    case Task.Backward:
    case Task.BackwardInputs:
      return ofLayer(task, changetype<Layer>(address), worker, workers);
    default:
      return ofNetwork(task, changetype<Network>(address), worker, workers);
  }
}

function scratchOf(net: Network, worker: i32): usize {
  return net.scratch + <usize>worker * net.scratchBytes;
}

/** Streams of a step-by-step task, else rows. */
function ofLayer(task: i32, layer: Layer, worker: i32, workers: i32): void {
  const net = changetype<Network>(layer.network);
  const scratch = scratchOf(net, worker);
  const isByStreams = task === Task.Forward || task === Task.Backward;
  const count = isByStreams ? net.B : net.T * net.B;
  const first = share(count, worker, workers);
  const last = share(count, worker + 1, workers);
  switch (task) {
    case Task.ForwardInputs:
      return forwardInputs(layer, first, last, scratch);
    case Task.Forward:
      return forwardStreams(layer, first, last, scratch);
    case Task.Backward:
      return backwardStreams(layer, first, last, scratch);
    default:
      return backwardInputs(layer, first, last, scratch);
  }
}

function ofNetwork(task: i32, net: Network, worker: i32, workers: i32): void {
  const scratch = scratchOf(net, worker);
  const rows = net.T * net.B;
  switch (task) {
    case Task.PackForward:
      return packForward(net, worker, workers);
    case Task.Output:
      return outputRows(net, share(rows, worker, workers), share(rows, worker + 1, workers), scratch);
    case Task.PackBackward:
      return packBackward(net, worker, workers);
    case Task.OutputErrors: {
      const output = changetype<Contribution>(net.output);
      return errorsOfRows(output, share(rows, worker, workers), share(rows, worker + 1, workers), false, scratch);
    }
    case Task.Gradients:
      return gradientsOfParameters(net, worker, workers, scratch);
    case Task.Squares: {
      const blocks = net.blockSize / SQUARES_BLOCK;
      return sumSquares(net, share(blocks, worker, workers), share(blocks, worker + 1, workers));
    }
    case Task.StepNorms:
      return measureNorms(net, share(net.T, worker, workers), share(net.T, worker + 1, workers), scratch);
    case Task.PackGradients:
      return packGradients(net, worker, workers);
    case Task.StepInner:
      return measureInner(net, share(net.T, worker, workers), share(net.T, worker + 1, workers), scratch);
    default:
      return update(task, net, worker, workers);
  }
}

function update(task: i32, net: Network, worker: i32, workers: i32): void {
  const blocks = net.blockSize / SQUARES_BLOCK;
  const first = share(blocks, worker, workers) * SQUARES_BLOCK;
  const last = share(blocks, worker + 1, workers) * SQUARES_BLOCK;
  switch (task) {
    case Task.Sgd:
      return sgd(net, first, last);
    case Task.Momentum:
      return momentum(net, first, last);
    case Task.Adagrad:
      return adagrad(net, first, last);
    case Task.Rmsprop:
      return rmsprop(net, first, last);
    case Task.Adam:
      return adam(net, first, last);
    default:
      unreachable();
  }
}

/** The first byte of memory that the module does not use for itself. */
export function heapBase(): usize {
  return __heap_base;
}

/** Numbers of a block of which one sum of squares is taken; every tensor of parameters takes whole blocks. */
export function squaresBlock(): i32 {
  return SQUARES_BLOCK;
}

/** Numbers that the packed panels of a (K, N) matrix take. */
export function panelNumbers(K: i32, N: i32): i32 {
  return panelsSize(K, N);
}

/** Bytes of scratch memory that each worker of a network needs, a multiple of 64; `operandCount` are measured. */
export function scratchBytes(V: i32, H: i32, T: i32, B: i32, operandCount: i32): i32 {
  const ofRows = max(min(CHUNK_ROWS, B) * H, min(CHUNK_ROWS, T * B) * max(H, V));
  const ofOuter = (TILE_COLUMNS + max(H, V)) * OUTER_K;
  const numbers = max(max(ofRows, ofOuter), measuresScratch(V, H, B, operandCount));
  return ((<i32>TILE_BYTES + numbers * <i32>F32 + 63) & ~63) + 64;
}

/**
 * Runs the product kernel `times` times on operands that stay in the first-level cache: A (K, 6) and a panel (K, 8), both
 * k-major, into a tile C (6, 8). What the benchmark calls the roof.
 */
export function productRoof(times: i32, A: usize, panel: usize, K: i32, C: usize): void {
  const strideA = <usize>TILE_ROWS * F32;
  const strideC = <usize>TILE_COLUMNS * F32;
  for (let i = 0; i < times; i++) tile<Eight>(TILE_ROWS, A, strideA, panel, K, C, strideC, false);
}

/** exp of `count` numbers, a multiple of four, from `from` to `to`: for the test of its error. */
export function expOf(from: usize, to: usize, count: i32): void {
  for (let at: usize = 0; at < <usize>count * F32; at += VECTOR) v128.store(to + at, exp(v128.load(from + at)));
}

/** tanh of `count` numbers, a multiple of four: for the test of its error. */
export function tanhOf(from: usize, to: usize, count: i32): void {
  for (let at: usize = 0; at < <usize>count * F32; at += VECTOR) v128.store(to + at, tanh(v128.load(from + at)));
}

/** The logistic function of `count` numbers, a multiple of four: for the test of its error. */
export function sigmoidOf(from: usize, to: usize, count: i32): void {
  for (let at: usize = 0; at < <usize>count * F32; at += VECTOR) v128.store(to + at, sigmoid(v128.load(from + at)));
}
