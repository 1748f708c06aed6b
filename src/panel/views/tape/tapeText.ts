import type { RunFacts } from '../../../protocol/run.ts';
import type { Tape } from '../../../protocol/study.ts';
import { STEP_QUANTITIES, type StepQuantity } from '../../../network/names.ts';
import { formatNorm, formatProbability, quotedSymbol } from '../../../common/format.ts';
import type { SymbolOf } from './stepContent.ts';
import { formatPercent } from './values.ts';

/** What the tab says about the tape in words. No DOM. */

/** The norms of a quantity at every time step of the tape, (T). */
export function tapeNorms(tape: Tape, quantity: StepQuantity): Float64Array {
  const T = tape.inputs.length;
  const start = STEP_QUANTITIES.indexOf(quantity) * T;
  return tape.stepNorm.subarray(start, start + T);
}

export function symbolsOf(facts: RunFacts | undefined): SymbolOf {
  return (id) => facts?.vocabulary[id] ?? '';
}

/** One time step in one line. */
export function cellText(tape: Tape, t: number, symbolOf: SymbolOf): string {
  const isRight = tape.predicted[t] === tape.targets[t];
  return (
    `t = ${t}: reads ${quotedSymbol(symbolOf(tape.inputs[t]))}, target ${quotedSymbol(symbolOf(tape.targets[t]))} ` +
    `(probability ${formatProbability(tape.targetProbability[t])}), predicts ${quotedSymbol(symbolOf(tape.predicted[t]))}: ` +
    `${isRight ? 'right' : 'wrong'}. ‖∂h(t)‖ = ${formatNorm(tapeNorms(tape, 'dh')[t])}, ${futureText(tape, t)}`
  );
}

/** How much of ∂a(t) comes from later steps. */
export function futureText(tape: Tape, t: number): string {
  const own = tape.ownNorm[t];
  const future = tape.futureNorm[t];
  if (t === tape.inputs.length - 1) return 'all of it its own error';
  return `${formatPercent(own + future === 0 ? 0 : future / (own + future))} of the error from the future`;
}
