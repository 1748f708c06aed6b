import type { RunFacts, Inspection } from '../../protocol/run.ts';
import { quotedSymbol } from '../../common/format.ts';
import type { Network } from '../../network/network.ts';
import { stepRow } from '../../network/quantities.ts';

export interface LargestStepNorm {
  readonly parameter: string;
  readonly t: number;
  readonly norm: number;
}

/** Which parameter's gradient is largest at which time step; undefined where no norm is a number above zero. */
export function largestStepNorm(network: Network, { stepNorm }: Inspection): LargestStepNorm | undefined {
  let largest: LargestStepNorm | undefined;
  for (const parameter of network.parameterNames) {
    const norms = stepRow(network, stepNorm, parameter);
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
