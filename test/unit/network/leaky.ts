import type { Cell } from '../../../src/network/description.ts';

/** A cell that is not among those of the extension: a = k ⊙ a⁻ + (1−k) ⊙ n, with a sigmoid for k, a tanh for n. */
export const LEAKY: Cell = {
  says: 'leaky tanh',
  states: ['a'],
  equations: [
    { gives: 'h_k', affine: [['W_xk', 'x']], bias: 'b_k' },
    { gives: 'k', apply: 'sigmoid', to: 'h_k' },
    {
      gives: 'h_n',
      affine: [
        ['W_xn', 'x'],
        ['W_an', 'a⁻'],
      ],
      bias: 'b_n',
    },
    { gives: 'n', apply: 'tanh', to: 'h_n' },
    {
      gives: 'a',
      sum: [
        ['k', 'a⁻'],
        ['1−k', 'n'],
      ],
    },
  ],
  words: {},
};
