import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { networkOf, readersOf, type Network } from '../../../src/network/network.ts';
import { stepOfContribution, stepOfError, stepOfMessage } from '../../../src/panel/network/stepPlaces.ts';
import { wayBackOf } from '../../../src/network/wayBack.ts';
import { backwardSteps } from '../../../src/panel/views/tape/backwardSteps.ts';
import { matricesOf } from '../../../src/panel/views/tape/matrices.ts';
import { sideA } from '../../../src/panel/views/tape/sideA.ts';
import { stepContent } from '../../../src/panel/views/tape/stepContent.ts';
import { formatValue } from '../../../src/panel/views/tape/values.ts';
import { wayOfTheError } from '../../../src/panel/views/tape/wayOfTheError.ts';
import { assertClose } from '../model/vectors.ts';
import {
  GRU_NETWORK,
  LSTM_NETWORK,
  MINGRU_NETWORK,
  numbersOf,
  RELU_NETWORK,
  THREE_LAYERS,
  WITH_VECTORS,
} from './otherNetworks.ts';

const symbolOf = (id: number): string => 'abcdefghijk'[id];
const t = 3;

/** Errors inside of cells: neither of the output nor of a state, in which several come together. */
function innerErrors(network: Network): string[] {
  return network.quantities
    .map(({ name }) => name)
    .filter((name) => name !== 'o' && name !== 'yhat' && !network.states.includes(name));
}

const product = (vectors: readonly Float64Array[]): number[] =>
  Array.from(vectors[0], (_, i) => vectors.reduce((value, vector) => value * vector[i], 1));

suite('the vectors of a step of another cell', () => {
  for (const [network, vector] of WITH_VECTORS) {
    const numbers = numbersOf(network, vector, t);

    test(`are factors whose product is the error that PyTorch has: ${vector.cell}, ${vector.layers} layers`, () => {
      let checked = 0;
      for (const of of innerErrors(network)) {
        const { vectors } = stepContent(network, network.steps[stepOfError(network, of) - 1], numbers, symbolOf);
        const { now } = readersOf(network, of);
        const isOneTerm = now.length === 1 && (!('sum' in now[0]) || vectors.length <= 3);
        if (!isOneTerm) continue;
        assertClose(
          product(vectors.slice(0, -1).map(({ values }) => values)),
          vectors.at(-1)?.values ?? [],
          1e-10,
          of,
          1e-14,
        );
        checked++;
      }
      assert.ok(checked >= vector.layers);
    });

    test(`of an outer product are what PyTorch has: ${vector.cell}, ${vector.layers} layers`, () => {
      for (const step of network.steps) {
        if (step.kind !== 'contribution' || step.v === undefined || step.v === 'x') continue;
        const { vectors, facts } = stepContent(network, step, numbers, symbolOf);
        const [u, v] = vectors.map(({ values }) => Math.hypot(...values));
        assert.ok(facts[0].endsWith(`= ${formatValue(u)} · ${formatValue(v)} = ${formatValue(u * v)}.`), facts[0]);
        assert.equal(vectors[0].values, numbers.errors[step.u]);
      }
    });
  }

  test('of what is read as itself and as what is left of it have both factors', () => {
    const [network, vector] = WITH_VECTORS.find(([, { cell }]) => cell === 'gru') ?? assert.fail('there is no GRU');
    const numbers = numbersOf(network, vector, t);
    const { vectors } = stepContent(network, network.steps[stepOfError(network, 'z') - 1], numbers, symbolOf);
    const [ofState, n, before, result] = vectors.map(({ values }) => values);
    assert.deepEqual(
      vectors.map(({ key }) => key),
      ['da', 'n', 'aPrevious', 'dz'],
    );
    assertClose(
      Array.from(ofState, (error, i) => (before[i] - n[i]) * error),
      result,
      1e-10,
      '∂z(t)',
      1e-14,
    );
  });

  test('after a slope share the scale of the error before it, unless nothing could be seen on it', () => {
    const [network, vector] = WITH_VECTORS.find(([, { cell }]) => cell === 'lstm') ?? assert.fail('there is no LSTM');
    const numbers = numbersOf(network, vector, t);
    const step = network.steps[stepOfError(network, 'h_f') - 1];
    const endWith = (factor: number): number | undefined => {
      const h_f = numbers.errors.f.map((error) => error * factor);
      const { vectors } = stepContent(network, step, { ...numbers, errors: { ...numbers.errors, h_f } }, symbolOf);
      return vectors.at(-1)?.largest;
    };
    const given = Math.max(...numbers.errors.f.map(Math.abs));
    assert.equal(endWith(0.2), given);
    assertClose([endWith(0.05) ?? 0], [given * 0.05], 1e-12, 'its own');
    assert.equal(endWith(0), given);
  });

  test('never begin below zero where a gate or a slope is shown', () => {
    const [network, vector] = WITH_VECTORS.find(([, { cell }]) => cell === 'lstm') ?? assert.fail('there is no LSTM');
    const { vectors } = stepContent(
      network,
      network.steps[stepOfError(network, 'g') - 1],
      numbersOf(network, vector, t),
      symbolOf,
    );
    assert.deepEqual(
      vectors.map(({ key, isUnsigned = false, largest }) => [key, isUnsigned, largest]),
      [
        ['dc', false, undefined],
        ['i', true, 1],
        ['dg', false, undefined],
      ],
    );
  });
});

