import type { Cell, Equation } from '../../../src/network/description.ts';

/** Cells that cannot be trained yet: what a description must be able to say. */

const gate = (name: string, bias = `b_${name}`): Equation => ({
  gives: `h_${name}`,
  affine: [
    [`W_x${name}`, 'x'],
    [`W_a${name}`, 'a⁻'],
  ],
  bias,
});

export const LSTM: Cell = {
  states: ['a', 'c'],
  equations: [
    gate('i'),
    { gives: 'i', apply: 'sigmoid', to: 'h_i' },
    gate('f'),
    { gives: 'f', apply: 'sigmoid', to: 'h_f' },
    gate('g'),
    { gives: 'g', apply: 'tanh', to: 'h_g' },
    gate('q'),
    { gives: 'q', apply: 'sigmoid', to: 'h_q' },
    {
      gives: 'c',
      sum: [
        ['f', 'c⁻'],
        ['i', 'g'],
      ],
    },
    { gives: 's', apply: 'tanh', to: 'c' },
    { gives: 'a', sum: [['q', 's']] },
  ],
  says: 'an LSTM',
  words: {},
  initialBias: { b_f: 1 },
};

export const GRU: Cell = {
  states: ['a'],
  equations: [
    gate('r'),
    { gives: 'r', apply: 'sigmoid', to: 'h_r' },
    gate('z'),
    { gives: 'z', apply: 'sigmoid', to: 'h_z' },
    { gives: 'u', affine: [['W_xn', 'x']], bias: 'b_xn' },
    { gives: 'm', affine: [['W_an', 'a⁻']], bias: 'b_an' },
    { gives: 'h_n', sum: [['u'], ['r', 'm']] },
    { gives: 'n', apply: 'tanh', to: 'h_n' },
    {
      gives: 'a',
      sum: [
        ['1−z', 'n'],
        ['z', 'a⁻'],
      ],
    },
  ],
  says: 'a GRU',
  words: {},
};

export const MINGRU: Cell = {
  states: ['a'],
  equations: [
    { gives: 'h_z', affine: [['W_xz', 'x']], bias: 'b_z' },
    { gives: 'z', apply: 'sigmoid', to: 'h_z' },
    { gives: 'n', affine: [['W_xn', 'x']], bias: 'b_n' },
    {
      gives: 'a',
      sum: [
        ['1−z', 'a⁻'],
        ['z', 'n'],
      ],
    },
  ],
  says: 'a minGRU',
  words: {},
};
