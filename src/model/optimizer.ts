import type { Network } from '../network/network.ts';
import {
  ADAM_BETA1,
  ADAM_BETA2,
  EPSILON,
  MOMENT_NAMES,
  MOMENTUM,
  RMSPROP_ALPHA,
  type OptimizerName,
} from '../common/optimizers.ts';
import { allocateTensors, parameterSizes, type Allocate, type Parameters, type Shape, type Vector } from './tensors.ts';

export interface OptimizerState<A extends Vector = Vector> {
  readonly name: OptimizerName;
  /** Steps taken. */
  step: number;
  /** The optimizer's running quantities, each with a tensor per parameter. */
  readonly moments: Readonly<Record<string, Parameters<A>>>;
}

/** How many numbers an optimizer keeps for every number of the parameters. */
export function momentCount(name: OptimizerName): number {
  return MOMENT_NAMES[name].length;
}

/** The state before the first step: all moments 0. */
export function createOptimizerState<A extends Vector>(
  name: OptimizerName,
  network: Network,
  shape: Pick<Shape, 'V' | 'H'>,
  allocate: Allocate<A>,
): OptimizerState<A> {
  const sizes = parameterSizes(network, shape);
  const moments = MOMENT_NAMES[name].map((moment) => [moment, allocateTensors(sizes, allocate)] as const);
  return { name, step: 0, moments: Object.fromEntries(moments) };
}

/**
 * One step of the optimizer, in place, with PyTorch's semantics. Every gradient is multiplied by `clipFactor` as it is
 * read; the gradients themselves stay as they are, so that what is reported of them is from before clipping.
 */
export function optimizerStep<A extends Vector>(
  state: OptimizerState<A>,
  parameters: Parameters<A>,
  gradients: Parameters<A>,
  learningRate: number,
  clipFactor: number,
): void {
  state.step++;
  for (const name of Object.keys(parameters)) {
    const p = parameters[name];
    const g = gradients[name];
    const [first, second] = MOMENT_NAMES[state.name].map((moment) => state.moments[moment][name]);
    switch (state.name) {
      case 'sgd':
        sgd(p, g, learningRate, clipFactor);
        break;
      case 'momentum':
        momentum(p, g, first, learningRate, clipFactor);
        break;
      case 'adagrad':
        adagrad(p, g, first, learningRate, clipFactor);
        break;
      case 'rmsprop':
        rmsprop(p, g, first, learningRate, clipFactor);
        break;
      case 'adam':
        adam(p, g, first, second, state.step, learningRate, clipFactor);
        break;
    }
  }
}

function sgd(p: Vector, g: Vector, learningRate: number, clipFactor: number): void {
  for (let i = 0; i < p.length; i++) p[i] -= learningRate * clipFactor * g[i];
}

/** PyTorch's momentum: the learning rate multiplies the whole buffer, not what enters it (Sutskever et al. 2013 differs). */
function momentum(p: Vector, g: Vector, buffer: Vector, learningRate: number, clipFactor: number): void {
  for (let i = 0; i < p.length; i++) {
    buffer[i] = MOMENTUM * buffer[i] + clipFactor * g[i];
    p[i] -= learningRate * buffer[i];
  }
}

function adagrad(p: Vector, g: Vector, sum: Vector, learningRate: number, clipFactor: number): void {
  for (let i = 0; i < p.length; i++) {
    const clipped = clipFactor * g[i];
    sum[i] += clipped * clipped;
    p[i] -= (learningRate * clipped) / (Math.sqrt(sum[i]) + EPSILON);
  }
}

function rmsprop(p: Vector, g: Vector, square: Vector, learningRate: number, clipFactor: number): void {
  for (let i = 0; i < p.length; i++) {
    const clipped = clipFactor * g[i];
    square[i] = RMSPROP_ALPHA * square[i] + (1 - RMSPROP_ALPHA) * clipped * clipped;
    p[i] -= (learningRate * clipped) / (Math.sqrt(square[i]) + EPSILON);
  }
}

/** Kingma and Ba 2015, algorithm 1; eps is added to the corrected root, as PyTorch does. */
function adam(
  p: Vector,
  g: Vector,
  average: Vector,
  square: Vector,
  step: number,
  learningRate: number,
  clipFactor: number,
): void {
  const { stepSize, rootCorrection } = adamCorrections(step, learningRate);
  for (let i = 0; i < p.length; i++) {
    const clipped = clipFactor * g[i];
    const mean = ADAM_BETA1 * average[i] + (1 - ADAM_BETA1) * clipped;
    const meanSquare = ADAM_BETA2 * square[i] + (1 - ADAM_BETA2) * clipped * clipped;
    average[i] = mean;
    square[i] = meanSquare;
    p[i] -= (stepSize * mean) / (Math.sqrt(meanSquare) / rootCorrection + EPSILON);
  }
}

/** What corrects Adam's moments at step 1, 2, …, which begin at 0: the learning rate, and the root of the second's factor. */
export function adamCorrections(step: number, learningRate: number): { stepSize: number; rootCorrection: number } {
  return { stepSize: learningRate / (1 - ADAM_BETA1 ** step), rootCorrection: Math.sqrt(1 - ADAM_BETA2 ** step) };
}
