import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { networkOf, type Network } from '../../../../src/network/network.ts';
import { metricNamesOf } from '../../../../src/protocol/run.ts';
import { csvFiles } from '../../../../src/runs/export/csv.ts';
import type { ExportedRun } from '../../../../src/runs/export/exportedRun.ts';
import { jsonlFile } from '../../../../src/runs/export/jsonl.ts';
import { tensorboardFile } from '../../../../src/runs/export/tensorboard/index.ts';
import { pathOf } from '../../../../src/runs/export/tensorboard/tags.ts';
import type { ValidRecord } from '../../../../src/runs/export/validRecords.ts';
import { GRU_NETWORK, LSTM_NETWORK, MINGRU_NETWORK, THREE_LAYERS } from '../../panel/otherNetworks.ts';
import { bytesOf, T, textOf } from './fixtures.ts';
import { eventsOf, scalarsOf } from './recordFileReader.ts';
import { TANH, RELU, OTHERS, POINT, runOf } from './networkRuns.ts';

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
});
