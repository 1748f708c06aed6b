import type { RunFacts, Inspection } from '../../protocol/run.ts';
import { quotedSymbol } from '../../common/format.ts';
import { PARAMETER_NAMES, STEP_QUANTITIES, type ParameterName, type StepQuantity } from '../../network/names.ts';

/** The norms of a quantity at every time step, (T). */
export function stepNorms(inspection: Inspection, quantity: StepQuantity): Float32Array {
  const T = inspection.inputs.length;
  const start = STEP_QUANTITIES.indexOf(quantity) * T;
  return inspection.stepNorm.subarray(start, start + T);
}

export interface LargestStepNorm {
  readonly parameter: ParameterName;
  readonly t: number;
  readonly norm: number;
}

/** Which parameter's gradient is largest at which time step; undefined where no norm is a number above zero. */
export function largestStepNorm(inspection: Inspection): LargestStepNorm | undefined {
  let largest: LargestStepNorm | undefined;
  for (const parameter of PARAMETER_NAMES) {
    const norms = stepNorms(inspection, parameter);
    for (let t = 0; t < norms.length; t++) {
      if (norms[t] > (largest?.norm ?? 0)) largest = { parameter, t, norm: norms[t] };
    }
  }
  return largest;
}

/** The character read at a time step of the inspected stream, for people; empty where the vocabulary is not known. */
export function symbolRead(facts: RunFacts | undefined, inspection: Inspection, t: number): string {
  return facts?.vocabulary[inspection.inputs[t]] ?? '';
}

/** A time step with its character: t = 49 (‘e’). */
export function stepText(facts: RunFacts | undefined, inspection: Inspection, t: number): string {
  const symbol = symbolRead(facts, inspection, t);
  return symbol === '' ? `t = ${t}` : `t = ${t} (${quotedSymbol(symbol)})`;
}
