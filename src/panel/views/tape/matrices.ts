import { written } from '../../../network/names.ts';
import { jacobianName, SOFTMAX_JACOBIAN } from '../../../network/jacobians.ts';
import { errorName, type Axis, type Network, type Parameter } from '../../../network/network.ts';
import { stepOfError, stepOfMessage } from '../../network/stepPlaces.ts';
import { wayBackOf, type WayBack } from '../../../network/wayBack.ts';
import { readRef } from '../../../network/description.ts';
import { layerOf } from '../../network/quantities.ts';
import { errorAt, timed } from '../../network/notation.ts';
import { SLOPES } from '../../../network/slopes.ts';
import type { VectorAxis } from './shownVectors.ts';

/** The matrices of the tape that a network has: names, axes, what they are. No numbers, no DOM. */

export interface MatrixDescription {
  readonly markup: string;
  readonly rows: VectorAxis;
  readonly columns: VectorAxis;
  readonly meaning: string;
  /** The layers whose hidden units its rows and its columns stand for, where they do. */
  readonly rowLayer?: number;
  readonly columnLayer?: number;
  /** Of a Jacobian, the quantity or the state whose step it is checked with. */
  readonly checked?: { readonly step: number } & ({ readonly logits: string } | { readonly wayBack: WayBack });
}

const AXES: Readonly<Record<Axis, VectorAxis>> = { V: 'symbol', H: 'unit' };

/** By the names under which they are asked for: weights, their contributions, and the Jacobians of softmax and of cells. */
export function matricesOf(network: Network): ReadonlyMap<string, MatrixDescription> {
  const [{ gives: logits }, { gives: probabilities }] = network.output;
  const weights = network.parameters.filter(({ axes }) => axes.length > 1);
  const layers = Array.from({ length: network.layers }, (_, index) => wayBackOf(network, index + 1));
  return new Map([
    ...weights.flatMap((weight): [string, MatrixDescription][] => [
      [weight.name, { markup: written(weight.name), ...axesOf(network, weight), meaning: weight.words }],
      [
        errorName(weight.name),
        { markup: errorAt(weight.name), ...axesOf(network, weight), meaning: 'this step’s contribution' },
      ],
    ]),
    [
      SOFTMAX_JACOBIAN,
      {
        markup: `{${errorAt(probabilities)}|${errorAt(logits)}}`,
        rows: 'symbol',
        columns: 'symbol',
        meaning: 'softmax Jacobian ŷᵢ(δᵢⱼ − ŷⱼ)',
        checked: { step: stepOfError(network, logits), logits },
      },
    ],
    ...layers.flatMap((wayBack, index): [string, MatrixDescription][] =>
      wayBack === undefined ? [] : [[jacobianName(index + 1), cellJacobian(network, wayBack)]],
    ),
  ]);
}

/** The Jacobian of the way back to a state, where that is a single one. */
export function cellJacobianOf(network: Network, state: string): string | undefined {
  for (const [name, { checked }] of matricesOf(network)) {
    if (checked !== undefined && 'wayBack' in checked && checked.wayBack.state === state) return name;
  }
  return undefined;
}

function cellJacobian(network: Network, wayBack: WayBack): MatrixDescription {
  const { state, activation, weight } = wayBack;
  return {
    markup: `${written(weight)}ᵀ diag(${SLOPES[activation].of(timed(state))})`,
    rows: 'unit',
    columns: 'unit',
    rowLayer: layerOf(network, state),
    columnLayer: layerOf(network, state),
    meaning: `what the way back through this cell multiplies ${errorAt(state)} by`,
    checked: { step: stepOfMessage(network, state), wayBack },
  };
}

/** The two axes of a weight; a weight of a layer above the first reads units, not symbols. */
function axesOf(
  network: Network,
  { axes: [rows, columns], layer, times }: Parameter,
): Pick<MatrixDescription, 'rows' | 'columns' | 'rowLayer' | 'columnLayer'> {
  return {
    rows: AXES[rows],
    columns: AXES[columns],
    ...(rows === 'H' && layer !== undefined && { rowLayer: layer }),
    ...(columns === 'H' && times !== undefined && { columnLayer: layerOf(network, readRef(times).name) }),
  };
}
