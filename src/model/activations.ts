import type { Activation } from '../network/description.ts';
import { SATURATED, SATURATED_SLOPE } from '../network/saturation.ts';
import { SLOPE_AT } from '../network/slopeAt.ts';

/** A function of a pre-activation, and its slope from what the function gave. */
export interface ActivationFunction {
  readonly of: (h: number) => number;
  /** The derivative at h, of a = of(h). */
  readonly slope: (a: number) => number;
  /** Whether the slope is so small that the error stops: at both ends of a tanh or a sigmoid, and where a ReLU is off. */
  readonly isSaturated: (a: number) => boolean;
}

export const ACTIVATIONS: Readonly<Record<Activation, ActivationFunction>> = {
  tanh: { of: Math.tanh, slope: SLOPE_AT.tanh, isSaturated: (a) => a > SATURATED || a < -SATURATED },
  // Both forms are exact where the other one's exponential would overflow.
  sigmoid: {
    of: (h) => (h >= 0 ? 1 / (1 + Math.exp(-h)) : Math.exp(h) / (1 + Math.exp(h))),
    slope: SLOPE_AT.sigmoid,
    isSaturated: (a) => SLOPE_AT.sigmoid(a) < SATURATED_SLOPE,
  },
  relu: { of: (h) => Math.max(0, h), slope: SLOPE_AT.relu, isSaturated: (a) => a <= 0 },
};
