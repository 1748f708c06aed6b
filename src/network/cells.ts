import type { Cell } from './description.ts';

/** Elman's cell, with one activation or the other. The derivation's is the one of tanh. */
function elman(activation: 'tanh' | 'relu', says: string): Cell {
  return {
    says,
    torch: { module: 'RNN', nonlinearity: activation },
    states: ['a'],
    equations: [
      {
        gives: 'h',
        affine: [
          ['W_xh', 'x'],
          ['W_ah', 'a⁻'],
        ],
        bias: 'b_h',
      },
      { gives: 'a', apply: activation, to: 'h' },
    ],
    words: {
      h: 'pre-activation',
      a: 'activation',
      W_xh: 'input → hidden weights',
      W_ah: 'hidden → hidden weights',
      b_h: 'hidden bias',
    },
  };
}

const DESCRIBED = {
  tanh: elman('tanh', "Elman's cell, a(t) = tanh h(t): the one of the derivation."),
  relu: elman('relu', 'The same with a(t) = max(0, h(t)), whose slope is 1 or 0.'),
} as const satisfies Readonly<Record<string, Cell>>;
export type CellName = keyof typeof DESCRIBED;

/** Every cell, by its name. */
export const CELLS: Readonly<Record<CellName, Cell>> = DESCRIBED;
export const CELL_NAMES = Object.keys(CELLS) as CellName[];
