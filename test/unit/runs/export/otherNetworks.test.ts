import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { networkOf, type Network } from '../../../../src/network/network.ts';
import { RunHistory } from '../../../../src/history/history.ts';
import { metricNamesOf, type Inspection } from '../../../../src/protocol/run.ts';
import { parseSettings } from '../../../../src/protocol/settings.ts';
import type { Tape } from '../../../../src/protocol/study.ts';
import { csvFiles } from '../../../../src/runs/export/csv.ts';
import type { ExportedRun } from '../../../../src/runs/export/exportedRun.ts';
import { jsonlFile } from '../../../../src/runs/export/jsonl.ts';
import { findings } from '../../../../src/runs/export/report/findings.ts';
import { functionsTable } from '../../../../src/runs/export/report/functions.ts';
import { termsOf } from '../../../../src/runs/export/report/glossary.ts';
import { heatmapsFigure } from '../../../../src/runs/export/report/heatmaps.ts';
import { reportFile } from '../../../../src/runs/export/report/index.ts';
import { profileFigure } from '../../../../src/runs/export/report/normFigures.ts';
import { styleOf } from '../../../../src/runs/export/report/style.ts';
import { tapeFigure } from '../../../../src/runs/export/report/tape.ts';
import { tensorboardFile } from '../../../../src/runs/export/tensorboard/index.ts';
import { pathOf } from '../../../../src/runs/export/tensorboard/tags.ts';
import type { ValidRecord } from '../../../../src/runs/export/validRecords.ts';
import { GRU_NETWORK, LSTM_NETWORK, MINGRU_NETWORK, THREE_LAYERS } from '../../panel/otherNetworks.ts';
import { bytesOf, exported, FACTS, inspection, rows, T, textOf } from './fixtures.ts';
import { eventsOf, scalarsOf } from './recordFileReader.ts';

const TANH = networkOf({ cell: 'tanh', layers: 1 });
const RELU = networkOf({ cell: 'relu', layers: 1 });
const OTHERS: readonly Network[] = [LSTM_NETWORK, GRU_NETWORK, MINGRU_NETWORK, THREE_LAYERS];
const POINT = {
  iteration: 1,
  horizonOnePercent: 4,
  horizonOneOverE: 3,
  decayRate: -0.5,
  tanhFactor: 0.75,
  lyapunov: -1,
  spectralRadius: 1.5,
  sigmaMax: 2,
};

/** Of each metric its column's number, and an iteration in front of the point. */
function rowsOf(network: Network, count: number): ValidRecord {
  const columns = metricNamesOf(network).length;
  return { ...rows(0, 1), rows: Float64Array.from({ length: columns * count }, (_, i) => i % columns) };
}

/** Of each quantity its index and the time step: 3.2 of the fourth one at t = 2. */
function inspectionOf(network: Network): Inspection {
  const table = (names: readonly string[]) =>
    Float32Array.from({ length: names.length * T }, (_, i) => Math.floor(i / T) + (i % T) / 10);
  return {
    ...inspection(1),
    stepNorm: table(network.stepQuantities),
    stepCosine: table(network.parameterNames).map((value) => value / 100),
  };
}

function runOf(network: Network): ExportedRun {
  const inspected = { type: 'inspection', value: inspectionOf(network) } as const;
  const records: ValidRecord[] = [rowsOf(network, 2), inspected, { type: 'memoryPoint', value: POINT }];
  return { ...exported([inspected]), network, records: () => records };
}

