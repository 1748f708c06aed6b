import { hasWords, written } from '../network/names.ts';
import { errorName, type Network } from '../network/network.ts';
import { listed as listedNames } from '../network/quantities.ts';
import { tensorNamed, type Parameters, type Pass, type Vector } from '../model/tensors.ts';

/** Where a pass stopped being finite. */
export interface NotFiniteFinding {
  /** The loss, or the first parameter whose gradient is not finite; the message names all of them. */
  readonly quantity: string;
  /**
   * The first time step whose loss is not finite, or the last one whose contribution to the gradient is not: the one that
   * backpropagation reached first. Null where every step is finite and only their sum overflows.
   */
  readonly timeStep: number | null;
  readonly message: string;
}

const ADVICE = 'A smaller learning rate or clipping keeps steps small enough.';

/**
 * Looks for what is not finite in a pass after both sides: first the loss by time step, then the gradients. It reads
 * every tensor, so it is for when the loss or the total norm is known not to be finite.
 * @param parameters what the pass ran with; where they are to blame, the message names them.
 * @returns undefined where the loss and every gradient are finite.
 */
export function findNotFinite(pass: Pass, parameters: Parameters): NotFiniteFinding | undefined {
  return findInLoss(pass, parameters) ?? findInGradients(pass);
}

function findInLoss(pass: Pass, parameters: Parameters): NotFiniteFinding | undefined {
  const { network, activations } = pass;
  const { stepLoss } = activations;
  const t = stepLoss.findIndex((loss) => !Number.isFinite(loss));
  if (t === -1) return undefined;
  const names = network.parameterNames.filter((name) => !isFiniteThroughout(parameters[name]));
  const cause =
    names.length === 0 ? overflowAt(pass, t) : ` ${listed(names)} already held numbers that are not finite.`;
  return {
    quantity: 'loss',
    timeStep: t,
    message: `The loss is ${described(stepLoss[t])} at time step ${t}.${cause} ${ADVICE}`,
  };
}

/** The first quantity of a time step, in the order of the forward pass, that is not finite though all parameters are. */
function overflowAt({ network, shape: { H, B }, activations }: Pass, t: number): string {
  const wrong = network.quantities.find(({ name, layer }) => {
    // Of what is not kept in memory nothing is known. Slot 0 of a state is what is carried in.
    const values = activations[name];
    if (layer === undefined || values === undefined) return false;
    const start = (t + (network.states.includes(name) ? 1 : 0)) * B * H;
    return !isFiniteThroughout(values, start, start + B * H);
  });
  if (wrong === undefined) return '';
  return ` Going forward, ${written(wrong.name)} is no longer finite from there on${inWords(network, wrong.name)}.`;
}

function findInGradients({ network, shape, deltas, gradients }: Pass): NotFiniteFinding | undefined {
  const names = network.parameterNames.filter((name) => !isFiniteThroughout(gradients[name]));
  if (names.length === 0) return undefined;
  const { H, T, B } = shape;
  const what = `The gradient of ${listed(names)} is not finite`;
  const preActivations = affineQuantities(network);
  for (let t = T - 1; t >= 0; t--) {
    const wrong = preActivations.find(
      (name) => !isFiniteThroughout(tensorNamed(deltas, errorName(name)), t * B * H, (t + 1) * B * H),
    );
    if (wrong === undefined) continue;
    const message = `${what}: going backward, ∂${written(wrong)} is no longer finite from time step ${t} on${inWords(network, wrong)}. ${ADVICE}`;
    return { quantity: names[0], timeStep: t, message };
  }
  return {
    quantity: names[0],
    timeStep: null,
    message: `${what}: every time step is, but their sum overflows. ${ADVICE}`,
  };
}

/** What the contributions of a layer's parameters are made of, in the order in which the backward pass reaches it. */
function affineQuantities({ layerEquations }: Network): string[] {
  return layerEquations
    .filter((equation) => 'affine' in equation)
    .map(({ gives }) => gives)
    .toReversed();
}

function isFiniteThroughout(tensor: Vector, start = 0, end = tensor.length): boolean {
  for (let i = start; i < end; i++) if (!Number.isFinite(tensor[i])) return false;
  return true;
}

/** What a quantity of several layers or gates is: ` (pre-activation of the output gate, layer 2)`. */
function inWords({ quantities, layers }: Network, name: string): string {
  const quantity = quantities.find((each) => each.name === name);
  const isPlain = quantities.filter(({ layer }) => layer === 1).length === 2 && layers === 1;
  if (quantity === undefined || isPlain) return '';
  const said = [...(hasWords(quantity) ? [quantity.words] : []), ...(layers > 1 ? [`layer ${quantity.layer}`] : [])];
  return said.length === 0 ? '' : ` (${said.join(', ')})`;
}

function described(value: number): string {
  return Number.isNaN(value) ? 'not a number' : 'infinite';
}

/** Of very many the first, and how many there are besides. */
function listed(names: readonly string[]): string {
  return names.length <= MOST_NAMES
    ? listedNames(names)
    : `${names.slice(0, SOME_NAMES).map(written).join(', ')} and ${names.length - SOME_NAMES} others`;
}

const MOST_NAMES = 6;
const SOME_NAMES = 3;
