import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ReferencePass } from '../../../src/model/tensors.ts';
import { networkOf, readersOf, type Network } from '../../../src/network/network.ts';
import { splitOfState } from '../../../src/panel/views/tape/stateSplit.ts';
import type { StepDetail } from '../../../src/protocol/study.ts';
import { stepNumbers } from '../../../src/study/windowStudyStep.ts';
import { randomNetwork } from '../model/networks.ts';
import { assertClose } from '../model/vectors.ts';

const T = 5;
const SHAPE = { V: 6, H: 4, T, B: 1 };
const ROUNDED = 1e-12;

type Pass = ReferencePass & { readonly N: number };

function passOf(network: Network): Pass {
  const kernels = randomNetwork('reference', SHAPE, 'sum', 3, network);
  kernels.forward();
  kernels.backward();
  return Object.assign(kernels as unknown as ReferencePass, { N: 1 });
}

function detailOf(pass: Pass, t: number): StepDetail {
  return { iteration: 1, stream: 0, t, ...stepNumbers(pass, t) };
}

function total(vectors: readonly ArrayLike<number>[]): number[] {
  return Array.from({ length: SHAPE.H }, (_, i) => vectors.reduce((sum, vector) => sum + vector[i], 0));
}

/** Wᵀ u of a weight (n, H). */
function transposedProduct(pass: Pass, weight: string, u: ArrayLike<number>): number[] {
  const W = pass.parameters[weight];
  return Array.from({ length: SHAPE.H }, (_, j) =>
    Array.from(u).reduce((sum, value, k) => sum + W[k * SHAPE.H + j] * value, 0),
  );
}

const NETWORKS = [
  networkOf({ cell: 'tanh', layers: 1 }),
  networkOf({ cell: 'lstm', layers: 1 }),
  networkOf({ cell: 'lstm', layers: 2 }),
  networkOf({ cell: 'gru', layers: 3 }),
  networkOf({ cell: 'mingru', layers: 2 }),
];

for (const network of NETWORKS) {
  suite(`the terms of an error of a state: ${network.cell}, ${network.layers} layers`, () => {
    const pass = passOf(network);

    test('are one for each that reads it, and add up to it', () => {
      for (let t = 0; t < T; t++) {
        const detail = detailOf(pass, t);
        for (const state of network.states) {
          const { own, future, message } = detail.terms[state];
          const { now, next } = readersOf(network, state);
          const what = `${state} at t = ${t}`;
          assert.deepEqual(
            Object.keys(own),
            now.map(({ gives }) => gives),
            what,
          );
          assert.deepEqual(Object.keys(future), t === T - 1 ? [] : next.map(({ gives }) => gives), what);
          assertClose(total(Object.values(own)), detail.own[state], ROUNDED, `own ${what}`, 1e-15);
          assertClose(total(Object.values(future)), detail.future[state], ROUNDED, `future ${what}`, 1e-15);
          assertClose(total(Object.values(message)), detail.messages[state], ROUNDED, `message ${what}`, 1e-15);
          const all = [...Object.values(own), ...Object.values(future)];
          assertClose(total(all), detail.errors[state], ROUNDED, what, 1e-15);
        }
      }
    });

    test('are shown with the parts that they belong to, which add up to it on one scale', () => {
      for (const t of [1, T - 1]) {
        const detail = detailOf(pass, t);
        for (const state of network.states) {
          const { vectors, facts } = splitOfState(network, state, detail);
          const parts = vectors.filter(({ key }) => /-own$|-by-|-future$/.test(key));
          const whole = vectors.at(-1);
          assert.equal(whole?.key, `d${state}`);
          assertClose(total(parts.map(({ values }) => values)), whole.values, ROUNDED, `${state} at t = ${t}`, 1e-15);
          assert.equal(new Set([...parts, whole].map(({ largest }) => largest)).size, 1);
          const [, difference] = /difference in any unit is (.*)\.$/.exec(facts.at(-1) ?? '') ?? [];
          if (t < T - 1) assert.ok(Number(difference.replace('−', '-')) < 1e-14, facts.at(-1));
        }
      }
    });
  });
}

suite('the terms by hand', () => {
  const network = networkOf({ cell: 'lstm', layers: 2 });
  const pass = passOf(network);
  const [detail, next] = [detailOf(pass, 2), detailOf(pass, 3)];

  test('of the memory are the slope of its squashing, and what the forget gate of the next step keeps', () => {
    const { own, future } = detail.terms.c;
    const s = detail.now.s;
    assertClose(
      own.s,
      s.map((value, i) => (1 - value ** 2) * detail.errors.s[i]),
      ROUNDED,
      'through s',
      1e-15,
    );
    const kept = next.now.f.map((gate, i) => gate * next.errors.c[i]);
    assertClose(future.c, kept, ROUNDED, 'from the future', 1e-15);
    const shown = splitOfState(network, 'c', detail).vectors;
    assert.deepEqual(
      shown.map(({ key, label }) => [key, label]),
      [
        ['slope', undefined],
        ['ds', undefined],
        ['dc-own', 'through s(t)'],
        ['dc-future', 'from the future'],
        ['dc', 'their sum'],
      ],
    );
  });

  test('of a lower layer come from the layer above, gate by gate, and from the future', () => {
    const { own, future } = detail.terms.a;
    for (const gate of ['i', 'f', 'g', 'q']) {
      const [above, later] = [`h_${gate}.2`, `h_${gate}`];
      assertClose(own[above], transposedProduct(pass, `W_x${gate}.2`, detail.errors[above]), ROUNDED, above, 1e-15);
      assertClose(future[later], transposedProduct(pass, `W_a${gate}`, next.errors[later]), ROUNDED, later, 1e-15);
    }
    const { vectors, terms = [], facts } = splitOfState(network, 'a', detail);
    assert.deepEqual(
      vectors.map(({ key, label }) => [key, label]),
      [
        ['da-own', 'from layer 2'],
        ['da-future', 'from the future'],
        ['da', 'their sum'],
      ],
    );
    assert.deepEqual(
      terms.map(({ caption }) => caption),
      ['Norms of the terms from layer 2', 'Norms of the terms from the future'],
    );
    for (const [index, vectorsOf] of [own, future].entries()) {
      for (const { key, norm } of terms[index].terms)
        assertClose([norm], [Math.hypot(...vectorsOf[key])], ROUNDED, key);
      assert.equal(terms[index].terms.length, 4);
    }
    assert.match(
      facts[0],
      /^[\d.]+\u202f% comes from the future, [\d.]+\u202f% from layer 2 \(shares of the two norms\)\.$/,
    );
    const last = splitOfState(network, 'a', detailOf(pass, T - 1)).facts;
    assert.deepEqual(last, [
      'This is the last step of the window: all of its error is of this time step, from layer 2.',
    ]);
  });

  test('of the highest layer are those of the output', () => {
    const { vectors, facts } = splitOfState(network, 'a.2', detail);
    assert.equal(vectors[0].label, 'from the output');
    assertClose(vectors[0].values, transposedProduct(pass, 'W_ao', detail.errors.o), ROUNDED, 'own', 1e-15);
    assert.match(facts[0], /from this step’s own error/);
  });
});
