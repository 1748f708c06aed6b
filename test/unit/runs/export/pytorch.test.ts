import assert from 'node:assert/strict';
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { pytorchFiles } from '../../../../src/runs/export/pytorch/files.ts';
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
    for (const name of ['adam', 'relu']) {
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
    const [tanh, relu] = [await textOf('adam'), await textOf('relu')];
    assert.match(tanh, /a\(t\) = tanh h\(t\)/);
    assert.match(tanh, /cell\.a\.detach\(\)\.abs\(\) > 0\.97/);
    assert.match(relu, /a\(t\) = relu h\(t\)/);
    assert.match(relu, /cell\.a\.detach\(\) <= 0/);
    assert.match(relu, /the share of a\(t\) = 0, where/);
    assert.doesNotMatch(relu, /0\.97|tanh h/);
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
