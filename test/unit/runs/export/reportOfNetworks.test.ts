import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { networkOf, type Network } from '../../../../src/network/network.ts';
import { RunHistory } from '../../../../src/history/history.ts';
import { metricNamesOf } from '../../../../src/protocol/run.ts';
import { parseSettings } from '../../../../src/protocol/settings.ts';
import type { Tape } from '../../../../src/protocol/study.ts';
import { findings } from '../../../../src/runs/export/report/findings.ts';
import { functionsTable } from '../../../../src/runs/export/report/functions.ts';
import { termsOf } from '../../../../src/runs/export/report/glossary.ts';
import { heatmapsFigure } from '../../../../src/runs/export/report/heatmaps.ts';
import { reportFile } from '../../../../src/runs/export/report/index.ts';
import { profileFigure } from '../../../../src/runs/export/report/normFigures.ts';
import { styleOf } from '../../../../src/runs/export/report/style.ts';
import { tapeFigure } from '../../../../src/runs/export/report/tape.ts';
import { LSTM_NETWORK, MINGRU_NETWORK, THREE_LAYERS } from '../../panel/otherNetworks.ts';
import { exported, FACTS, inspection, rows, T, textOf } from './fixtures.ts';
import { TANH, RELU, OTHERS, inspectionOf, runOf } from './networkRuns.ts';

suite('the report of a run of another network', () => {
  test('has a picture and a curve of everything that it has, in colours that the page knows', () => {
    for (const network of OTHERS) {
      const run = runOf(network);
      const page = [heatmapsFigure(run), profileFigure(run)].map(({ source }) => source).join('');
      assert.equal(page.match(/<img /g)?.length, network.stepQuantities.length);
      const used = new Set(Array.from(page.matchAll(/var\(--(?<name>q-[^)]*)\)/g), ({ groups }) => groups?.name ?? ''));
      assert.equal(used.size, network.stepQuantities.length);
      const known = styleOf(network);
      for (const name of used) assert.match(known, new RegExp(`--${name}: #`));
      // A dot would end a name.
      assert.doesNotMatch(known, /--q-[\w-]*\./);
    }
  });

  test('dashes the curves of one job, so that gates can be told apart', () => {
    const { source } = profileFigure(runOf(LSTM_NETWORK));
    const styleOfCurve = (name: string): string | undefined =>
      new RegExp(`stroke:var\\(--q-${name}\\)(?<dash>[^"]*)"`).exec(source)?.groups?.dash;
    const dashes = ['W_ai', 'W_af', 'W_ag', 'W_aq'].map(styleOfCurve);
    assert.equal(dashes[0], '');
    assert.equal(new Set(dashes).size, 4);
    assert.doesNotMatch(profileFigure(runOf(TANH)).source, /dasharray/);
  });

  test('shows a window by the error and the weight that the cell has', () => {
    const headsOf = (network: Network): string => {
      const numbers = (length: number) => Float64Array.from({ length }, (_, i) => i + 1);
      const tape: Tape = {
        iteration: 1,
        stream: 0,
        streams: 1,
        position: 0,
        inputs: Int32Array.of(0, 1),
        targets: Int32Array.of(1, 0),
        predicted: Int32Array.of(1, 0),
        lossNats: Float64Array.of(1, 2),
        targetProbability: Float64Array.of(0.5, 0.25),
        stepNorm: numbers(network.stepQuantities.length * 2),
        stepCosine: numbers(network.parameterNames.length * 2),
        totalNorm: numbers(network.parameterNames.length),
        ownNorm: numbers(network.states.length * 2),
        futureNorm: numbers(network.states.length * 2),
        stateNorm: numbers(network.states.length * 2),
        partNorm: numbers(0),
        partOfNorm: numbers(0),
        gateMean: numbers(0),
      };
      const { source } = tapeFigure(network, tape, FACTS.vocabulary);
      const cells = source.match(/<tr>(?:(?!<\/tr>).)*<\/tr>/gs)?.at(-1) ?? '';
      return `${source.slice(source.indexOf('<thead>'), source.indexOf('</thead>'))} ${cells}`;
    };
    assert.match(headsOf(LSTM_NETWORK), /‖∂a\(t\)‖.*‖∂W_ai\(t\)‖/s);
    assert.match(headsOf(THREE_LAYERS), /‖∂h\(t\)‖.*‖∂W_ah\(t\)‖/s);
    // A minGRU multiplies no state by weights.
    assert.doesNotMatch(headsOf(MINGRU_NETWORK), /‖∂W_/);
  });
});

suite('the terms of a report', () => {
  const meaningOf = (network: Network, wanted: string): string | undefined =>
    termsOf(network).find(([term]) => term === wanted)?.[1];

  test('name what the network has', () => {
    assert.equal(
      meaningOf(TANH, 'W_xh, W_ah, b_h'),
      'Weights from input to hidden and from hidden to hidden, and the hidden bias.',
    );
    assert.equal(meaningOf(THREE_LAYERS, 'W_xh⁽²⁾, W_ah⁽²⁾, b_h⁽²⁾') !== undefined, true);
    for (const network of [RELU, ...OTHERS]) {
      const terms = termsOf(network).map(([term]) => term);
      assert.equal(new Set(terms).size, terms.length);
      assert.ok(terms.some((term) => term.includes('W_ao, b_o')));
    }
  });

  test('say of a ReLU that units are off, where one of tanh is saturated', () => {
    assert.equal(
      meaningOf(TANH, 'saturation'),
      'Share of activations with |a| > 0.97, where the tanh lets less than 6 % of the error pass.',
    );
    assert.equal(
      meaningOf(RELU, 'off'),
      'Share of activations with a = 0, where the ReLU lets none of the error pass.',
    );
    assert.equal(
      meaningOf(RELU, '∂h(t), ∂a(t)'),
      'The error at the hidden state of step t, before and after the ReLU.',
    );
    assert.doesNotMatch(JSON.stringify(termsOf(RELU)), /tanh|saturat/);
    assert.equal(
      meaningOf(LSTM_NETWORK, 'saturation'),
      'Share of activations with |g| > 0.97, where the tanh lets less than 6 % of the error pass.',
    );
  });
});

