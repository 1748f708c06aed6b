import type { ParameterName } from '../network/names.ts';
import { adamCorrections } from '../model/optimizer.ts';
import { lossDivisor, parameterSizes, tensorNamed, type MeasureOptions, type StepMeasures } from '../model/tensors.ts';
import { errorName, type Network } from '../network/network.ts';
import { carrying } from './network.ts';
import type { GradientNorms, Kernels, NetworkRequest } from './kernels.ts';
import type { NetworkPlan } from './plan.ts';
import type { Team } from './team.ts';
import { networkSetter, writeRecords } from './records.ts';
import { viewsOf, type Views } from './views.ts';
import type { Instructions, WasmMemory } from './webAssembly.ts';

/** Squares outside of these bounds are left to float64: their terms may be too small or too large for float32. */
const SMALLEST_SQUARES = 1e-28;
const LARGEST_SQUARES = 1e34;

/** A network in shared memory, which is of zeros, computed by a team. */
export function createVectorNetwork(
  name: Instructions,
  request: NetworkRequest,
  plan: NetworkPlan,
  memory: WasmMemory,
  team: Team,
  squaresBlock: number,
): Kernels<Float32Array> {
  const { network, shape, reduction, optimizer } = request;
  const { T, B } = shape;
  const { address, layers } = plan;
  const views = viewsOf(request, plan, memory);
  const fromHighest = layers.toReversed();
  const sizes = parameterSizes(network, shape);
  const N = lossDivisor(shape, reduction);
  writeRecords(plan.records, memory);
  const set = networkSetter(address, memory);
  set('inverseN', 1 / N);

  function forward(): number {
    team.run('packForward', address);
    for (const layer of layers) {
      if (layer.hasInputs) team.run('forwardInputs', layer.address);
      team.run('forward', layer.address);
    }
    team.run('output', address);
    return sumLosses(views.rowLoss, views.activations.stepLoss, B, N);
  }

  function backward(): void {
    team.run('packBackward', address);
    team.run('outputErrors', address);
    for (const layer of fromHighest) {
      team.run('backward', layer.address);
      if (layer.hasInputs) team.run('backwardInputs', layer.address);
    }
    team.run('gradients', address);
  }

  function gradientNorms(): GradientNorms {
    team.run('squares', address);
    return normsOf(views.squares, sizes, squaresBlock);
  }

  function update(learningRate: number, clipFactor: number): void {
    const step = ++views.optimizerState.step;
    set('learningRate', learningRate);
    set('clipFactor', clipFactor);
    if (optimizer === 'adam') {
      const { stepSize, rootCorrection } = adamCorrections(step, learningRate);
      set('stepSize', stepSize);
      set('rootCorrection', 1 / rootCorrection);
    }
    team.run(optimizer, address);
  }

  function measureSteps({ cosines }: MeasureOptions): StepMeasures | undefined {
    team.run('stepNorms', address);
    if (!isWithinFloat32(network, views.stepNorm, T)) return undefined;
    if (cosines) {
      team.run('packGradients', address);
      team.run('stepInner', address);
    }
    const stepNorm = rootsOf(views.stepNorm);
    return { stepNorm, stepCosine: cosinesOf(views, stepNorm, cosines ? gradientNorms() : undefined, T) };
  }

  return {
    ...views,
    name,
    network,
    shape,
    reduction,
    forward,
    backward,
    gradientNorms,
    update,
    measureSteps,
    ...carrying(
      network.states.map((state) => tensorNamed(views.activations, state)),
      shape,
    ),
  };
}

/** Fills `stepLoss` (T) from the losses of all rows (T, B), and returns their sum. */
function sumLosses(rowLoss: Float64Array, stepLoss: Float64Array, B: number, N: number): number {
  let L = 0;
  for (let t = 0, row = 0; t < stepLoss.length; t++) {
    let ofStep = 0;
    for (let b = 0; b < B; b++, row++) ofStep += rowLoss[row];
    stepLoss[t] = ofStep / N;
    L += stepLoss[t];
  }
  return L;
}

function rootsOf(squares: Float64Array): Float64Array {
  const roots = new Float64Array(squares.length);
  for (let i = 0; i < roots.length; i++) roots[i] = Math.sqrt(squares[i]);
  return roots;
}

function normsOf(
  squares: Float64Array,
  sizes: Readonly<Record<ParameterName, number>>,
  squaresBlock: number,
): GradientNorms {
  const byParameter: Record<ParameterName, number> = {};
  let total = 0;
  let block = 0;
  for (const name of Object.keys(sizes)) {
    const end = block + Math.ceil(sizes[name] / squaresBlock);
    let sum = 0;
    for (; block < end; block++) sum += squares[block];
    byParameter[name] = Math.sqrt(sum);
    total += sum;
  }
  return { byParameter, total: Math.sqrt(total) };
}

/**
 * Whether float32 had enough digits for the squared norms: none was given up, and what they are made of is of a usual size. Errors
 * that are no operands of a contribution are squared in float64, so that their 0 is one.
 */
function isWithinFloat32(network: Network, squares: Float64Array, T: number): boolean {
  for (const square of squares) if (Number.isNaN(square)) return false;
  const { stepQuantities, layerEquations, output } = network;
  const areUsual = (quantity: string, mayBeZero: boolean): boolean => {
    const row = stepQuantities.indexOf(quantity) * T;
    for (let t = row; t < row + T; t++) {
      const isUsual = squares[t] > SMALLEST_SQUARES && squares[t] < LARGEST_SQUARES;
      if (!isUsual && !(mayBeZero && squares[t] === 0)) return false;
    }
    return true;
  };
  const [[outputWeight]] = output[0].affine;
  return (
    areUsual(outputWeight, false) &&
    layerEquations.every((equation) => areUsual(errorName(equation.gives), !('affine' in equation)))
  );
}

/** (parameters, T); NaN where no cosines were asked for. */
function cosinesOf(
  { stepInner }: Views,
  stepNorm: Float64Array,
  norms: GradientNorms | undefined,
  T: number,
): Float64Array {
  const stepCosine = new Float64Array(stepInner.length).fill(NaN);
  if (norms === undefined) return stepCosine;
  Object.values(norms.byParameter).forEach((norm, p) => {
    for (let at = p * T; at < (p + 1) * T; at++) {
      stepCosine[at] = stepNorm[at] === 0 || norm === 0 ? 0 : stepInner[at] / stepNorm[at] / norm;
    }
  });
  return stepCosine;
}
