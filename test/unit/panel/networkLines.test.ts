import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { labelOf, titleOf } from '../../../src/network/names.ts';
import type { Network } from '../../../src/network/network.ts';
import { LAYER_COLOR_KEYS, lineStyleOf } from '../../../src/network/lineStyles.ts';
import { quantitiesOfLayer } from '../../../src/network/groups.ts';
import { hiddenLines, shownQuantity } from '../../../src/panel/network/quantities.ts';
import { errorOfTimeStep, inWords, listed, stepRow } from '../../../src/network/quantities.ts';
import { reachMarkup } from '../../../src/network/reach.ts';
import { functionWordsOf, wayWordsOf } from '../../../src/network/wayWords.ts';
import { backThroughACell, contributionFormulas, errorNorms } from '../../../src/panel/views/helpFormulas.ts';
import { signTexts } from '../../../src/panel/views/health/signTexts.ts';
import { saturationTexts } from '../../../src/panel/views/memory/saturationTexts.ts';
import { streamSums } from '../../../src/panel/views/tape/sums.ts';
import type { Tape } from '../../../src/protocol/study.ts';
import { GRU_NETWORK, LSTM_NETWORK, MINGRU_NETWORK, RELU_NETWORK, THREE_LAYERS } from './otherNetworks.ts';
import { NETWORK } from '../../tanh.ts';

const PANEL = join(import.meta.dirname, '..', '..', '..', 'src', 'panel');
const ALL: readonly Network[] = [NETWORK, LSTM_NETWORK, GRU_NETWORK, MINGRU_NETWORK, RELU_NETWORK, THREE_LAYERS];
const colorsOf = (network: Network, ...names: readonly string[]) =>
  names.map((name) => lineStyleOf(network, name).color);
const dashesOf = (network: Network, ...names: readonly string[]) =>
  names.map((name) => lineStyleOf(network, name).dash.join(' '));

suite('the lines of a network', () => {
  test('have the colour of their role', () => {
    assert.deepEqual(colorsOf(NETWORK, ...NETWORK.stepQuantities), [
      'input',
      'recurrent',
      'bias',
      'output',
      'outputBias',
      'error',
      'stateError',
    ]);
    assert.deepEqual(colorsOf(LSTM_NETWORK, 'W_xf', 'W_aq', 'b_g', 'dc', 'df'), [
      'input',
      'recurrent',
      'bias',
      'stateError',
      'error',
    ]);
    assert.deepEqual(colorsOf(THREE_LAYERS, 'W_xh', 'W_xh.2', 'W_ah.3', 'da.2'), [
      'input',
      'input',
      'recurrent',
      'stateError',
    ]);
  });

  test('are full for the tanh cell, and told apart by gate where several have one colour', () => {
    assert.deepEqual(dashesOf(NETWORK, ...NETWORK.stepQuantities), ['', '', '', '', '', '6 3', '2 3']);
    const gates = dashesOf(LSTM_NETWORK, 'W_xi', 'W_xf', 'W_xg', 'W_xq');
    assert.equal(gates[0], '');
    assert.equal(new Set(gates).size, 4);
    assert.deepEqual(dashesOf(LSTM_NETWORK, 'W_ai', 'W_af', 'W_ag', 'W_aq'), gates);
    assert.deepEqual(dashesOf(THREE_LAYERS, 'W_ah', 'W_ah.2', 'W_ah.3'), ['', '', '']);
  });

  test('show their dash in a legend, but for the first of their colour', () => {
    assert.deepEqual(
      ['W_ai', 'W_af', 'da', 'dc'].map((name) => lineStyleOf(LSTM_NETWORK, name).mark),
      ['line', [8, 3], [2, 3, 6, 3], 'dashed'],
    );
  });

  test('are named with the layer raised, and said in words', () => {
    assert.deepEqual(
      ['W_ah.2', 'dh.3', 'W_ao'].map((name) => labelOf(THREE_LAYERS, name)),
      ['W_ah⁽²⁾', '∂h⁽³⁾', 'W_ao'],
    );
    assert.equal(titleOf(THREE_LAYERS, 'dh.2'), '∂h⁽²⁾: error at the pre-activation h⁽²⁾(t), layer 2');
    assert.equal(titleOf(LSTM_NETWORK, 'W_af'), 'W_af: hidden → forget gate weights');
    assert.equal(titleOf(LSTM_NETWORK, 'dh_f'), '∂h_f: error at the pre-activation of the forget gate h_f(t)');
  });

  test('have a variable of the style sheet for each colour, in every theme', () => {
    const sheet = readFileSync(join(PANEL, 'style', 'colors.css'), 'utf8');
    const marks = readFileSync(join(PANEL, 'style', 'legend.css'), 'utf8');
    const ofQuantities = ALL.flatMap((network) => colorsOf(network, ...network.stepQuantities));
    for (const color of new Set<string>([...ofQuantities, ...LAYER_COLOR_KEYS])) {
      assert.equal(sheet.split(`--data-${color}:`).length - 1, 4, color);
      assert.ok(marks.includes(`.mark[data-color='${color}']`), color);
    }
  });
});

