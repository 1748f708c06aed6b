import type { Cell } from '../../../src/network/description.ts';
import { networkFrom, networkOf, type Network } from '../../../src/network/network.ts';

/** A network of a cell that no setting chooses; what it is called matters to nothing that computes. */
export function networkWith(cell: Cell, layers: number): Network {
  return { cell: 'tanh', ...networkFrom(cell, layers) };
}

/**
 * What no cell of today has: a product with what the step itself gives, a state that nothing above reads, ReLU of a sum, two weights
 * of states in one equation, a quantity that nothing reads.
 */
const ODD: Cell = {
  says: 'invented',
  states: ['a', 'k'],
  equations: [
    { gives: 'p', affine: [['W_kp', 'k⁻']], bias: 'b_p' },
    { gives: 'r', apply: 'sigmoid', to: 'p' },
    {
      gives: 'g',
      affine: [
        ['W_xg', 'x'],
        ['W_rg', 'r'],
        ['W_ag', 'a⁻'],
        ['W_kg', 'k⁻'],
      ],
      bias: 'b_g',
    },
    { gives: 'u', sum: [['g'], ['1−r', 'a⁻'], ['r', '1−r']] },
    { gives: 'a', apply: 'relu', to: 'u' },
    { gives: 'unread', sum: [['a', 'p']] },
    { gives: 'k', sum: [['r', 'r'], ['1−r', 'k⁻'], ['a⁻']] },
  ],
  words: {},
};

/** Networks that between them use all that a description can say. */
export const MANY_NETWORKS: Readonly<Record<string, Network>> = {
  'ReLU, one layer': networkOf({ cell: 'relu', layers: 1 }),
  'tanh, three layers': networkOf({ cell: 'tanh', layers: 3 }),
  'LSTM, two layers': networkOf({ cell: 'lstm', layers: 2 }),
  'GRU, three layers': networkOf({ cell: 'gru', layers: 3 }),
  'minGRU, two layers': networkOf({ cell: 'mingru', layers: 2 }),
  'a cell of its own, two layers': networkWith(ODD, 2),
};
