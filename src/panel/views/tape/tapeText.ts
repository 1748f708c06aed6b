import type { RunFacts } from '../../../protocol/run.ts';
import type { Tape } from '../../../protocol/study.ts';
import { stepNormLabelOf } from '../../../network/names.ts';
import type { Network } from '../../../network/network.ts';
import { formatNorm, formatProbability, quotedSymbol } from '../../../common/format.ts';
import { errorOfTimeStep, stepRow } from '../../../network/quantities.ts';
import type { SymbolOf } from './shownVectors.ts';
import { formatPercent } from './values.ts';

/** What the tab says about the tape in words. No DOM. */

/** The norms of the error that reaches each time step of the tape, (T). */
export function timeStepErrors(network: Network, { stepNorm }: Tape): Float64Array {
  return stepRow(network, stepNorm, errorOfTimeStep(network));
}

export function symbolsOf(facts: RunFacts | undefined): SymbolOf {
  return (id) => facts?.vocabulary[id] ?? '';
}

/** One time step in one line. */
export function timeStepText(network: Network, tape: Tape, t: number, symbolOf: SymbolOf): string {
  const isRight = tape.predicted[t] === tape.targets[t];
  return (
    `t = ${t}: reads ${quotedSymbol(symbolOf(tape.inputs[t]))}, target ${quotedSymbol(symbolOf(tape.targets[t]))} ` +
    `(probability ${formatProbability(tape.targetProbability[t])}), predicts ${quotedSymbol(symbolOf(tape.predicted[t]))}: ` +
    `${isRight ? 'right' : 'wrong'}. ${stepNormLabelOf(network, errorOfTimeStep(network))} = ${formatNorm(timeStepErrors(network, tape)[t])}, ${futureText(tape, t)}`
  );
}

/** How much of the error of the state comes from later steps. */
export function futureText(tape: Tape, t: number): string {
  const own = tape.ownNorm[t];
  const future = tape.futureNorm[t];
  if (t === tape.inputs.length - 1) return 'all of it its own error';
  return `${formatPercent(own + future === 0 ? 0 : future / (own + future))} of the error from the future`;
}