suite('what is shown of a network', () => {
  test('are the rows of its own table', () => {
    for (const network of ALL) {
      const table = Float32Array.from({ length: network.stepQuantities.length * 2 }, (_, i) => i);
      network.stepQuantities.forEach((name, q) => {
        assert.deepEqual(stepRow(network, table, name), Float32Array.of(2 * q, 2 * q + 1), name);
      });
      assert.equal(stepRow(network, table, 'W_none').length, 0);
    }
  });

  test('is the first recurrent weight and the error of the cell, unless it has what a person chose', () => {
    assert.deepEqual(
      ALL.map((network) => shownQuantity(network, null)),
      ['W_ah', 'W_ai', 'W_ar', 'W_xz', 'W_ah', 'W_ah'],
    );
    assert.deepEqual(
      ALL.map((network) => shownQuantity(network, 'W_af')),
      ['W_ah', 'W_af', 'W_ar', 'W_xz', 'W_ah', 'W_ah'],
    );
    assert.deepEqual(
      ALL.map((network) => errorOfTimeStep(network)),
      ['dh', 'da', 'da', 'da', 'dh', 'dh'],
    );
    assert.deepEqual(hiddenLines(NETWORK, null), ['dh', 'da']);
    assert.deepEqual(hiddenLines(THREE_LAYERS, null), ['dh', 'da', 'dh.2', 'da.2', 'dh.3', 'da.3']);
    assert.deepEqual(hiddenLines(NETWORK, ['W_xh']), ['W_xh']);
  });

  test('are the quantities of one layer at a time, and the parameters of the output in each', () => {
    assert.deepEqual(quantitiesOfLayer(NETWORK, 1), NETWORK.stepQuantities);
    assert.deepEqual(quantitiesOfLayer(THREE_LAYERS, 2), ['W_xh.2', 'W_ah.2', 'b_h.2', 'W_ao', 'b_o', 'dh.2', 'da.2']);
    assert.deepEqual(
      [null, 'W_xh', 'b_h.2', 'W_ao'].map((chosen) => shownQuantity(THREE_LAYERS, chosen, 2)),
      ['W_ah.2', 'W_xh.2', 'b_h.2', 'W_ao'],
    );
  });

  test('are the sums of its own parameters', () => {
    const T = 2;
    const P = LSTM_NETWORK.parameterNames.length;
    const ones = (count: number): Float64Array => new Float64Array(count).fill(1);
    const tape = {
      iteration: 3,
      inputs: new Int32Array(T),
      stepNorm: Float64Array.from({ length: LSTM_NETWORK.stepQuantities.length * T }, (_, i) => Math.floor(i / T)),
      stepCosine: ones(P * T),
      totalNorm: ones(P),
    } as unknown as Tape;
    const { ofParameters } = streamSums(LSTM_NETWORK, tape);
    assert.deepEqual(
      ofParameters.map(({ parameter, sumOfNorms }) => [parameter, sumOfNorms]),
      LSTM_NETWORK.parameterNames.map((name, p) => [name, p * T]),
    );
  });

  test('has formulas of its own in the helps', () => {
    assert.deepEqual(backThroughACell(NETWORK), ['∂h(t) = (1 − a(t)²) ⊙ (W_aoᵀ ∂o(t) + W_ahᵀ ∂h(t+1))']);
    assert.deepEqual(backThroughACell(RELU_NETWORK), ['∂h(t) = [a(t) > 0] ⊙ (W_aoᵀ ∂o(t) + W_ahᵀ ∂h(t+1))']);
    assert.equal(backThroughACell(LSTM_NETWORK)[1], '∂c(t) = (1 − s(t)²) ⊙ ∂s(t) + f(t+1) ⊙ ∂c(t+1)');
    assert.deepEqual(contributionFormulas(NETWORK, 'recurrent'), ['∂W_ah(t) = ∂h(t) a(t−1)ᵀ']);
    assert.deepEqual(contributionFormulas(MINGRU_NETWORK, 'recurrent'), []);
    assert.equal(errorNorms(NETWORK), '‖∂h(t)‖ and ‖∂a(t)‖');
  });

  test('is said of the spectrum as far as it is true', () => {
    assert.equal(wayWordsOf(NETWORK)?.oneStep, '∂h(s) = (1 − a(s)²) ⊙ W_ahᵀ ∂h(s+1)');
    assert.equal(reachMarkup('h', 't', 't−lag'), '‖∂L(t)/∂h(t−lag)‖');
    assert.match(signTexts(NETWORK).radius.meaning, /by W_ahᵀ and by the tanh factor: with σ_max below 1 it must fade/);
    assert.match(signTexts(NETWORK).radius.meaning, /Above 17 only saturated units, with \|a\| > 0\.97, can make up/);
    assert.match(
      signTexts(RELU_NETWORK).radius.meaning,
      /Above 1 is normal, as long as enough units are off, with a = 0: the word tells what was measured/,
    );
    assert.deepEqual(
      [NETWORK, THREE_LAYERS].map((network) => signTexts(network).radius.name),
      ['spectral radius ρ(W_ah)', 'spectral radius ρ(W_ah), layer 1'],
    );
    assert.doesNotMatch(signTexts(LSTM_NETWORK).radius.meaning, /must fade/);
    for (const network of [LSTM_NETWORK, GRU_NETWORK, MINGRU_NETWORK]) {
      const { name, meaning } = signTexts(network).radius;
      assert.equal(name, 'Lyapunov exponent');
      assert.doesNotMatch(meaning, /tanh|W_a|ρ/);
    }
  });

  test('is called saturated or off, by the function that gives the states', () => {
    const { name, meaning } = signTexts(NETWORK).saturation;
    assert.equal(name, 'saturation');
    assert.match(
      meaning,
      /^Share of activations with \|a\| > 0\.97, where the tanh passes less than 6 % of the error\. /,
    );
    assert.match(
      signTexts(LSTM_NETWORK).saturation.meaning,
      /^Share of activations with \|g\| > 0\.97, where the tanh .*Gates are not counted\./,
    );
    assert.match(signTexts(MINGRU_NETWORK).saturation.meaning, /^Share of activations with z \(1 − z\) < 0\.059, /);
    assert.doesNotMatch(signTexts(NETWORK).saturation.meaning, /[Gg]ate/);
    const off = signTexts(RELU_NETWORK).saturation;
    assert.equal(off.name, 'units off');
    assert.match(
      off.meaning,
      /^Share of activations with a = 0, where the ReLU passes none of the error\. .*Glorot, Bordes/,
    );
    const texts = [NETWORK, RELU_NETWORK].map((network) => {
      const words = wayWordsOf(network) ?? assert.fail('errors go back by one way');
      return saturationTexts(network, network.states[0], words);
    });
    assert.match(
      texts[0].help,
      /^Every cell is the factor 1 − a\(t\)² by which step 7, ∂h\(t\) = .* below 0\.059 \(\|a\| > 0\.97\) it counts as saturated\./,
    );
    assert.match(
      texts[1].help,
      /^Every cell is the factor \[a\(t\) > 0\] by which step 7, .* the unit is off \(a = 0\)/,
    );
    assert.doesNotMatch(JSON.stringify(texts[1]) + JSON.stringify(signTexts(RELU_NETWORK)), /saturated|tanh|0\.97/);
  });

  test('beside gates is said to stop no error that the gates keep, and no unit to learn nothing', () => {
    const { saturation, dead, horizon } = signTexts(LSTM_NETWORK);
    assert.match(saturation.meaning, /hardly learn, while errors pass by what the gates keep/);
    assert.doesNotMatch(saturation.meaning, /errors stop there/);
    assert.match(dead.meaning, /those of their gates do\. .* the first 100 iterations are not judged/);
    assert.doesNotMatch(dead.meaning, /learn nothing/);
    assert.match(horizon.meaning, /“s mostly ±1”: most units of c have grown so large/);
    assert.match(signTexts(MINGRU_NETWORK).dead.meaning, /^This network has no functions but gates/);
    assert.equal(signTexts(MINGRU_NETWORK).horizon, signTexts(NETWORK).horizon);
    const helpOf = (quantity: string) =>
      saturationTexts(LSTM_NETWORK, quantity, functionWordsOf(LSTM_NETWORK, quantity)).help;
    assert.match(helpOf('s'), /stands at ±1: their memory c is so large that .* by f alone\. It is kept/);
    assert.match(helpOf('g'), /whose weights here hardly learn, while those of its gates do/);
    assert.match(
      saturationTexts(NETWORK, 'a', functionWordsOf(NETWORK, 'a')).help,
      /a unit that hardly learns; a column/,
    );
  });

  test('is counted and listed as in a sentence', () => {
    assert.deepEqual([inWords(11), inWords(30)], ['eleven', '30']);
    assert.deepEqual([listed(['W_ah']), listed(['W_ar', 'W_az', 'W_an'])], ['W_ah', 'W_ar, W_az and W_an']);
  });
});

test('the panel names no parameter outside of comments: it takes them from the network', () => {
  const files = readdirSync(PANEL, { recursive: true, encoding: 'utf8' }).filter((file) => /\.(?:ts|css)$/.test(file));
  const names = NETWORK.parameterNames.join('|');
  const naming = files.filter((file) => {
    const code = readFileSync(join(PANEL, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
    return new RegExp(`(?<![A-Za-z])(?:${names})(?![A-Za-z])`).test(code);
  });
  assert.ok(files.length > 150);
  assert.deepEqual(naming, []);
});
