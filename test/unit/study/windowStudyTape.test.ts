import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type Cell, type Equation, readRef, type Ref } from '../../../src/network/description.ts';
import { networkFrom, networkOf, type Network } from '../../../src/network/network.ts';
import { stateParts, statePaths } from '../../../src/network/statePaths.ts';
import { assertClose, cellVector, flatten, type CellVector } from '../model/vectors.ts';
import { tapeOfCell } from './windowStudyCaptures.ts';
import { LEAKY } from '../network/leaky.ts';

/** A capture holds the vectors' parameters and states as float32. */
const ROUNDED = 2e-5;
const FLOOR = 1e-9;

const PASSES = [
  'lstm-l2-v9-h6-t8-b2-sum',
  'gru-l2-v9-h6-t8-b2-mean',
  'mingru-l1-v11-h8-t9-b3-mean',
  'tanh-l3-v9-h6-t8-b2-mean',
] as const;

/** The tape of a stream of a vector, and PyTorch's numbers of that stream. */
function taped(name: string, stream: number) {
  const vector = cellVector(name);
  return { ...tapeOfCell(vector, stream), vector, at: vectorsOf(vector, stream) };
}

/** (H): what PyTorch has of one stream at time step t: a quantity, its error, or a state as it was carried in (t = −1). */
function vectorsOf({ H, B, T, expected, states }: CellVector, stream: number) {
  const cut = (all: readonly number[], index: number): number[] => all.slice(index * H, (index + 1) * H);
  const forward = (name: string, t: number): number[] =>
    t < 0 ? cut(flatten(states[name]), stream) : cut(flatten(expected.forward[name]), t * B + stream);
  const value = (ref: Ref, t: number): number[] => {
    const { name, isBefore, isLeft } = readRef(ref);
    const read = forward(name, isBefore ? t - 1 : t);
    return isLeft ? read.map((one) => 1 - one) : read;
  };
  const error = (name: string, t: number): number[] => cut(flatten(expected.backward[`d${name}`]), t * B + stream);
  return { value, error, steps: Array.from({ length: T }, (_, t) => t) };
}

function norm(values: readonly number[]): number {
  return Math.hypot(...values);
}

function rowOf(table: Float64Array, index: number, T: number): Float64Array {
  return table.subarray(index * T, (index + 1) * T);
}

/** What the state of a time step receives from the next one, in PyTorch's numbers: by its error and what reads it at t + 1. */
function messageTo(
  network: Network,
  { params, H }: CellVector,
  state: string,
  read: ReturnType<typeof vectorsOf>,
  t: number,
) {
  const message = new Array<number>(H).fill(0);
  for (const equation of network.layerEquations) {
    if ('affine' in equation) {
      for (const [weight, of] of equation.affine) {
        if (of !== `${state}⁻`) continue;
        const W = flatten(params[weight]);
        const error = read.error(equation.gives, t + 1);
        for (let j = 0; j < H; j++) for (let i = 0; i < H; i++) message[j] += W[i * H + j] * error[i];
      }
    } else if ('sum' in equation) {
      for (const factors of equation.sum) {
        const at = factors.indexOf(`${state}⁻`);
        if (at < 0) continue;
        const error = read.error(equation.gives, t + 1);
        const other = read.value(factors[1 - at], t + 1);
        for (let i = 0; i < H; i++) message[i] += other[i] * error[i];
      }
    }
  }
  return message;
}

