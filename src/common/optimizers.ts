/** The optimizers' own numbers; their steps are those of PyTorch. */
export const MOMENTUM = 0.9;
export const EPSILON = 1e-8;
export const RMSPROP_ALPHA = 0.95;
export const ADAM_BETA1 = 0.9;
export const ADAM_BETA2 = 0.999;

/** Clipping divides by the norm and so much more, as PyTorch's does. */
export const NORM_FLOOR = 1e-6;

/** The running quantities that each optimizer keeps for every number of every parameter, by PyTorch's names for them. */
export const MOMENT_NAMES = {
  sgd: [],
  momentum: ['momentum_buffer'],
  adagrad: ['sum'],
  rmsprop: ['square_avg'],
  adam: ['exp_avg', 'exp_avg_sq'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type OptimizerName = keyof typeof MOMENT_NAMES;
export const OPTIMIZER_NAMES = Object.keys(MOMENT_NAMES) as OptimizerName[];
