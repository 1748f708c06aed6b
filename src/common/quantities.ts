import { PARAMETER_NAMES, STEP_QUANTITIES, type ParameterName, type StepQuantity } from './names.ts';

/** How a quantity is written in the panel: the parameters as in the code, the two error signals with their ∂. */
export const QUANTITY_LABELS: Readonly<Record<StepQuantity, string>> = {
  W_xh: 'W_xh',
  W_ah: 'W_ah',
  b_h: 'b_h',
  W_ao: 'W_ao',
  b_o: 'b_o',
  dh: '∂h',
  da: '∂a',
};

const QUANTITY_MEANINGS: Readonly<Record<StepQuantity, string>> = {
  W_xh: 'input → hidden weights',
  W_ah: 'hidden → hidden weights',
  b_h: 'hidden bias',
  W_ao: 'hidden → output weights',
  b_o: 'output bias',
  dh: 'error at the pre-activation h(t)',
  da: 'error at the activation a(t)',
};

export function isParameter(quantity: StepQuantity): quantity is ParameterName {
  return (PARAMETER_NAMES as readonly string[]).includes(quantity);
}

/** The norm of a quantity at step t as a formula: ‖∂W_ah(t)‖, ‖∂h(t)‖. */
export function stepNormLabel(quantity: StepQuantity): string {
  return `‖∂${isParameter(quantity) ? quantity : QUANTITY_LABELS[quantity].slice(1)}(t)‖`;
}

/** What a quantity is, for tooltips: "W_ah: hidden → hidden weights". */
export function quantityTitle(quantity: StepQuantity): string {
  return `${QUANTITY_LABELS[quantity]}: ${QUANTITY_MEANINGS[quantity]}`;
}

export { PARAMETER_NAMES, STEP_QUANTITIES, type ParameterName, type StepQuantity };
