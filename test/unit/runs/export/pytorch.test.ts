import assert from 'node:assert/strict';
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { pytorchFiles } from '../../../../src/runs/export/pytorch/files.ts';
import { placesOf, torchNetworkOf } from '../../../../src/runs/export/pytorch/names.ts';
import { importNetworkFile } from '../../../../src/runs/import/stateDict.ts';
import { ExportedCases } from './pytorchFixtures.ts';
import { PARAMETER_NAMES } from '../../../tanh.ts';

const cases = new ExportedCases();

suite('an export to PyTorch', () => {
  test('is a program that Python can compile, with nothing in it of one run or machine', async (t) => {
    const python: string | undefined = ['python3', 'python'].find(
      (name) => spawnSync(name, ['--version']).status === 0,
    );
    if (python === undefined) return t.skip('no Python was found');
    const scriptOf = (name: string): string => join(cases.of(name).folder, 'train.py');
    for (const name of ['adam', 'relu', 'lstm-2', 'gru-2']) {
      const compiled: SpawnSyncReturns<Buffer> = spawnSync(python, [
        '-W',
        'error',
        '-c',
        'import ast, sys; ast.parse(open(sys.argv[1], "rb").read(), feature_version=(3, 9))',
        scriptOf(name),
      ]);
      assert.equal(compiled.status, 0, compiled.stderr.toString());
    }
    assert.deepEqual(await readFile(scriptOf('adam')), await readFile(scriptOf('sgd')));
  });

  test('says the equations of its network, and which of its numbers let no error pass', async () => {
    const textOf = (name: string): Promise<string> => readFile(join(cases.of(name).folder, 'train.py'), 'utf8');
    const [tanh, relu, lstm] = [await textOf('adam'), await textOf('relu'), await textOf('lstm-2')];
    assert.match(tanh, /a\(t\) = tanh h\(t\)/);
    assert.match(tanh, /"tanh": lambda gave: gave\.abs\(\) > 0\.97/);
    assert.match(relu, /a\(t\) = relu h\(t\)/);
    assert.match(relu, /"relu": lambda gave: gave <= 0/);
    assert.match(relu, /the share of a\(t\) = 0, where/);
    assert.doesNotMatch(relu, /0\.97|tanh h/);
    assert.match(lstm, /c\.2\(t\) = f\.2\(t\) \* c\.2\(t-1\) \+ i\.2\(t\) \* g\.2\(t\)/);
    assert.match(lstm, /COUNTED = \["g", "g\.2"\]/);
    assert.match(lstm, /h_q\(t\) = .* rnn\.weight_ih_l0\[3H:4H\] \(H, V\)/);
  });

  test('keeps every parameter of every module in a block of rows of its own, and no more', () => {
    for (const [cell, layers] of [
      ['tanh', 1],
      ['relu', 3],
      ['gru', 2],
      ['lstm', 4],
    ] as const) {
      const network = torchNetworkOf({ cell, layers });
      const places = [...placesOf(network)].map(([, { tensor, block }]) => `${tensor} ${block}`);
      assert.equal(new Set(places).size, network.parameters.length, cell);
    }
    assert.throws(() => torchNetworkOf({ cell: 'mingru', layers: 1 }), /PyTorch has no module for the cell mingru\./);
  });

  test('refuses a checkpoint of another network than the run', () => {
    const { run, checkpoint, vocabulary } = cases.of('adam');
    const settings = { ...run.settings, layers: 2 };
    const source = { run: { ...run, settings }, checkpoint, vocabulary, textFileName: 'a.txt' };
    assert.throws(
      () => pytorchFiles(source),
      /another network \(tanh cell, 1 layer\) than the run \(tanh cell, 2 layers\)/,
    );
  });

  test('has the weights by the names of a state_dict, and the vocabulary', async () => {
    const { folder, checkpoint, run } = cases.of('adagrad');
    const network = await importNetworkFile(join(folder, 'model.safetensors'));
    assert.deepEqual(network.shape, { V: checkpoint.shape.V, H: checkpoint.shape.H });
    for (const name of PARAMETER_NAMES) assert.deepEqual(network.parameters[name], checkpoint.parameters[name], name);
    assert.deepEqual(
      network.vocabulary?.codes.map((code) => String.fromCodePoint(code)),
      run.facts?.vocabulary,
    );
    assert.deepEqual(network.assumptions, [], 'what it is needs no guess when it comes back');
  });

  test('refuses a text that is not the run’s, and a run without one', () => {
    const { run, checkpoint } = cases.of('adam');
    const vocabulary = {
      tokens: 'characters' as const,
      codes: Array.from({ length: checkpoint.shape.V }, (_, id) => id + 32),
    };
    const source = { run, checkpoint, vocabulary, textFileName: 'a.txt' };
    assert.throws(() => pytorchFiles({ ...source, text: Buffer.from('another') }), /7 bytes.*is not the one/);
    const textless = structuredClone(run);
    delete textless.text;
    assert.throws(() => pytorchFiles({ ...source, run: textless }), /has not read its text/);
  });
});
