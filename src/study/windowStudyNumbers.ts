import { InputError } from '../common/inputError.ts';
import { groupDigits } from '../common/written.ts';
import { stepLoss } from '../model/output.ts';
import { stepAt } from '../model/stepOfPass.ts';
import { messageName } from '../model/tensors.ts';
import type { StreamPass } from '../model/streamPass.ts';
import { errorName } from '../network/network.ts';
import { MOST_WINDOW_NUMBERS, windowNumberCount } from '../network/windowNumbers.ts';
import type { Numbers } from '../protocol/study.ts';

/**
 * Every number of the pass of one stream, as copies.
 * @throws {InputError} for a window with more of them than can be looked at.
 */
export function windowNumbers(pass: StreamPass): Omit<Numbers, 'iteration' | 'stream' | 'position'> {
  const { network, shape, N, parameters, gradients, activations, deltas, window } = pass;
  const { H, T } = shape;
  const count = windowNumberCount(network, shape);
  if (count > MOST_WINDOW_NUMBERS) {
    throw new InputError(
      `This window has ${groupDigits(count)} numbers, too many to look at one by one: at most ${groupDigits(MOST_WINDOW_NUMBERS)} can be. Train by hand, with fewer hidden units and time steps.`,
    );
  }
  const [{ gives: logits }] = network.output;
  const copies = (
    names: readonly string[],
    of: (name: string) => Float64Array,
  ): Record<string, Float64Array<ArrayBuffer>> => Object.fromEntries(names.map((name) => [name, of(name).slice()]));
  const quantities = network.quantities.map(({ name }) => name);
  return {
    T,
    N,
    inputs: window.inputs.slice(),
    targets: window.targets.slice(),
    lossNats: Float64Array.from({ length: T }, (_, t) => {
      const { now, y } = stepAt(pass, t);
      return stepLoss(now[logits], y, 1);
    }),
    parameters: copies(network.parameterNames, (name) => parameters[name]),
    gradients: copies(network.parameterNames, (name) => gradients[name]),
    carriedIn: copies(network.states, (state) => activations[state].subarray(0, H)),
    // The first slot of a state is what is carried in.
    quantities: copies(quantities, (name) => activations[name].subarray(network.states.includes(name) ? H : 0)),
    errors: copies(quantities, (name) => deltas[errorName(name)]),
    messages: copies(network.states, (state) => deltas[messageName(state)]),
  };
}
