import { readRef, type Ref } from '../../../network/description.ts';
import { errorName, type Network } from '../../../network/network.ts';
import { written } from '../../../network/names.ts';
import { stepRow } from '../../../network/quantities.ts';
import { stateParts, type StatePart, type StatePath } from '../../../network/statePaths.ts';
import type { Tape } from '../../../protocol/study.ts';
import type { TapeLane } from '../../charts/tapeDrawing.ts';
import { waysTo } from './stateSplit.ts';

/** The numbers of the tape by state. No DOM. */

/** (T) each. */
export interface StateNumbers {
  readonly stateNorm: Float64Array;
  readonly errorNorm: Float64Array;
  readonly ownNorm: Float64Array;
  readonly futureNorm: Float64Array;
  readonly parts: readonly (StatePart & {
    readonly norm: Float64Array;
    readonly ofNorm: Float64Array;
    readonly gateMean: Float64Array;
  })[];
}

export function stateNumbers(network: Network, tape: Tape, { state, parts }: StatePath): StateNumbers {
  const T = tape.inputs.length;
  const row = (table: Float64Array, index: number): Float64Array => table.subarray(index * T, (index + 1) * T);
  const s = network.states.indexOf(state);
  const first = stateParts(network).findIndex((part) => part.state === state);
  return {
    stateNorm: row(tape.stateNorm, s),
    errorNorm: stepRow(network, tape.stepNorm, errorName(state)),
    ownNorm: row(tape.ownNorm, s),
    futureNorm: row(tape.futureNorm, s),
    parts: parts.map((part, index) => ({
      ...part,
      norm: row(tape.partNorm, first + index),
      ofNorm: row(tape.partOfNorm, first + index),
      gateMean: row(tape.gateMean, first + index),
    })),
  };
}

/** Whether a gate keeps, adds or gives out something of a state. */
export function hasGates({ parts }: StatePath): boolean {
  return parts.some(({ gated }) => gated !== undefined);
}

/** In the narrow room beside the rows: `f`, `1−z⁽²⁾`. */
function gateName(gate: Ref): string {
  const { name, isLeft } = readRef(gate);
  return `${isLeft ? '1−' : ''}${written(name)}`;
}

/** Of the bars of what comes in the time step itself, in the narrow room: `own ∂a`, `from layer 2`, `through s`. */
function barsName(network: Network, state: string): string {
  const [way, another] = waysTo(network, state);
  if (another !== undefined) return 'this step';
  return way === undefined || way.isOfOutput ? `own ∂${written(state)}` : way.short;
}

/** What the tape draws of states, from top to bottom. */
export function tapeLanes(
  network: Network,
  tape: Tape,
  paths: readonly StatePath[],
  isPlain: boolean,
): readonly TapeLane[] {
  return paths.map((path) => {
    const { state } = path;
    const name = written(state);
    const gates = path.parts.flatMap(({ gated }) => (gated === undefined ? [] : [gateName(gated.gate)])).join(', ');
    const names = isPlain
      ? { path: '', gates, future: '← future', own: 'own ↑' }
      : { path: `${name}(t) →`, gates, future: `← ∂${name}`, own: barsName(network, state) };
    return { state, names, ...stateNumbers(network, tape, path) };
  });
}
