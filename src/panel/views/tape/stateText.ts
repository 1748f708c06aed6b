import { formatNorm, formatProbability } from '../../../common/format.ts';
import { listedTexts } from '../../../network/quantities.ts';
import type { Network } from '../../../network/network.ts';
import type { Job, StatePath } from '../../../network/statePaths.ts';
import type { Tape } from '../../../protocol/study.ts';
import { errorAt, factor, timed } from '../../network/notation.ts';
import { nowText } from './stateSplit.ts';
import { stateNumbers } from './tapeLanes.ts';

/** What is said of the path of a state in words. No DOM. */

const SAYS: Readonly<Record<Job, string>> = { kept: 'keeps', added: 'adds', given: 'gives out' };

/** What a state keeps, takes in or gives out at a time step, and the error that comes to it: all numbers of its lane. */
export function stateText(network: Network, tape: Tape, t: number, path: StatePath): string {
  const { stateNorm, errorNorm, ownNorm, futureNorm, parts } = stateNumbers(network, tape, path);
  const { state } = path;
  const said = parts.map(({ job, factors, gated, norm, ofNorm, gateMean }) => {
    const product = `${SAYS[job]} ‖${factors.map((ref) => factor(ref)).join(' ⊙ ')}‖ = ${formatNorm(norm[t])}`;
    if (gated === undefined) return product;
    return `${product} of ${formatNorm(ofNorm[t])} (mean of ${timed(gated.gate)}: ${formatProbability(gateMean[t])})`;
  });
  const norm = `‖${timed(state)}‖ = ${formatNorm(stateNorm[t])}`;
  const forward = said.length === 0 ? norm : `${listedTexts(said)}; ${norm}`;
  const now = nowText(network, state);
  const from =
    t === tape.inputs.length - 1
      ? `all of it ${now === 'own' ? 'its own' : now}`
      : `${now} ${formatNorm(ownNorm[t])}, from the future ${formatNorm(futureNorm[t])}`;
  return `${forward}. ‖${errorAt(state)}‖ = ${formatNorm(errorNorm[t])}: ${from}.`;
}
