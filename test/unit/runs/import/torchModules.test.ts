import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite, test } from 'node:test';
import { InputError } from '../../../../src/common/inputError.ts';
import { parseSettings, type RunSettings } from '../../../../src/protocol/settings.ts';
import { type NamedTensor, writeSafetensors } from '../../../../src/runs/format/safetensors.ts';
import {
  type ImportedNetwork,
  importNetwork,
  importNetworkFile,
  type SaidOfNetwork,
} from '../../../../src/runs/import/stateDict.ts';
import { assertClose, flatten, type TrajectoryVector, trajectoryVector } from '../../model/vectors.ts';
import { runOf } from './pytorchNetwork.ts';

/** Networks of torch.nn with their losses, which `make.py` beside them wrote. */
const FIXTURES = fileURLToPath(new URL('../../../fixtures/torch/', import.meta.url));
const EXPECTED = JSON.parse(readFileSync(join(FIXTURES, 'expected.json'), 'utf8')) as {
  readonly T: number;
  readonly B: number;
  readonly text: string;
  readonly firstLossNats: Readonly<Record<string, number>>;
};

const settingsOf = ({ T, B }: { readonly T: number; readonly B: number }): RunSettings =>
  parseSettings({ sequenceLength: T, batchSize: B, kernels: 'reference', validationFraction: 0 });

const imported = (name: string, said: SaidOfNetwork = {}): Promise<ImportedNetwork> =>
  importNetworkFile(join(FIXTURES, `${name}.safetensors`), said);

suite('a module of torch.nn', () => {
  for (const [name, cell, layers] of [
    ['rnn-2', 'tanh', 2],
    ['rnn-relu', 'relu', 1],
    ['gru', 'gru', 1],
    ['gru-3', 'gru', 3],
    ['gru-no-bias', 'gru', 1],
    ['lstm', 'lstm', 1],
    ['lstm-2', 'lstm', 2],
    ['lstm-cells', 'lstm', 2],
  ] as const) {
    test(`is imported with PyTorch's first loss: ${name}`, async () => {
      const network = await imported(name);
      assert.deepEqual([network.cell, network.layers, network.isTanhAssumed], [cell, layers, false]);
      const run = runOf(network, EXPECTED.text, settingsOf(EXPECTED));
      assertClose([run.firstWindow?.firstLossNats ?? NaN], [EXPECTED.firstLossNats[name]], 1e-9, 'first loss');
    });
  }

  test('says which it is, where its biases are, and what was assumed', async () => {
    const said = async (name: string): Promise<string> => {
      const { notes, assumptions } = await imported(name);
      return [...notes, ...assumptions].join(' ');
    };
    assert.match(
      await said('lstm-2'),
      /an LSTM of 2 layers\. b_i, b_f, b_g and b_q are sums of their rows in "rnn\.bias_ih_l0" and "rnn\.bias_hh_l0"\. b_i⁽²⁾,/,
    );
    assert.match(
      await said('gru'),
      /is a GRU\. b_r and b_z are sums of .*; b_xn is in "rnn\.bias_ih_l0"; b_an is in "rnn\.bias_hh_l0"\./,
    );
    assert.match(await said('gru-no-bias'), /has no bias: b_r, b_z, b_xn and b_an are 0\./);
    assert.match(
      await said('lstm-cells'),
      /The modules "rnn\.cells\.0", "rnn\.cells\.1" are taken to read one another in this order\./,
    );
  });

  test('is refused where it is not what a person says', async () => {
    for (const [name, said, expected] of [
      ['lstm', { nonlinearity: 'relu' }, /is an LSTM, which has no nonlinearity to choose: relu was given\.$/],
      ['lstm', { cell: 'gru' }, /^lstm\.safetensors has a network of the cell lstm, not gru\.$/],
      ['gru-3', { layers: 2 }, /^gru-3\.safetensors has a network of 3 layers, not 2\.$/],
      ['rnn-relu', { cell: 'tanh' }, /says the nonlinearity relu \(metadata "mode"\), not that of the cell tanh\.$/],
    ] as const) {
      await assert.rejects(
        imported(name, said),
        (error) => error instanceof InputError && expected.test(error.message),
      );
    }
    assert.equal((await imported('gru-3', { cell: 'gru', layers: 3 })).cell, 'gru');
    assert.equal((await imported('rnn-relu', { cell: 'relu' })).cell, 'relu');
  });
});

/** The order of PyTorch's blocks of rows, by the letters of the parameters. */
const GATES = { lstm: ['i', 'f', 'g', 'q'], gru: ['r', 'z', 'n'] } as const;

/** The weights that a vector begins with, as its module's state_dict has them. */
function stateDict({ params, layers = 1, H, V }: TrajectoryVector, cell: keyof typeof GATES): NamedTensor[] {
  const gates: readonly string[] = GATES[cell];
  const stacked = (name: string, columns: readonly number[], parameter: (gate: string) => string): NamedTensor => ({
    name: `rnn.${name}`,
    shape: [gates.length * H, ...columns],
    values: Float64Array.from(
      gates.flatMap((gate) => {
        const own = params[parameter(gate)];
        return own === undefined ? Array.from({ length: H }, () => 0) : flatten(own);
      }),
    ),
  });
  const ofLayers = Array.from({ length: layers }, (_, layer) => {
    const end = layer === 0 ? '' : `.${layer + 1}`;
    return [
      stacked(`weight_ih_l${layer}`, [layer === 0 ? V : H], (gate) => `W_x${gate}${end}`),
      stacked(`weight_hh_l${layer}`, [H], (gate) => `W_a${gate}${end}`),
      stacked(`bias_ih_l${layer}`, [], (gate) => `${gate === 'n' ? 'b_xn' : `b_${gate}`}${end}`),
      stacked(`bias_hh_l${layer}`, [], (gate) => `b_a${gate}${end}`),
    ];
  });
  const output = (name: string, parameter: string, shape: number[]): NamedTensor => ({
    name,
    shape,
    values: Float64Array.from(flatten(params[parameter])),
  });
  return [...ofLayers.flat(), output('fc.weight', 'W_ao', [V, H]), output('fc.bias', 'b_o', [V])];
}

suite('the module that a training run of PyTorch began with', () => {
  for (const [name, cell] of [
    ['train-lstm-l1-adam-h16-t20-b4', 'lstm'],
    ['train-lstm-l2-adagrad-h10-t25-b1', 'lstm'],
    ['train-gru-l2-adam-h12-t20-b4', 'gru'],
  ] as const) {
    test(`has the losses of that run after an import: ${name}`, () => {
      const vector = trajectoryVector(`cells/${name}`);
      const { text, optimizer, learningRate, clipNorm, expected } = vector;
      const bytes = writeSafetensors(stateDict(vector, cell), {});
      const network = importNetwork(bytes, 'net.safetensors', { order: 'codepoints' });
      const run = runOf(network, text, { ...settingsOf(vector), optimizer, learningRate, clipNorm });
      assertClose([run.firstWindow?.firstLossNats ?? NaN], [expected.loss[0]], 1e-9, 'first loss');
      // The loss is the first number of a row.
      const losses = expected.loss.map(() => run.iterate().row[0]);
      assertClose(losses, expected.loss, 1e-9, 'losses');
    });
  }
});
