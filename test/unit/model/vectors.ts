import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { ParameterName } from '../../../src/network/names.ts';
import { createKernels } from '../kernels/built.ts';
import type { KernelLibrary, KernelName, Kernels } from '../../../src/kernels/kernels.ts';
import type { OptimizerName } from '../../../src/common/optimizers.ts';
import { tensorNamed, type Reduction, type Vector, type Window } from '../../../src/model/tensors.ts';
import type { CellName } from '../../../src/network/cells.ts';
import { networkOf, type Network } from '../../../src/network/network.ts';
import { Streams } from '../../../src/text/streams.ts';
import { idsOf } from '../text/tokens.ts';

/** The reference vectors, computed by PyTorch's autograd in float64: one pass, or the losses of a whole run. */

export type Nested = number | readonly Nested[];

interface VectorWindow {
  readonly V: number;
  readonly H: number;
  readonly T: number;
  readonly B: number;
  readonly reduction: Reduction;
  readonly inputs: readonly (readonly number[])[]; // [B][T]
  readonly targets: readonly (readonly number[])[]; // [B][T]
}

export interface PassVector extends VectorWindow {
  readonly a0: Nested;
  readonly params: Readonly<Record<ParameterName, Nested>>;
  readonly expected: {
    readonly loss: number;
    readonly stepLoss: readonly number[];
    readonly forward: Readonly<Record<'h' | 'a' | 'o' | 'yhat', Nested>>;
    readonly backward: Readonly<Record<'dyhat' | 'do' | 'da' | 'dh' | 'da0', Nested>>;
    readonly stepNorm: Readonly<Record<ParameterName, readonly number[]>>;
    readonly stepCosine: Readonly<Record<ParameterName, readonly number[]>>;
    readonly grad: Readonly<Record<ParameterName, Nested>>;
    readonly gradNorm: Readonly<Record<ParameterName, number>>;
    readonly influence: Readonly<Record<'h' | 'a', readonly (readonly number[])[]>>;
  };
}

/** A pass of any cell and any number of layers, by the names of its network. */
export interface CellVector extends VectorWindow {
  readonly cell: CellName;
  readonly layers: number;
  readonly states: Readonly<Record<string, Nested>>;
  readonly params: Readonly<Record<string, Nested>>;
  readonly expected: {
    readonly loss: number;
    readonly stepLoss: readonly number[];
    readonly forward: Readonly<Record<string, Nested>>;
    readonly backward: Readonly<Record<string, Nested>>;
    readonly stepNorm: Readonly<Record<string, readonly number[]>>;
    readonly stepCosine: Readonly<Record<string, readonly number[]>>;
    readonly grad: Readonly<Record<string, Nested>>;
    readonly gradNorm: Readonly<Record<string, number>>;
    readonly influence: Readonly<Record<string, readonly (readonly number[])[]>>;
  };
}

export interface TrajectoryVector {
  /** Where it is not one layer of the tanh cell. */
  readonly cell?: CellName;
  readonly layers?: number;
  readonly optimizer: OptimizerName;
  readonly learningRate: number;
  readonly clipNorm: number;
  readonly V: number;
  readonly H: number;
  readonly T: number;
  readonly B: number;
  readonly iterations: number;
  readonly text: string;
  readonly vocabulary: readonly string[];
  readonly params: Readonly<Record<ParameterName, Nested>>;
  readonly expected: {
    readonly loss: readonly number[];
    readonly gradNorm: readonly number[];
    readonly stateResetAt: readonly number[];
  };
}

const FIXTURES = new URL('../../fixtures/vectors/', import.meta.url);
/** Where the vectors too large for the repository may lie: beside it. */
const BESIDE = new URL('../../../../shared/vectors/', import.meta.url);

export const SMALL_PASSES = ['rnn-v7-h5-t6-b1-sum', 'rnn-v11-h8-t9-b3-mean'];
export const LARGE_PASS = 'rnn-v33-h24-t40-b4-mean';
export const TRAJECTORIES = [
  'train-sgd-h16-t12-b1',
  'train-momentum-h16-t12-b4',
  'train-adagrad-h16-t25-b2',
  'train-rmsprop-h20-t16-b4',
  'train-adam-h24-t20-b4',
];

/** Of any cell and any number of layers. */
export const CELL_PASSES = [
  'relu-l1-v11-h8-t9-b3-mean',
  'tanh-l3-v9-h6-t8-b2-mean',
  'mingru-l1-v11-h8-t9-b3-mean',
  'gru-l1-v11-h8-t9-b3-mean',
  'gru-l2-v9-h6-t8-b2-mean',
  'lstm-l1-v11-h8-t9-b3-mean',
  'lstm-l2-v9-h6-t8-b2-sum',
];
export const CELL_TRAJECTORIES = [
  'train-relu-l1-rmsprop-h16-t16-b2',
  'train-lstm-l1-adam-h16-t20-b4',
  'train-lstm-l2-adagrad-h10-t25-b1',
  'train-gru-l2-adam-h12-t20-b4',
];

/** The files of them that are there. */
export function cellVectorFiles(): string[] {
  return readdirSync(new URL('cells/', FIXTURES)).map((file) => file.replace(/\.json$/, ''));
}

/** A reason to skip what needs a large vector, or false where it is there. */
export function missing(name: string): string | false {
  return existsSync(new URL(`${name}.json`, BESIDE)) ? false : `${name}.json is not beside the repository`;
}

