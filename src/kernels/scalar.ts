import { addProduct } from '../model/products.ts';
import { allocateFloat32, allocateTensors, lossDivisor, withStepLoss, type Deltas } from '../model/tensors.ts';
import { errorName, sizeOf } from '../network/network.ts';
import type { Kernels, NetworkRequest } from './kernels.ts';
import { createNetwork, networkMemoryBytes, sum } from './network.ts';
import { passSizes, type Sizes } from './passSizes.ts';
import type { LayerProgram, Product } from './program/program.ts';
import { programOf } from './program/programOf.ts';
import {
  columnsOfInputs,
  fillRows,
  outputDeltas,
  scatterInputs,
  softmaxAndLoss,
  sumOuterProducts,
  sumRows,
  transpose,
} from './scalarRows.ts';
import { backwardTasks, forwardTasks, Slots, type Task } from './scalarStages.ts';

/**
 * float32 in plain TypeScript, for any network, by its program: a pre-activation is overwritten by what it is passed through, o by
 * ŷ, a message is added to the error of the state before at once, and ∂ŷ is never needed. Only products with what the step itself
 * or the one before gives run step by step; the output layer, the inputs of upper layers and the gradients of the weights are
 * single products over all T·B rows. Nothing is allocated after creation.
 */
export function createScalarKernels(request: NetworkRequest): Kernels<Float32Array> {
  const { network, shape } = request;
  const program = programOf(network);
  const { values, errors } = passSizes(request, program);
  const activations = withStepLoss(allocateTensors(values, allocateFloat32), shape);
  const deltas = allocateTensors(errors, allocateFloat32) as Deltas<Float32Array>;
  const transposed = allocateTensors(transposedSizes(request), allocateFloat32);
  const columnSums = new Float64Array(columnSumsSize(request));
  const kernels = createNetwork(request, allocateFloat32, activations);
  const { window, parameters, gradients } = kernels;
  const { yhat, stepLoss } = activations;
  const N = lossDivisor(shape, request.reduction);
  const slots = new Slots(network, shape, activations, deltas);
  const layers = program.layers.map((layer) => ({
    begin: (): void => beginRows(layer),
    forward: forwardTasks(layer, slots, parameters),
    backward: backwardTasks(layer, slots, transposed),
    endsWithZeros: layer.endsWithZeros.map((name) =>
      slots.at({ side: 'error', of: name, isBefore: false }, shape.T - 1),
    ),
    inputs: layer.inputs.backward,
  }));
  const outputBias = parameters[network.output[0].bias];

  /** The pre-activations of all time steps but for what comes from the time steps themselves. */
  function beginRows({ forward, inputs }: LayerProgram): void {
    for (const stage of forward) {
      if (stage.kind === 'products') continue;
      for (const operation of stage.operations) {
        if (operation.kind !== 'affine') continue;
        const to = slots.all(operation.to);
        if (operation.columnOf === undefined) fillRows(to, parameters[operation.bias]);
        else columnsOfInputs(parameters[operation.columnOf], parameters[operation.bias], window.inputs, to);
      }
    }
    for (const { product } of inputs.forward) addForward(product, slots.all(product.to));
  }

  function addForward({ weight, v }: Product, to: Float32Array): void {
    addProduct(slots.all(v), parameters[weight.name], shape.H, to);
  }

  /** Errors of what products over all rows read: ∂v = Wᵀ ∂u. */
  function backwardOfAll({ weight, u, errorOfV }: Product, adds: boolean): void {
    const to = slots.all(errorOfV);
    if (!adds) to.fill(0);
    addProduct(slots.all(u), transposed[weight.name], shape[weight.axes[0]], to);
  }

  function forward(): number {
    for (const layer of layers) {
      layer.begin();
      runForward(layer.forward, shape.T);
    }
    fillRows(yhat, outputBias);
    addForward(program.output, yhat);
    return softmaxAndLoss(yhat, window.targets, shape, N, stepLoss);
  }

  function backward(): void {
    outputDeltas(yhat, window.targets, N, deltas.do);
    for (const [name, to] of Object.entries(transposed)) transpose(parameters[name], shape.H, to);
    backwardOfAll(program.output, false);
    for (let l = layers.length - 1; l >= 0; l--) {
      for (const tensor of layers[l].endsWithZeros) tensor.fill(0);
      runBackward(layers[l].backward, shape.T);
      for (const { product, adds } of layers[l].inputs) backwardOfAll(product, adds);
    }
    for (const parameter of network.parameters) {
      const u = deltas[errorName(parameter.of)];
      const to = gradients[parameter.name];
      if (parameter.times === undefined) sumRows(u, to, columnSums);
      else if (parameter.times === 'x') scatterInputs(u, window.inputs, to);
      else sumOuterProducts(u, slots.all(slots.placeOf(parameter.times)), shape.H, to);
    }
  }

  return { ...kernels, name: 'scalar', activations, deltas, forward, backward };
}

function runForward(tasks: readonly Task[], T: number): void {
  for (let t = 0; t < T; t++) for (let i = 0; i < tasks.length; i++) tasks[i](t);
}

function runBackward(tasks: readonly Task[], T: number): void {
  for (let t = T - 1; t >= 0; t--) for (let i = 0; i < tasks.length; i++) tasks[i](t);
}

export function scalarMemoryBytes(request: NetworkRequest): number {
  const { values, errors } = passSizes(request, programOf(request.network));
  const float32Numbers = sum(values) + sum(errors) + sum(transposedSizes(request));
  const float64Numbers = request.shape.T + columnSumsSize(request);
  const { BYTES_PER_ELEMENT } = Float32Array;
  return (
    float32Numbers * BYTES_PER_ELEMENT +
    float64Numbers * Float64Array.BYTES_PER_ELEMENT +
    networkMemoryBytes(request, BYTES_PER_ELEMENT)
  );
}

/** Transposed weights, so that side B's products read memory in order as side A's do. */
function transposedSizes({ network, shape }: NetworkRequest): Sizes {
  const weights = network.parameters.filter(({ times }) => times !== undefined && times !== 'x');
  return Object.fromEntries(weights.map((weight) => [weight.name, sizeOf(weight, shape)]));
}

function columnSumsSize({ shape: { V, H } }: NetworkRequest): number {
  return Math.max(V, H);
}