suite('what side B says of other cells', () => {
  const meaningOf = (network: Network, step: number): string => backwardSteps(network)[step - 1].meaning;

  test('calls a factor a share of the error only where it can be no more than all of it', () => {
    const [network, vector] = WITH_VECTORS.find(([, { cell }]) => cell === 'lstm') ?? assert.fail('there is no LSTM');
    const numbers = numbersOf(network, vector, t);
    const said = (of: string): string => {
      const step = stepOfError(network, of);
      return [meaningOf(network, step), ...stepContent(network, network.steps[step - 1], numbers, symbolOf).facts].join(
        ' ',
      );
    };
    for (const factor of ['i', 'g', 'q', 's'])
      assert.match(said(factor), /as much of .* comes through\. .* comes through\.$/);
    const [given, result] = [numbers.errors.c, numbers.errors.f].map((values) => Math.hypot(...values));
    assert.equal(
      said('f'),
      'In c(t), f(t) is multiplied by c(t−1), so its error is ∂c(t) times c(t−1): where |c(t−1)| is above 1, it is larger than ∂c(t). ' +
        `The product has ${formatValue(result / given)} times the norm of ∂c(t).`,
    );
    assert.match(meaningOf(GRU_NETWORK, stepOfError(GRU_NETWORK, 'n')), /as much of ∂a\(t\) comes through/);
  });

  test('names the quantity whose activation is flat, and the gate that lets an error through', () => {
    assert.match(meaningOf(LSTM_NETWORK, stepOfError(LSTM_NETWORK, 'h_g')), /where \|g\| is near 1/);
    assert.match(meaningOf(LSTM_NETWORK, stepOfError(LSTM_NETWORK, 'h_f')), /at most ¼/);
    assert.match(meaningOf(LSTM_NETWORK, stepOfError(LSTM_NETWORK, 'g')), /^In c\(t\), g\(t\) is multiplied by i\(t\)/);
    assert.match(meaningOf(GRU_NETWORK, stepOfError(GRU_NETWORK, 'u')), /^u\(t\) is added to the rest of h_n\(t\)/);
    assert.match(
      meaningOf(GRU_NETWORK, stepOfError(GRU_NETWORK, 'z')),
      /several terms of a\(t\).*minus where 1 − z\(t\)/,
    );
    assert.match(meaningOf(THREE_LAYERS, stepOfError(THREE_LAYERS, 'h.2')), /where \|a⁽²⁾\| is near 1/);
  });

  test('says what meets in a state: from the output or the layer above, or through what of its own layer', () => {
    const network = networkOf({ cell: 'lstm', layers: 2 });
    const said = (state: string): string => meaningOf(network, stepOfError(network, state));
    assert.match(said('a.2'), /^Two errors meet: this step’s own, and what all later steps send back/);
    assert.match(said('a'), /^Errors meet: what comes from layer 2 in this time step, and what all later steps/);
    assert.match(said('c.2'), /^Errors meet: what comes through s⁽²⁾\(t\) in this time step, and what all later steps/);
  });

  test('shows the slope of a sigmoid up to the quarter that it can be', () => {
    const [[network, vector]] = WITH_VECTORS.filter(([, { cell }]) => cell === 'gru');
    const { vectors } = stepContent(
      network,
      network.steps[stepOfError(network, 'h_z') - 1],
      numbersOf(network, vector, t),
      symbolOf,
    );
    const [slope] = vectors;
    const { z } = numbersOf(network, vector, t).now;
    assert.deepEqual([slope.key, slope.largest, slope.isUnsigned], ['slope', 0.25, true]);
    assertClose(
      slope.values,
      Array.from(z, (gate) => gate * (1 - gate)),
      1e-15,
      'the slope',
    );
  });

  test('says what a message is added to: an error of the step’s own only where the output sends it', () => {
    const [network, vector] =
      WITH_VECTORS.find(([, { cell, layers }]) => cell === 'lstm' && layers === 2) ?? assert.fail();
    const [zeros, numbers] = [new Float64Array(vector.H), numbersOf(network, vector, t)];
    const added = network.states.map((state) => {
      const none = { messages: { [state]: zeros }, terms: { [state]: { own: {}, future: {}, message: {} } } };
      const step = network.steps[stepOfMessage(network, state) - 1];
      const { facts } = stepContent(network, step, { ...numbers, ...none }, symbolOf);
      return facts.at(-1)?.replace(/^Step \d+ at t = \d+ adds it to /, '');
    });
    assert.deepEqual(Object.fromEntries(network.states.map((state, s) => [state, added[s]])), {
      a: 'what comes from layer 2 there.',
      c: 'what comes through s(t) there.',
      'a.2': 'that step’s own error.',
      'c.2': 'what comes through s⁽²⁾(t) there.',
    });
  });

  test('has a message for each state, and says which step adds it', () => {
    const last = LSTM_NETWORK.steps.length;
    assert.deepEqual([stepOfMessage(LSTM_NETWORK, 'a'), stepOfMessage(LSTM_NETWORK, 'c')], [last - 1, last]);
    assert.match(meaningOf(LSTM_NETWORK, last), new RegExp(`where step ${stepOfError(LSTM_NETWORK, 'c')} adds it`));
    const ofState = backwardSteps(LSTM_NETWORK)[stepOfError(LSTM_NETWORK, 'a') - 1];
    const fromNext = ofState.inputs.filter(({ source }) => source.from === 'step' && source.ofNextTimeStep === true);
    assert.deepEqual(
      fromNext.map(({ markup }) => markup),
      ['W_aiᵀ ∂h_i(t+1) + W_afᵀ ∂h_f(t+1) + W_agᵀ ∂h_g(t+1) + W_aqᵀ ∂h_q(t+1)'],
    );
  });

  test('writes layers raised, and reads the layer below', () => {
    const formulas = backwardSteps(THREE_LAYERS).map(({ formula }) => formula.markup);
    assert.ok(formulas.includes('∂a⁽²⁾(t) = W_xh⁽³⁾ᵀ ∂h⁽³⁾(t) + W_ah⁽²⁾ᵀ ∂h⁽²⁾(t+1)'));
    assert.ok(formulas.includes('∂h⁽²⁾(t) = (1 − a⁽²⁾(t)²) ⊙ ∂a⁽²⁾(t)'));
    assert.ok(formulas.includes('∂W_xh⁽²⁾(t) = ∂h⁽²⁾(t) a(t)ᵀ'));
    assert.equal(formulas[stepOfContribution(THREE_LAYERS, 'b_h') - 1], '∂b_h(t) = ∂h(t)');
  });

  test('has each matrix that it offers', () => {
    for (const network of [LSTM_NETWORK, GRU_NETWORK, MINGRU_NETWORK, RELU_NETWORK, THREE_LAYERS]) {
      const matrices = matricesOf(network);
      for (const { matrices: offered } of backwardSteps(network))
        for (const name of offered) assert.ok(matrices.has(name), name);
    }
    assert.equal(matricesOf(RELU_NETWORK).get('cellJacobian')?.markup, 'W_ahᵀ diag([a(t) > 0])');
    assert.equal(matricesOf(THREE_LAYERS).get('cellJacobian.3')?.markup, 'W_ah⁽³⁾ᵀ diag(1 − a⁽³⁾(t)²)');
    assert.equal(matricesOf(LSTM_NETWORK).has('cellJacobian'), false);
    assert.deepEqual(
      [matricesOf(THREE_LAYERS).get('W_xh'), matricesOf(THREE_LAYERS).get('W_xh.2')].map((m) => m?.columns),
      ['symbol', 'unit'],
    );
  });

  test('follows the error through the cell where that is a single way', () => {
    assert.deepEqual(wayBackOf(THREE_LAYERS, 2), {
      state: 'a.2',
      activation: 'tanh',
      preActivation: 'h.2',
      weight: 'W_ah.2',
    });
    for (const network of [LSTM_NETWORK, GRU_NETWORK, MINGRU_NETWORK]) assert.equal(wayBackOf(network), undefined);
    assert.match(
      wayOfTheError(RELU_NETWORK),
      /^The error itself passes through steps 6, 7 and 11: .* 6 to 7 is the ReLU, whose slope is 0 where units are off/,
    );
  });

  test('tells by which gates and weights error goes where that is no single way, and how it comes from layer to layer', () => {
    assert.equal(
      wayOfTheError(networkOf({ cell: 'gru', layers: 1 })),
      'The error itself passes through steps 6 and 25: compare their norms. To a(t−1) it goes by z(t) ⊙ ∂a(t), which no weight ' +
        'changes, and through W_ar, W_az and W_an (step 25); that step has the norm of each term.',
    );
    const ofLstm = wayOfTheError(networkOf({ cell: 'lstm', layers: 2 }));
    assert.match(ofLstm, /^The error itself passes through steps 6, 8, 29, 31, 52, 53, 54 and 55: /);
    assert.match(ofLstm, /To c\(t−1\) it goes by f\(t\) ⊙ ∂c\(t\), which no weight changes \(step 53\)\./);
    assert.match(
      ofLstm,
      /∂a\(t\) \(step 29\) has what comes from layer 2 through W_xi⁽²⁾, W_xf⁽²⁾, W_xg⁽²⁾ and W_xq⁽²⁾\.$/,
    );
    assert.match(
      wayOfTheError(THREE_LAYERS),
      /steps 6, 7, 11, 12, 16, 17, 21, 22 and 23: .* A fall from 16 to 17 is the tanh, .* from 17 to 21 is W_ahᵀ\./,
    );
  });
});