async function linesOf(run: ExportedRun): Promise<Record<string, unknown>[]> {
  const lines = (await textOf(jsonlFile(run))).trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

suite('an export of a run of another network', () => {
  test('has its columns in the tables', async () => {
    for (const network of OTHERS) {
      const [metrics, norms] = await Promise.all(csvFiles(runOf(network)).map(textOf));
      const [head, first] = metrics.split('\r\n').filter((line) => !line.startsWith('#'));
      const names = metricNamesOf(network);
      assert.equal(head, `iteration,${names.join(',')},validationNats`);
      assert.equal(first, `0,${names.map((_, index) => index).join(',')},`);
      const body = norms.split('\r\n').filter((line) => /^\d/.test(line));
      assert.equal(body.length, network.stepQuantities.length * T);
      const last = network.stepQuantities.length - 1;
      assert.ok(body.includes(`1,2,${network.parameterNames[3]},3.20000005,0.0320000015`));
      assert.ok(body.includes(`1,0,${network.stepQuantities[last]},${last},`));
    }
  });

  test('has its names in JSON lines', async () => {
    for (const network of OTHERS) {
      const lines = await linesOf(runOf(network));
      const iteration = lines.find(({ type }) => type === 'iteration');
      assert.deepEqual(
        iteration?.gradNormByParameter,
        Object.fromEntries(network.parameterNames.map((name, index) => [name, 4 + index])),
      );
      const inspected = lines.find(({ type }) => type === 'inspection');
      assert.deepEqual(Object.keys(inspected?.stepNorm as object), network.stepQuantities);
      assert.deepEqual(Object.keys(inspected?.stepCosine as object), network.parameterNames);
    }
  });

  test('has its parameters as curves of TensorBoard, and its factor by the function', async () => {
    for (const network of OTHERS) {
      const events = eventsOf(await bytesOf(tensorboardFile(runOf(network))));
      network.parameterNames.forEach((name, index) =>
        assert.deepEqual(scalarsOf(events, `grad_norm/${pathOf(network, name)}`)[1], [1, 4 + index], name),
      );
    }
    const tagsOf = async (network: Network) =>
      eventsOf(await bytesOf(tensorboardFile(runOf(network)))).flatMap(({ values }) => values.map(({ tag }) => tag));
    assert.ok((await tagsOf(TANH)).includes('memory/tanh_factor'));
    assert.ok((await tagsOf(RELU)).includes('memory/relu_factor'));
    assert.ok((await tagsOf(LSTM_NETWORK)).includes('memory/slope_factor'));
    assert.ok((await tagsOf(LSTM_NETWORK)).includes('memory/sigma_max'));
    assert.doesNotMatch((await tagsOf(MINGRU_NETWORK)).join(), /spectral_radius|sigma_max/);
  });

  test('has tags by layer and gate, and the plain ones of one layer of tanh', () => {
    const pathsOf = (network: Network, names: readonly string[]): string =>
      names.map((name) => pathOf(network, name)).join(' ');
    assert.equal(pathsOf(TANH, TANH.parameterNames), 'W_xh W_ah b_h W_ao b_o');
    assert.equal(pathsOf(THREE_LAYERS, ['W_xh', 'W_ah.2', 'a.3', 'W_ao']), 'layer_1/W_xh layer_2/W_ah layer_3/a W_ao');
    const lstm = networkOf({ cell: 'lstm', layers: 2 });
    assert.equal(
      pathsOf(lstm, ['W_xf', 'b_q.2', 'g.2', 'c', 'b_o']),
      'layer_1/f/W_xf layer_2/q/b_q layer_2/g layer_1/c b_o',
    );
    assert.equal(pathsOf(GRU_NETWORK, ['W_an', 'b_xn', 'W_ar', 'n']), 'n/W_an n/b_xn r/W_ar n');
    for (const network of OTHERS) {
      const paths = network.parameterNames.map((name) => pathOf(network, name));
      assert.equal(new Set(paths).size, paths.length);
    }
  });

  test('has its functions and states one by one where they are several, each with what it is', async () => {
    const lstm = networkOf({ cell: 'lstm', layers: 2 });
    const functions = {
      'f.2': { saturated: 0.5, open: 0.375, dead: 0.25 },
      g: { saturated: 0.125, dead: 0.0625 },
      unknown: { saturated: 1, dead: 1 },
    };
    const vitals = { iteration: 1, updateToWeight: 0.25, saturation: 0.75, functions };
    const point = { ...POINT, horizons: { c: 7, 'c.2': null } };
    const recordsOf = (network: Network): ExportedRun => ({
      ...runOf(network),
      records: () => [
        { type: 'vitals', value: vitals },
        { type: 'memoryPoint', value: point },
      ],
    });
    const events = eventsOf(await bytesOf(tensorboardFile(recordsOf(lstm))));
    const scalars = events.flatMap(({ values }) => values).filter(({ tag }) => tag !== 'run');
    assert.deepEqual(
      scalars.map(({ tag }) => tag).filter((tag) => !/^memory\/[^/]*$/.test(tag)),
      [
        'vitals/update_to_weight',
        'vitals/saturation',
        'saturated/layer_1/g',
        'dead_units/layer_1/g',
        'gate_open/layer_2/f',
        'gate_shut/layer_2/f',
        'memory/horizon_1_percent/layer_1/c',
      ],
    );
    assert.deepEqual(scalarsOf(events, 'gate_open/layer_2/f'), [[1, 0.375]]);
    assert.deepEqual(scalarsOf(events, 'gate_shut/layer_2/f'), [[1, 0.125]]);
    assert.deepEqual(scalarsOf(events, 'dead_units/layer_1/g'), [[1, 0.0625]]);
    assert.deepEqual(scalarsOf(events, 'memory/horizon_1_percent/layer_1/c'), [[1, 7]]);
    const single = eventsOf(await bytesOf(tensorboardFile(recordsOf(TANH)))).flatMap(({ values }) => values);
    assert.ok(single.every(({ tag }) => !/layer|gate|dead|saturated/.test(tag)));
    const off = eventsOf(await bytesOf(tensorboardFile(recordsOf(RELU)))).flatMap(({ values }) => values);
    assert.ok(off.some(({ tag }) => tag === 'vitals/off'));
  });

  test('has its saturation and its factor in JSON lines under the names that it has for them', async () => {
    const keysOf = async (network: Network): Promise<string[]> => {
      const functions = { a: { saturated: 0, dead: 0 } };
      const vitals = { iteration: 1, updateToWeight: 1, saturation: 0.5, functions };
      const run = {
        ...runOf(network),
        records: (): ValidRecord[] => [
          { type: 'vitals', value: vitals },
          { type: 'memoryPoint', value: POINT },
        ],
      };
      const [first, second] = (await linesOf(run)).filter(({ type }) => type === 'vitals' || type === 'memoryPoint');
      return [...Object.keys(first), ...Object.keys(second).filter((key) => key.endsWith('Factor'))];
    };
    const hasSpectrum = async (of: Network) => (await textOf(jsonlFile(runOf(of)))).includes('"sigmaMax"');
    assert.deepEqual([await hasSpectrum(LSTM_NETWORK), await hasSpectrum(MINGRU_NETWORK)], [true, false]);
    assert.deepEqual(await keysOf(TANH), ['type', 'iteration', 'updateToWeight', 'saturation', 'tanhFactor']);
    assert.deepEqual(await keysOf(RELU), ['type', 'iteration', 'updateToWeight', 'off', 'reluFactor']);
    const ofMany = ['type', 'iteration', 'updateToWeight', 'saturation', 'functions', 'slopeFactor'];
    assert.deepEqual(await keysOf(LSTM_NETWORK), ofMany);
  });

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
