import type { RunFacts } from '../../../protocol/run.ts';
import type { Tape } from '../../../protocol/study.ts';
import { stepNormLabelOf } from '../../../network/names.ts';
import type { Network } from '../../../network/network.ts';
import { formatNorm, formatProbability, quotedSymbol } from '../../../common/format.ts';
import { errorOfTimeStep, stepRow } from '../../../network/quantities.ts';
import { statesOfLayer } from '../../../network/wayBack.ts';
import type { SymbolOf } from './shownVectors.ts';
import { nowText } from './stateSplit.ts';
import { formatPercent } from './values.ts';

/** What the tab says about the tape in words. No DOM. */

/** The norms of the error that reaches a layer at each time step of the tape, (T). */
export function timeStepErrors(network: Network, { stepNorm }: Tape, layer = 1): Float64Array {
  return stepRow(network, stepNorm, errorOfTimeStep(network, layer));
}

/** What these norms are called; of several layers, with the layer. */
export function timeStepErrorLabel(network: Network, layer = 1): string {
  const norm = stepNormLabelOf(network, errorOfTimeStep(network, layer));
  return network.layers === 1 ? norm : `${norm} of layer ${layer}`;
}

export function symbolsOf(facts: RunFacts | undefined): SymbolOf {
  return (id) => facts?.vocabulary[id] ?? '';
}

/** One time step in one line, with the error of a layer. */
export function timeStepText(network: Network, tape: Tape, t: number, symbolOf: SymbolOf, layer = 1): string {
  const isRight = tape.predicted[t] === tape.targets[t];
  return (
    `t = ${t}: reads ${quotedSymbol(symbolOf(tape.inputs[t]))}, target ${quotedSymbol(symbolOf(tape.targets[t]))} ` +
    `(probability ${formatProbability(tape.targetProbability[t])}), predicts ${quotedSymbol(symbolOf(tape.predicted[t]))}: ` +
    `${isRight ? 'right' : 'wrong'}. ${timeStepErrorLabel(network, layer)} = ${formatNorm(timeStepErrors(network, tape, layer)[t])}, ${futureText(network, tape, t, layer)}`
  );
}

/** How much of the error of the state that a layer gives comes from later steps. */
function futureText(network: Network, tape: Tape, t: number, layer: number): string {
  const T = tape.inputs.length;
  const [state] = statesOfLayer(network, layer);
  if (t === T - 1) {
    const now = nowText(network, state);
    return `all of it ${now === 'own' ? 'its own error' : now}`;
  }
  const at = network.states.indexOf(state) * T + t;
  const [now, future] = [tape.ownNorm[at], tape.futureNorm[at]];
  return `${formatPercent(now + future === 0 ? 0 : future / (now + future))} of the error from the future`;
}
