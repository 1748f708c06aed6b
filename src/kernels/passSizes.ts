import { activationSizes, deltaSizes } from '../model/tensors.ts';
import { errorName } from '../network/network.ts';
import type { NetworkRequest } from './kernels.ts';
import type { Program } from './program/program.ts';

/** Numbers of tensors, by their names. */
export type Sizes = Readonly<Record<string, number>>;

/** The tensors of a pass that the fast kernels store, of both sides. */
export function passSizes({ network, shape }: NetworkRequest, { stored }: Program): { values: Sizes; errors: Sizes } {
  const [{ gives: logits }, { gives: probabilities }] = network.output;
  const errors = new Set([logits, ...network.layerEquations.map(({ gives }) => gives)].map(errorName));
  const values = new Set([...stored, probabilities]);
  const those = (sizes: Sizes, names: ReadonlySet<string>): Sizes =>
    Object.fromEntries(Object.entries(sizes).filter(([name]) => names.has(name)));
  return {
    values: those(activationSizes(network, shape), values),
    errors: those(deltaSizes(network, shape), errors),
  };
}
