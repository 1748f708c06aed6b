import { errorName, networkOf, type Network } from '../../../src/network/network.ts';
import type { StepDetail } from '../../../src/protocol/study.ts';
import { CELL_PASSES, cellVector, flatten, networkOfVector, type CellVector, type Nested } from '../model/vectors.ts';

/** Networks of other cells and layers, and the numbers that PyTorch has of them, as the panel shows them. */

export const LSTM_NETWORK = networkOf({ cell: 'lstm', layers: 1 });
export const GRU_NETWORK = networkOf({ cell: 'gru', layers: 1 });
export const MINGRU_NETWORK = networkOf({ cell: 'mingru', layers: 1 });
export const RELU_NETWORK = networkOf({ cell: 'relu', layers: 1 });
export const THREE_LAYERS = networkOf({ cell: 'tanh', layers: 3 });

/** Networks with what PyTorch computed of a window. */
export const WITH_VECTORS: readonly (readonly [network: Network, vector: CellVector])[] = CELL_PASSES.map((name) => {
  const vector = cellVector(name);
  return [networkOfVector(vector), vector];
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
