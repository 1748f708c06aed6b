import { errorName, type Network, networkOf, type Parameter, shapeOf } from '../network/network.ts';
import { influence } from '../inspection/influence.ts';
import { measureSteps } from '../inspection/steps.ts';
import { createKernels } from '../kernels/create.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { messageName, tensorNamed } from '../model/tensors.ts';
import type { FileCommand } from './arguments.ts';
import { nested, readJson, type Nested } from './json.ts';
import { Vector } from './vectors.ts';

/**
 * What is computed from a vector, in the layout of its `expected`: arrays over time are [T][B][…].
 * @param folder of the bundles.
 */
export async function backprop(command: FileCommand, folder: string): Promise<unknown> {
  const vector = await readJson(command.file, Vector);
  const { reduction } = vector;
  const network = networkOf(vector);
  const request = { network, shape: vector, reduction, optimizer: 'sgd' } as const;
  const kernels = createKernels(command.kernels, request, { folder, threads: 1 });
  load(kernels, vector);
  const loss = kernels.forward();
  kernels.backward();
  const { T, B } = vector;
  const { activations, deltas, gradients, parameters } = kernels;
  const { stepNorm, stepCosine } = measureSteps(kernels, { cosines: true });
  const shapes = network.quantities.map(({ name, axis }) => ({ name, sizes: [T, B, vector[axis]] }));
  return {
    loss,
    stepLoss: Array.from(activations.stepLoss),
    forward: nestedWhere(shapes.map(({ name, sizes }) => [name, ownSteps(kernels, name), sizes])),
    backward: nestedWhere([
      ...shapes.map(({ name, sizes }) => [errorName(name), deltas[errorName(name)], sizes] as const),
      // What goes to the state before the window is the message of t = 0.
      ...network.states.map((state) => [errorAtStart(state), firstMessage(kernels, state), [B, vector.H]] as const),
    ]),
    stepNorm: byParameter(network, (_, p) => nested(stepNorm, [T], p * T)),
    stepCosine: byParameter(network, (_, p) => nested(stepCosine, [T], p * T)),
    grad: byParameter(network, (parameter) => nested(gradients[parameter.name], shapeOf(parameter, vector))),
    gradNorm: kernels.gradientNorms().byParameter,
    influence: Object.fromEntries(
      Object.entries<ArrayLike<number>>({ ...influence(kernels, parameters, 0) }).map(([name, matrix]) => [
        name,
        nested(matrix, [T, T]),
      ]),
    ),
  };
}

/** Sets weights, carried-in states and window; a vector has the window with the streams first, kernels have time first. */
function load(kernels: Kernels, { T, B, params, states, inputs, targets }: Vector): void {
  for (const [name, values] of Object.entries(params)) kernels.parameters[name].set(values);
  for (const state of kernels.network.states) tensorNamed(kernels.activations, state).set(states[state]);
  for (let t = 0; t < T; t++) {
    for (let b = 0; b < B; b++) {
      kernels.window.inputs[t * B + b] = inputs[b * T + t];
      kernels.window.targets[t * B + b] = targets[b * T + t];
    }
  }
}

/** (T, B, …) of a quantity: of a state without what is carried in. */
function ownSteps({ network, activations, shape: { B, H } }: Kernels, name: string): ArrayLike<number> | undefined {
  return network.states.includes(name) ? activations[name]?.subarray(B * H) : activations[name];
}

/** (B, H) */
function firstMessage({ deltas, shape: { B, H } }: Kernels, state: string): ArrayLike<number> | undefined {
  return deltas[messageName(state)]?.subarray(0, B * H);
}

/** `da0`, of the second layer `da0.2`. */
function errorAtStart(state: string): string {
  const [name, ...layer] = state.split('.');
  return [`${errorName(name)}0`, ...layer].join('.');
}

/** The tensors that the kernels compute; those that fused kernels leave out are left out. */
function nestedWhere(
  tensors: readonly (readonly [name: string, flat: ArrayLike<number> | undefined, sizes: readonly number[]])[],
): Record<string, Nested> {
  const computed = tensors.flatMap(([name, flat, sizes]) =>
    flat === undefined ? [] : [[name, nested(flat, sizes)] as const],
  );
  return Object.fromEntries(computed);
}

function byParameter<T>({ parameters }: Network, value: (parameter: Parameter, index: number) => T): Record<string, T> {
  return Object.fromEntries(parameters.map((parameter, index) => [parameter.name, value(parameter, index)]));
}