export function passVector(name: string): PassVector {
  return read(name) as PassVector;
}

export function cellVector(name: string): CellVector {
  return read(`cells/${name}`) as CellVector;
}

export function trajectoryVector(name: string): TrajectoryVector {
  return read(name) as TrajectoryVector;
}

function read(name: string): unknown {
  const fixture = new URL(`${name}.json`, FIXTURES);
  return JSON.parse(readFileSync(existsSync(fixture) ? fixture : new URL(`${name}.json`, BESIDE), 'utf8'));
}

export function flatten(nested: Nested): number[] {
  return typeof nested === 'number' ? [nested] : nested.flatMap(flatten);
}

/** Kernels with the parameters, the window and the carried-in state of a pass, before side A. */
export function kernelsOfPass(name: KernelName, vector: PassVector): Kernels {
  const { V, H, T, B, reduction } = vector;
  const kernels = createKernels(name, { V, H, T, B }, { reduction, optimizer: 'sgd' });
  setParameters(kernels, vector.params);
  fillWindow(kernels.window, vector);
  tensorNamed<Vector>(kernels.activations, 'a').set(flatten(vector.a0));
  return kernels;
}

/** The network of a vector. */
export function networkOfVector({ cell, layers }: Pick<CellVector, 'cell' | 'layers'>): Network {
  return networkOf({ cell, layers });
}

/** The same of any cell and any number of layers. */
export function kernelsOfCell(library: KernelLibrary, vector: CellVector): Kernels {
  const { V, H, T, B, reduction } = vector;
  const network = networkOfVector(vector);
  const [kernels] = library.create([{ network, shape: { V, H, T, B }, reduction, optimizer: 'sgd' }]).kernels;
  setParameters(kernels, vector.params);
  fillWindow(kernels.window, vector);
  for (const state of network.states) {
    tensorNamed<Vector>(kernels.activations, state).set(flatten(vector.states[state]));
  }
  return kernels;
}

/** The losses, gradient norms before clipping and resets of a run by a trajectory's settings. */
export function replay(
  name: KernelName,
  vector: TrajectoryVector,
  clipFactor: (totalNorm: number, clipNorm: number) => number,
): TrajectoryVector['expected'] {
  const { V, H, T, B, optimizer, cell = 'tanh', layers = 1 } = vector;
  const network = networkOfVector({ cell, layers });
  return replayOn(createKernels(name, { V, H, T, B }, { network, reduction: 'mean', optimizer }), vector, clipFactor);
}

/** As {@link replay}, on kernels that are there. */
export function replayOn(
  kernels: Kernels,
  vector: TrajectoryVector,
  clipFactor: (totalNorm: number, clipNorm: number) => number,
): TrajectoryVector['expected'] {
  const { T, B } = vector;
  setParameters(kernels, vector.params);
  const ids = Uint8Array.from(vector.text, (character) => vector.vocabulary.indexOf(character));
  const streams = new Streams(idsOf(ids), T, B);
  const run = { loss: [] as number[], gradNorm: [] as number[], stateResetAt: [] as number[] };
  for (let iteration = 0; iteration < vector.iterations; iteration++) {
    if (streams.next(kernels.window)) {
      kernels.resetState();
      if (iteration > 0) run.stateResetAt.push(iteration);
    }
    run.loss.push(kernels.forward());
    kernels.backward();
    const { total } = kernels.gradientNorms();
    run.gradNorm.push(total);
    kernels.update(vector.learningRate, clipFactor(total, vector.clipNorm));
    kernels.carryState();
  }
  return run;
}

/** Every number within `relative` of the expected one; `floor` is for numbers that are 0 but for rounding. */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  relative: number,
  what: string,
  floor = 1e-15,
): void {
  assert.equal(actual.length, expected.length, `${what}: length`);
  for (let i = 0; i < expected.length; i++) {
    const allowed = relative * Math.abs(expected[i]) + floor;
    const isClose = Math.abs(actual[i] - expected[i]) <= allowed;
    assert.ok(isClose, `${what}[${i}] is ${actual[i]}, expected ${expected[i]} to ${allowed}`);
  }
}

/** ‖actual − expected‖ within `relative` of ‖expected‖. */
export function assertCloseInNorm(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  relative: number,
  what: string,
  floor = 0,
): void {
  assert.equal(actual.length, expected.length, `${what}: length`);
  let difference = 0;
  let size = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i] - expected[i]) ** 2;
    size += expected[i] ** 2;
  }
  const isClose = Math.sqrt(difference) <= relative * Math.sqrt(size) + floor;
  assert.ok(isClose, `${what}: off by ${Math.sqrt(difference)} of ${Math.sqrt(size)}`);
}

function setParameters({ network, parameters }: Kernels, values: Readonly<Record<ParameterName, Nested>>): void {
  for (const name of network.parameterNames) parameters[name].set(flatten(values[name]));
}

/** The vectors have one row a stream; a window has time first. */
function fillWindow(window: Window, { inputs, targets, T, B }: VectorWindow): void {
  for (let t = 0; t < T; t++) {
    for (let b = 0; b < B; b++) {
      window.inputs[t * B + b] = inputs[b][t];
      window.targets[t * B + b] = targets[b][t];
    }
  }
}
