import { type Axis, type Network, sizeOf } from './network.ts';

/** Of a window of one stream, whose numbers may all be looked at. */
export interface WindowSizes extends Readonly<Record<Axis, number>> {
  readonly T: number;
}

/** Up to so many numbers of a window are shown one by one: those of an LSTM of two layers of three units, or of a tanh cell of eight. */
export const MOST_WINDOW_NUMBERS = 1500;

/**
 * How many numbers a window of one stream has: the parameters and their gradients, the states that come in, and at every time step each quantity and its
 * error.
 */
export function windowNumberCount({ parameters, quantities, states }: Network, sizes: WindowSizes): number {
  const ofParameters = parameters.reduce((sum, parameter) => sum + sizeOf(parameter, sizes), 0);
  const ofStep = quantities.reduce((sum, { axis }) => sum + sizes[axis], 0);
  return 2 * ofParameters + states.length * sizes.H + 2 * sizes.T * ofStep;
}