test('the findings of a network without recurrent weights still say which parameter has most of the gradient', () => {
  const run = exported([rows(0, 3), { type: 'inspection', value: inspectionOf(MINGRU_NETWORK) }]);
  const norms: Readonly<Record<string, number>> = { gradNorm: 6, gradNorm_W_xn: 3 };
  Object.assign(run.history, { newest: (column: string) => norms[column] ?? 1 });
  const sentences = findings({ ...run, network: MINGRU_NETWORK });
  assert.match(sentences.at(-1) ?? '', /^At the last iteration W_xn makes 25\s% of the squared gradient norm\.$/);
  assert.ok(!sentences.some((sentence) => sentence.includes('the gradient of W_')));
});

test('the report calls units of a function of a memory held at its ends, and only others dead', () => {
  const functions = { g: { saturated: 0.5, dead: 0.25 }, s: { saturated: 0.875, dead: 0.75 } };
  const vitals = { iteration: 1, updateToWeight: 1e-3, saturation: 0.5, functions };
  const run = exported([rows(0, 3), { type: 'vitals', value: vitals }]);
  const { source } = functionsTable({ ...run, network: networkOf({ cell: 'lstm', layers: 1 }) });
  assert.match(
    source,
    /<p>s: 75\s% of the units stand at ±1 throughout: their memory c is so large that .* by f alone\.<\/p>/,
  );
  assert.match(source, /25\s%<\/td>/);
  assert.doesNotMatch(source, /75\s%<\/td>/);
});

suite('the report of a run of ReLU', () => {
  const relu = exported([rows(0, 3), { type: 'inspection', value: inspection(2) }], {
    settings: parseSettings({ hiddenSize: 8, sequenceLength: T, batchSize: 2, cell: 'relu' }),
  });

  test('is of its network', async () => {
    assert.equal(relu.network, RELU);
    const page = await textOf(reportFile(relu, { tape: { absent: 'none' }, madeAt: '2026-01-01T00:00:00.000Z' }));
    assert.match(page, /activations that are off/);
    assert.doesNotMatch(page, /saturated activations/);
    assert.match(page, /spectral radius of W_ah/);
    assert.ok(findings(relu).some((sentence) => sentence.includes('the gradient of W_ah')));
  });
});

suite('the report of a run of an LSTM with two layers', () => {
  const settings = parseSettings({ hiddenSize: 8, sequenceLength: T, batchSize: 2, cell: 'lstm', layers: 2 });
  const lstm = networkOf(settings);
  const functions = {
    'f.2': { saturated: 0.5, open: 0.375, dead: 0.25 },
    'g.2': { saturated: 0.125, dead: 0.0625 },
  };
  const vitals = { type: 'vitals', value: { iteration: 1, updateToWeight: 1e-3, saturation: 0.1, functions } } as const;
  const pageOf = async (): Promise<string> => {
    const inspected = { type: 'inspection', value: inspectionOf(lstm) } as const;
    const history = new RunHistory(lstm);
    history.metrics.addRows(Float64Array.from({ length: 3 * metricNamesOf(lstm).length }, () => 1));
    history.add(inspected);
    history.add(vitals);
    const run = exported([inspected, vitals], { settings });
    return textOf(reportFile({ ...run, history }, { tape: { absent: 'none' }, madeAt: '2026-01-01T00:00:00.000Z' }));
  };

  test('names its cell and layers, and has figures and tables by layer and role', async () => {
    const page = await pageOf();
    assert.match(page, /<dd>lstm, 2 layers of H = 8 hidden units/);
    const headings = Array.from(page.matchAll(/<h3>(?<heading>[^<]*)<\/h3>/g), ({ groups }) => groups?.heading);
    const ofLayers = ['Layer 1', 'Layer 2'].flatMap((layer) =>
      ['input weights', 'recurrent weights', 'biases'].map((role) => `${layer}, ${role}`),
    );
    for (const heading of [...ofLayers, 'Output']) {
      assert.equal(headings.filter((other) => other === heading).length, 3, heading);
    }
    assert.equal(headings.filter((heading) => heading === 'Layer 2, errors').length, 2);
    const tables = Array.from(
      page.matchAll(/<th scope="col">t<\/th>(?<head>.*?)<\/tr>/g),
      ({ groups }) => groups?.head ?? '',
    );
    assert.equal(tables.length, 9);
    const columns = tables.map((head) => head.split('<th ').length - 1);
    assert.ok(Math.max(...columns) <= 11, String(columns));
    assert.equal(
      columns.reduce((sum, count) => sum + count, 0),
      lstm.stepQuantities.length,
    );
  });

  test('says of each function and gate how it is, by the words of the cell, and nothing of tanh’s weight', async () => {
    const page = await pageOf();
    assert.match(
      page,
      /f⁽²⁾<\/th><td>2<\/td><td>forget gate<\/td><td>sigmoid<\/td><td><\/td><td><\/td><td>38\s%<\/td><td>13\s%/,
    );
    assert.match(page, /g⁽²⁾<\/th><td>2<\/td><td>candidate<\/td><td>tanh<\/td><td>13\s%<\/td><td>6\s%/);
    assert.match(page, /Lyapunov exponent/);
    assert.doesNotMatch(page, /W_ah|spectral radius/);
  });
});
