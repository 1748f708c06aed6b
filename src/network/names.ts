import { errorName, networkOf, type Parameter } from './network.ts';

/** The network that is trained: one layer of the cell of the derivation. */
export const NETWORK = networkOf({ cell: 'tanh', layers: 1 });

/** Its parameters, in the order of every table and array here. */
export type ParameterName = string;
export const PARAMETER_NAMES: readonly ParameterName[] = NETWORK.parameterNames;

/** The parameters that are matrices, without the biases. */
export const WEIGHTS: readonly Parameter[] = NETWORK.parameters.filter(({ axes }) => axes.length > 1);

/** What has a norm at every time step: the contribution ∂P(t) of each parameter, then ∂h(t) and ∂a(t). */
export type StepQuantity = string;
export const STEP_QUANTITIES: readonly StepQuantity[] = NETWORK.stepQuantities;

const parameters = new Map(NETWORK.parameters.map((parameter) => [parameter.name, parameter]));
const errors = new Map(NETWORK.quantities.map((quantity) => [errorName(quantity.name), quantity]));

export function parameterOf(name: ParameterName): Parameter {
  const parameter = parameters.get(name);
  if (parameter === undefined) throw new RangeError(`The network has no parameter "${name}".`);
  return parameter;
}

export function isParameter(quantity: StepQuantity): quantity is ParameterName {
  return parameters.has(quantity);
}

/** How a quantity is written in the panel: the parameters as in the code, the error signals with their ∂. */
export function quantityLabel(quantity: StepQuantity): string {
  const error = errors.get(quantity);
  return error === undefined ? quantity : `∂${error.name}`;
}

/** The norm of a quantity at step t as a formula: ‖∂W_ah(t)‖, ‖∂h(t)‖. */
export function stepNormLabel(quantity: StepQuantity): string {
  return `‖∂${errors.get(quantity)?.name ?? quantity}(t)‖`;
}

/** What a quantity is, for tooltips: "W_ah: hidden → hidden weights". */
export function quantityTitle(quantity: StepQuantity): string {
  const error = errors.get(quantity);
  const meaning = error === undefined ? parameterOf(quantity).words : `error at the ${error.words} ${error.name}(t)`;
  return `${quantityLabel(quantity)}: ${meaning}`;
}
