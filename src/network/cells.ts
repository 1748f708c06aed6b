import type { Activation, Cell, Equation } from './description.ts';

/** Elman's cell, with one activation or the other. The derivation's is the one of tanh. */
function elman(activation: 'tanh' | 'relu', says: string): Cell {
  return {
    says,
    torch: { module: 'RNN', nonlinearity: activation, gates: [['h']] },
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

/** A gate or a candidate: what it reads is the input and the state that was given out before. */
function gate(name: string, activation: Activation): [Equation, Equation] {
  return [
    {
      gives: `h_${name}`,
      affine: [
        [`W_x${name}`, 'x'],
        [`W_a${name}`, 'a⁻'],
      ],
      bias: `b_${name}`,
    },
    { gives: name, apply: activation, to: `h_${name}` },
  ];
}

/** The words of a gate or a candidate and of its parameters. */
function gateWords(name: string, words: string): Record<string, string> {
  return {
    [`h_${name}`]: `pre-activation of the ${words}`,
    [name]: words,
    [`W_x${name}`]: `input → ${words} weights`,
    [`W_a${name}`]: `hidden → ${words} weights`,
    [`b_${name}`]: `${words} bias`,
  };
}

const LSTM: Cell = {
  says:
    'Long short-term memory (Hochreiter and Schmidhuber 1997; its forget gate: Gers et al. 2000). Gates decide what a second state c ' +
    'keeps, takes in and gives out.',
  torch: { module: 'LSTM', gates: [['h_i'], ['h_f'], ['h_g'], ['h_q']] },
  states: ['a', 'c'],
  equations: [
    ...gate('i', 'sigmoid'),
    ...gate('f', 'sigmoid'),
    ...gate('g', 'tanh'),
    ...gate('q', 'sigmoid'),
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
  words: {
    ...gateWords('i', 'input gate'),
    ...gateWords('f', 'forget gate'),
    ...gateWords('g', 'candidate'),
    ...gateWords('q', 'output gate'),
    c: 'memory',
    s: 'squashed memory',
    a: 'activation',
  },
  initialBias: { b_f: 1 },
  timescaleBias: { b_f: 1, b_i: -1 },
};

const GRU: Cell = {
  says:
    'Gated recurrent unit (Cho et al. 2014, as PyTorch computes it). One gate decides how much of the state is kept, another how much ' +
    'of it the candidate for the rest reads.',
  torch: { module: 'GRU', gates: [['h_r'], ['h_z'], ['u', 'm']] },
  states: ['a'],
  equations: [
    ...gate('r', 'sigmoid'),
    ...gate('z', 'sigmoid'),
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
  words: {
    ...gateWords('r', 'reset gate'),
    ...gateWords('z', 'update gate'),
    u: 'input part of the candidate',
    m: 'recurrent part of the candidate',
    h_n: 'pre-activation of the candidate',
    n: 'candidate',
    W_xn: 'input → candidate weights',
    b_xn: 'candidate bias, with the input',
    W_an: 'hidden → candidate weights',
    b_an: 'candidate bias, with the state',
    a: 'activation',
  },
  timescaleBias: { b_z: 1 },
};

const MIN_GRU: Cell = {
  says:
    'minGRU (Feng et al. 2024). Gate and candidate read the input alone, so that errors go back through what the gate keeps and ' +
    'through nothing else.',
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
  words: {
    h_z: 'pre-activation of the update gate',
    z: 'update gate',
    W_xz: 'input → update gate weights',
    b_z: 'update gate bias',
    n: 'candidate',
    W_xn: 'input → candidate weights',
    b_n: 'candidate bias',
    a: 'activation',
  },
  timescaleBias: { b_z: -1 },
};

const DESCRIBED = {
  tanh: elman('tanh', "Elman's cell (Elman 1990), a(t) = tanh h(t): the one of the derivation."),
  relu: elman('relu', 'The same with a(t) = max(0, h(t)), whose slope is 1 or 0 (Le et al. 2015).'),
  lstm: LSTM,
  gru: GRU,
  mingru: MIN_GRU,
} as const satisfies Readonly<Record<string, Cell>>;
export type CellName = keyof typeof DESCRIBED;

/** Every cell, by its name. */
export const CELLS: Readonly<Record<CellName, Cell>> = DESCRIBED;
export const CELL_NAMES = Object.keys(CELLS) as CellName[];
