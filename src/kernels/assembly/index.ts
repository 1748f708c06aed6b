import { exp, tanh } from './elementary';
import { gradientsOfParameters } from './gradients';
import { F32, VECTOR } from './lanes';
import { measureInner, measureNorms, measuresScratch, packGradients } from './measures';
import { Network } from './network';
import { adagrad, adam, momentum, rmsprop, sgd, SQUARES_BLOCK, sumSquares } from './optimizers';
import { backwardStreams, forwardStreams, outputDeltas, outputRows, packBackward, packForward } from './passes';
import { panelsSize } from './packing';
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
  Forward,
  Output,
  PackBackward,
  OutputDeltas,
  Backward,
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

/** Runs the share of `worker` of a task. */
export function run(task: i32, network: usize, worker: i32, workers: i32): void {
  const net = changetype<Network>(network);
  const scratch = net.scratch + <usize>worker * net.scratchBytes;
  switch (task) {
    case Task.PackForward:
      return packForward(net, worker, workers);
    case Task.Forward:
      return forwardStreams(net, share(net.B, worker, workers), share(net.B, worker + 1, workers), scratch);
    case Task.Output: {
      const rows = net.T * net.B;
      return outputRows(net, share(rows, worker, workers), share(rows, worker + 1, workers), scratch);
    }
    case Task.PackBackward:
      return packBackward(net, worker, workers);
    case Task.OutputDeltas: {
      const rows = net.T * net.B;
      return outputDeltas(net, share(rows, worker, workers), share(rows, worker + 1, workers), scratch);
    }
    case Task.Backward:
      return backwardStreams(net, share(net.B, worker, workers), share(net.B, worker + 1, workers), scratch);
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

/** Bytes of scratch memory that each worker of a network needs, a multiple of 64. */
export function scratchBytes(V: i32, H: i32, T: i32, B: i32): i32 {
  const ofRows = max(min(CHUNK_ROWS, B) * H, min(CHUNK_ROWS, T * B) * max(H, V));
  const ofOuter = (TILE_COLUMNS + max(H, V)) * OUTER_K;
  const numbers = max(max(ofRows, ofOuter), measuresScratch(V, H, B));
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
