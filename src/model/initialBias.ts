import { InputError } from '../common/inputError.ts';
import type { RandomStream } from '../common/random.ts';
import type { Network } from '../network/network.ts';
import type { Parameters, Shape } from './tensors.ts';

export type InitialBiasName = 'cell' | 'initialization' | 'chrono';

/** @throws {InputError} for `chrono` where no gate decides how long a unit remembers. */
export function checkInitialBias({ cell, parameters }: Network, kind: InitialBiasName): void {
  if (kind !== 'chrono' || parameters.some(({ timescale }) => timescale !== undefined)) return;
  throw new InputError(
    `The setting initialBias is chrono, and the cell ${cell} has no gate that decides how long a unit remembers. Set initialBias to ` +
      'cell, or choose a cell with gates.',
  );
}

/**
 * Sets the biases of gates after the initialization.
 * - cell: those that the cell says begin elsewhere do so.
 * - initialization: all stay as they are.
 * - chrono: the biases of the gates that decide how long a unit remembers are ±log U[1, T−1], one draw a unit and layer, so that
 *   units begin by remembering for 1 to T−1 steps (Tallec and Ollivier 2018).
 */
export function setInitialBiases(
  network: Network,
  parameters: Parameters,
  { H, T }: Pick<Shape, 'H' | 'T'>,
  kind: InitialBiasName,
  random: RandomStream,
): void {
  if (kind === 'cell') {
    for (const { name, begins } of network.parameters) {
      if (begins !== undefined) parameters[name].fill(begins);
    }
  }
  if (kind !== 'chrono') return;
  for (let layer = 1; layer <= network.layers; layer++) {
    const logarithms = Float64Array.from({ length: H }, () => Math.log(1 + Math.max(0, T - 2) * random.uniform()));
    for (const { name, timescale, layer: own } of network.parameters) {
      if (timescale !== undefined && own === layer) parameters[name].set(logarithms.map((value) => timescale * value));
    }
  }
}