suite('a step into which no error came', () => {
  const [[, vector]] = WITH_VECTORS;
  const zeros = new Float64Array(vector.H);

  /** What is said of each error and message inside the cell at a step with the errors given. */
  function factsWith(errors: Readonly<Record<string, Float64Array<ArrayBuffer>>>): string[] {
    const numbers = numbersOf(RELU_NETWORK, vector, t);
    const dead = { ...numbers, errors: { ...numbers.errors, ...errors } };
    const none = { own: { a: zeros }, future: { a: zeros }, messages: { a: zeros } };
    const steps = [stepOfError(RELU_NETWORK, 'a'), stepOfError(RELU_NETWORK, 'h'), stepOfMessage(RELU_NETWORK, 'a')];
    return steps.flatMap(
      (step) => stepContent(RELU_NETWORK, RELU_NETWORK.steps[step - 1], { ...dead, ...none }, symbolOf).facts,
    );
  }

  test('says so, instead of a share or a factor that is no number', () => {
    const facts = factsWith({ a: zeros, h: zeros });
    assert.doesNotMatch(facts.join(), /not a number|NaN/);
    for (const said of [
      /from either side/,
      /nothing came in that could pass/,
      /No error came in for W_ahᵀ to change/,
    ]) {
      assert.match(facts.join(), said);
    }
  });

  test('is told from one whose units are all off, which lets nothing of an error pass', () => {
    const facts = factsWith({ h: zeros }).join();
    assert.match(facts, /0\.0\u202f% of the norm of ∂a\(t\) comes through/);
    assert.match(facts, /No error came in for W_ahᵀ to change/);
    assert.match(facts, /the error became smaller: factor 0\./);
  });
});

suite('side A of other cells', () => {
  test('begins with every state that came in, and has each equation', () => {
    assert.deepEqual(
      sideA(LSTM_NETWORK)
        .map(({ formula }) => formula.markup)
        .slice(0, 5),
      ['x(t)', 'a(t−1)', 'c(t−1)', 'h_i(t) = W_xi x(t) + W_ai a(t−1) + b_i', 'i(t) = σ h_i(t)'],
    );
    const ofGru = sideA(GRU_NETWORK).map(({ formula }) => formula.markup);
    assert.ok(ofGru.includes('a(t) = (1 − z(t)) ⊙ n(t) + z(t) ⊙ a(t−1)'));
    const ofLayers = sideA(THREE_LAYERS).map(({ formula }) => formula.markup);
    assert.ok(ofLayers.includes('h⁽²⁾(t) = W_xh⁽²⁾ a(t) + W_ah⁽²⁾ a⁽²⁾(t−1) + b_h⁽²⁾'));
    assert.ok(ofLayers.includes('o(t) = W_ao a⁽³⁾(t) + b_o'));
  });
});
