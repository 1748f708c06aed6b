import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { finish } from '../../../src/common/work.ts';
import { DirectPaths, type DirectReach } from '../../../src/inspection/directPath.ts';
import { influencePieces, type Influence } from '../../../src/inspection/influence.ts';
import type { ReferencePass } from '../../../src/model/tensors.ts';
import { CELLS } from '../../../src/network/cells.ts';
import type { Cell } from '../../../src/network/description.ts';
import { randomNetwork } from '../model/networks.ts';
import { networkWith } from '../model/manyNetworks.ts';
import { assertClose } from '../model/vectors.ts';

const SHAPE = { V: 5, H: 6, T: 40, B: 1 };
const { V, H, T } = SHAPE;

/** A random network, changed, after both sides. */
function passOf(
  cell: Cell,
  layers = 1,
  change: (parameters: ReferencePass['parameters']) => void = () => undefined,
): ReferencePass {
  const kernels = randomNetwork('reference', SHAPE, 'sum', 3, networkWith(cell, layers));
  change(kernels.parameters as ReferencePass['parameters']);
  kernels.forward();
  kernels.backward();
  return kernels as unknown as ReferencePass;
}

function measured(pass: ReferencePass): { readonly whole: Influence; readonly reaches: Record<string, DirectReach> } {
  const direct = new DirectPaths(pass);
  const whole = finish(influencePieces(pass, pass.parameters, 0, direct.watch));
  return { whole, reaches: { ...direct.reaches } };
}

/** Every number of the lower triangle of (T, T). */
function triangle(of: (t: number, s: number) => number): number[] {
  const values: number[] = [];
  for (let t = 0; t < T; t++) for (let s = 0; s <= t; s++) values.push(of(t, s));
  return values;
}

/** The parameters of an LSTM's gate become such that it is the same at every step. */
function constantGate(parameters: ReferencePass['parameters'], gate: string, value: number): void {
  parameters[`W_x${gate}`].fill(0);
  parameters[`W_a${gate}`].fill(0);
  parameters[`b_${gate}`].fill(Math.log(value / (1 - value)));
}

suite('the direct path of a state', () => {
  test('of an LSTM whose forget gate is the same everywhere falls by that factor with every step', () => {
    for (const f of [0.3, 0.8, 0.99]) {
      const { reaches } = measured(passOf(CELLS.lstm, 1, (parameters) => constantGate(parameters, 'f', f)));
      const { direct, keptByStep, keptByUnit } = reaches.c;
      assertClose(
        triangle((t, s) => direct[t * T + s] / direct[t * T + t]),
        triangle((t, s) => f ** (t - s)),
        1e-11,
        `f = ${f}`,
      );
      assertClose(keptByStep, new Array<number>(T).fill(f), 1e-13, 'by step');
      assertClose(keptByUnit, new Array<number>(H).fill(f), 1e-13, 'by unit');
    }
  });

  test('is the product of the gates of all steps between, unit by unit, times the error of its own step', () => {
    const pass = passOf(CELLS.lstm);
    const { c: reach } = measured(pass).reaches;
    const { f, q, s: squashed, yhat } = pass.activations;
    const expected = triangle((t, s) => {
      let squares = 0;
      for (let i = 0; i < H; i++) {
        let error = 0;
        for (let k = 0; k < V; k++) {
          const isTarget = pass.window.targets[t] === k ? 1 : 0;
          error += pass.parameters.W_ao[k * H + i] * (yhat[t * V + k] - isTarget);
        }
        error *= q[t * H + i] * (1 - squashed[t * H + i] ** 2);
        for (let r = s + 1; r <= t; r++) error *= f[r * H + i];
        squares += error * error;
      }
      return Math.sqrt(squares);
    });
    assertClose(
      triangle((t, s) => reach.direct[t * T + s]),
      expected,
      1e-11,
      'direct',
    );
    const geometric = (i: number): number => {
      let product = 1;
      for (let t = 0; t < T; t++) product *= f[t * H + i];
      return product ** (1 / T);
    };
    assertClose(
      reach.keptByUnit,
      Array.from({ length: H }, (_, i) => geometric(i)),
      1e-12,
      'by unit',
    );
  });

  test('is entered by each unit with its share of the squares of the errors at their own step', () => {
    const pass = passOf(CELLS.mingru);
    const { enteredByUnit } = measured(pass).reaches.a;
    const squares = new Float64Array(H);
    for (let t = 0; t < T; t++) {
      for (let i = 0; i < H; i++) {
        let error = 0;
        for (let k = 0; k < V; k++) {
          const isTarget = pass.window.targets[t] === k ? 1 : 0;
          error += pass.parameters.W_ao[k * H + i] * (pass.activations.yhat[t * V + k] - isTarget);
        }
        squares[i] += error * error;
      }
    }
    const whole = squares.reduce((sum, value) => sum + value, 0);
    assertClose(
      enteredByUnit,
      squares.map((value) => value / whole),
      1e-12,
      'shares',
    );
  });

  test('is the whole where no gate reads the state', () => {
    const pass = passOf(CELLS.lstm, 1, (parameters) => {
      for (const gate of ['i', 'f', 'g', 'q']) parameters[`W_a${gate}`].fill(0);
    });
    const { whole, reaches } = measured(pass);
    assertClose([...reaches.c.direct], [...whole.c], 1e-14, 'direct');
    assert.ok(reaches.c.others.every((norm) => norm === 0));
  });

  test('of minGRU is its only one: its influence is the product of 1 − z', () => {
    const pass = passOf(CELLS.mingru);
    const { whole, reaches } = measured(pass);
    assert.deepEqual(reaches.a.direct, whole.a);
    assert.ok(reaches.a.others.every((norm) => norm === 0));
    const { z } = pass.activations;
    const mean = (t: number): number => z.subarray(t * H, (t + 1) * H).reduce((sum, value) => sum + (1 - value) / H, 0);
    assertClose(
      reaches.a.keptByStep,
      Array.from({ length: T }, (_, t) => mean(t)),
      1e-13,
      'by step',
    );
  });

  test('and all the rest add up to the whole, as vectors', () => {
    for (const [cell, layers, states] of [
      [CELLS.lstm, 2, ['c', 'c.2']],
      [CELLS.gru, 3, ['a', 'a.2', 'a.3']],
    ] as const) {
      const { whole, reaches } = measured(passOf(cell, layers));
      assert.deepEqual(Object.keys(reaches), states);
      for (const state of states) {
        const { direct, others } = reaches[state];
        for (let at = 0; at < T * T; at++) {
          const [d, o, w] = [direct[at], others[at], whole[state][at]];
          const rounding = 1e-12 * (d + o);
          assert.ok(w <= d + o + rounding && w >= Math.abs(d - o) - rounding, `${state} at ${at}: ${d}, ${o}, ${w}`);
        }
        for (let t = 0; t < T; t++) assert.equal(others[t * T + t], 0);
        assert.ok(others[T * (T - 1)] > 0, 'gates take part');
      }
    }
  });

  test('is none of a state that is not carried over by itself', () => {
    assert.deepEqual(measured(passOf(CELLS.tanh, 2)).reaches, {});
  });
});