suite('the path of every state on the tape', () => {
  for (const name of PASSES) {
    test(`has the norms that autograd has of what is kept, added and given out: ${name}`, () => {
      const { network, tape, at, vector } = taped(name, 1);
      const { T, H } = vector;
      network.states.forEach((state, s) => {
        assertClose(
          rowOf(tape.stateNorm, s, T),
          at.steps.map((t) => norm(at.value(state, t))),
          ROUNDED,
          `‖${state}(t)‖`,
        );
      });
      stateParts(network).forEach(({ factors, gated }, p) => {
        const product = (t: number): number[] =>
          factors.map((ref) => at.value(ref, t)).reduce((one, other) => one.map((value, i) => value * other[i]));
        const what = factors.join(' ⊙ ');
        const close = (table: Float64Array, expected: (t: number) => number, of: string): void =>
          assertClose(rowOf(table, p, T), at.steps.map(expected), ROUNDED, `${of} ${what}`);
        close(tape.partNorm, (t) => norm(product(t)), 'norm of');
        if (gated === undefined) return assert.fail('a part of these cells has a gate');
        close(tape.partOfNorm, (t) => norm(at.value(gated.of, t)), 'what there is of');
        close(
          tape.gateMean,
          (t) => at.value(gated.gate, t).reduce((sum, one) => sum + one, 0) / H,
          'mean of the gate of',
        );
      });
    });

    test(`has the two parts of the error of each state: ${name}`, () => {
      const { network, tape, at, vector } = taped(name, 1);
      const { T } = vector;
      network.states.forEach((state, s) => {
        const future = at.steps.map((t) => (t === T - 1 ? [0] : messageTo(network, vector, state, at, t)));
        assertClose(rowOf(tape.futureNorm, s, T), future.map(norm), ROUNDED, `message to ${state}`, FLOOR);
        const own = at.steps.map((t) => at.error(state, t).map((error, i) => error - (future[t][i] ?? 0)));
        assertClose(rowOf(tape.ownNorm, s, T), own.map(norm), ROUNDED, `own error of ${state}`, FLOOR);
      });
    });
  }
});

suite('the parts of a state', () => {
  const told = (network: Network) =>
    statePaths(network).map(({ state, layer, parts }) => [
      state,
      layer,
      parts.map(
        ({ job, factors, gated }) => `${job} ${factors.join(' ')}, ${gated?.gate ?? '–'} of ${gated?.of ?? '–'}`,
      ),
    ]);

  test('are what its gates keep, add and give out', () => {
    assert.deepEqual(told(networkOf({ cell: 'lstm', layers: 1 })), [
      ['a', 1, ['given q s, q of s']],
      ['c', 1, ['kept f c⁻, f of c⁻', 'added i g, i of g']],
    ]);
    assert.deepEqual(told(networkOf({ cell: 'gru', layers: 2 })).at(-1), [
      'a.2',
      2,
      ['kept z.2 a.2⁻, z.2 of a.2⁻', 'added 1−z.2 n.2, 1−z.2 of n.2'],
    ]);
    assert.deepEqual(told(networkOf({ cell: 'mingru', layers: 1 })), [
      ['a', 1, ['kept 1−z a⁻, 1−z of a⁻', 'added z n, z of n']],
    ]);
    assert.deepEqual(told(networkOf({ cell: 'tanh', layers: 2 })), [
      ['a', 1, []],
      ['a.2', 2, []],
    ]);
  });

  test('follow from a description alone: of a tanh that leaks, and of a sum without gates', () => {
    const says = '';
    const affine = (gives: string): Equation => ({ gives, affine: [[`W_x${gives}`, 'x']], bias: `b_${gives}` });
    assert.deepEqual(told({ cell: 'tanh', ...networkFrom(LEAKY, 1) }), [
      ['a', 1, ['kept k a⁻, k of a⁻', 'added 1−k n, 1−k of n']],
    ]);
    const adding: Cell = {
      says,
      states: ['a'],
      equations: [affine('h'), { gives: 'a', sum: [['a⁻'], ['h']] }],
      words: {},
    };
    assert.deepEqual(told({ cell: 'tanh', ...networkFrom(adding, 1) }), [
      ['a', 1, ['kept a⁻, – of –', 'added h, – of –']],
    ]);
  });

  test('add up to the state', () => {
    const { network, at } = taped('lstm-l2-v9-h6-t8-b2-sum', 0);
    for (const { state, parts } of statePaths(network)) {
      for (const t of at.steps) {
        const products = parts.map(({ factors }) => factors.map((ref) => at.value(ref, t)));
        const sum = at
          .value(state, t)
          .map((_, i) =>
            products.reduce((all, factors) => all + factors.reduce((one, factor) => one * factor[i], 1), 0),
          );
        assertClose(sum, at.value(state, t), 1e-12, `${state}(${t})`);
      }
    }
  });
});
