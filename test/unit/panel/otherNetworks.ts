import { CELLS } from '../../../src/network/cells.ts';
import type { Cell } from '../../../src/network/description.ts';
import { errorName, networkFrom, type Network } from '../../../src/network/network.ts';
import type { StepDetail } from '../../../src/protocol/study.ts';
import { cellVector, flatten, type CellVector, type Nested } from '../model/vectors.ts';
import { GRU, LSTM, MINGRU } from '../network/otherCells.ts';

/** Networks that cannot be trained yet, and the numbers that PyTorch has of them, as the panel shows them. */

export function networkOfCell(cell: Cell, layers = 1): Network {
  return { cell: 'tanh', ...networkFrom(cell, layers) };
}

export const LSTM_NETWORK = networkOfCell(LSTM);
export const GRU_NETWORK = networkOfCell(GRU);
export const MINGRU_NETWORK = networkOfCell(MINGRU);
export const RELU_NETWORK = networkOfCell(CELLS.relu);
export const THREE_LAYERS = networkOfCell(CELLS.tanh, 3);

/** Networks with what PyTorch computed of a window. */
export const WITH_VECTORS: readonly (readonly [network: Network, vector: CellVector])[] = (
  [
    ['relu-l1-v11-h8-t9-b3-mean', CELLS.relu],
    ['tanh-l3-v9-h6-t8-b2-mean', CELLS.tanh],
    ['mingru-l1-v11-h8-t9-b3-mean', MINGRU],
    ['gru-l2-v9-h6-t8-b2-mean', GRU],
    ['lstm-l2-v9-h6-t8-b2-sum', LSTM],
  ] as const
).map(([name, cell]) => {
  const vector = cellVector(name);
  return [networkOfCell(cell, vector.layers), vector];
});

/** Of the first stream of a tensor (T, B, …) at step t. */
function at(tensor: Nested, t: number): Float64Array<ArrayBuffer> {
  return Float64Array.from(flatten((tensor as readonly (readonly Nested[])[])[t][0]));
}

/** Time step t ≥ 1 of the first stream. Of what vectors do not have, the parts of an error and the messages, there is nothing. */
export function numbersOf(
  network: Network,
  { T, B, reduction, inputs, targets, expected }: CellVector,
  t: number,
): StepDetail {
  const { forward, backward } = expected;
  const each = (names: readonly string[], of: (name: string) => Float64Array<ArrayBuffer>) =>
    Object.fromEntries(names.map((name) => [name, of(name)]));
  const nothing = (): Float64Array<ArrayBuffer> => new Float64Array(0);
  const names = network.quantities.map(({ name }) => name);
  return {
    iteration: 1,
    stream: 0,
    t,
    T,
    N: reduction === 'mean' ? T * B : 1,
    input: inputs[0][t],
    target: targets[0][t],
    lossNats: 1,
    stepNorm: new Float64Array(network.steps.length),
    topIds: new Int32Array(0),
    topProbability: new Float64Array(0),
    now: each(names, (name) => at(forward[name], t)),
    before: each(network.states, (name) => at(forward[name], t - 1)),
    errors: each(names, (name) => at(backward[errorName(name)], t)),
    own: each(network.states, nothing),
    future: each(network.states, nothing),
    messages: each(network.states, nothing),
    terms: Object.fromEntries(network.states.map((state) => [state, { own: {}, future: {}, message: {} }])),
  };
}
