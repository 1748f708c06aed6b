import type { Activation } from './description.ts';

/** The derivative of every activation as a function of what the activation gave, which is enough for each of them. */
export const SLOPE_AT: Readonly<Record<Activation, (gave: number) => number>> = {
  tanh: (gave) => 1 - gave * gave,
  sigmoid: (gave) => gave * (1 - gave),
  relu: (gave) => (gave > 0 ? 1 : 0),
};
