/** The five parameters of the network, in the order of MATH.md and of every table and array here. */
export const PARAMETER_NAMES = ['W_xh', 'W_ah', 'b_h', 'W_ao', 'b_o'] as const;
export type ParameterName = (typeof PARAMETER_NAMES)[number];

/** What has a norm at every time step: the contribution ∂P(t) of each parameter, then ∂h(t) and ∂a(t). */
export const STEP_QUANTITIES = [...PARAMETER_NAMES, 'dh', 'da'] as const;
export type StepQuantity = (typeof STEP_QUANTITIES)[number];
