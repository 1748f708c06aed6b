import assert from 'node:assert/strict';
import { CELL_NAMES } from '../../../src/network/cells.ts';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readRunFile } from '../../../src/runs/format/runFile.ts';
import { copyHeadless, headless } from './headless.ts';

const VECTOR = fileURLToPath(new URL('../../fixtures/vectors/rnn-v7-h5-t6-b1-sum.json', import.meta.url));
const TRAJECTORY = fileURLToPath(new URL('../../fixtures/vectors/train-adam-h24-t20-b4.json', import.meta.url));

let folder: string;
let text: string;
before(async () => {
  folder = await copyHeadless();
  text = await file('good.txt', 'abcdefgh '.repeat(1000));
});
after(() => rm(folder, { recursive: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** The process ends with exit code 1 and exactly one line, which is returned. */
async function failure(...argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await headless(folder, ...argv);
  assert.deepEqual([code, stdout], [1, ''], stderr);
  assert.match(stderr, /^error: [^\n]+\n$/);
  return stderr;
}

/** The process ends with exit code 2, one line and the usage; returns the line. */
async function misuse(...argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await headless(folder, ...argv);
  assert.deepEqual([code, stdout], [2, ''], stderr);
  const [line, empty, usage] = stderr.split('\n');
  assert.match(line, /^error: ./);
  assert.deepEqual([empty, usage.startsWith('Usage: ')], ['', true]);
  assert.doesNotMatch(stderr, /\n\s+at /);
  return line;
}

suite('wrong arguments', () => {
  const wrong: [string, string[], RegExp][] = [
    ['no command', [], /command is missing: train, resume, fork, import, export, sample, backprop or replay/],
    ['an unknown command', ['fly'], /no command "fly"/],
    ['an unknown option', ['train', 'x.txt', '--fast'], /--fast/],
    ['an option of another command', ['replay', 'x.json', '--events', 'y'], /--events/],
    ['an option without its value', ['train', 'x.txt', '--iterations'], /--iterations/],
    ['an unknown mode of inspection', ['train', 'x.txt', '--inspect', 'all'], /--inspect is "all"; .* complete, every/],
    ['no file', ['train'], /train needs a file/],
    ['two files', ['backprop', 'a.json', 'b.json'], /one file; "b\.json" is one too many/],
    ['an unknown setting', ['train', 'x.txt', '--set', 'size=3'], /no setting "size".*hiddenSize/],
    ['a setting without a value', ['train', 'x.txt', '--set', 'hiddenSize'], /name=value.*not "hiddenSize"/],
    ['a value out of range', ['train', 'x.txt', '--set', 'hiddenSize=0'], /hiddenSize is 0; .* from 1 to 4096/],
    [
      'a value of the wrong type',
      ['train', 'x.txt', '--set', 'learningRate=fast'],
      /learningRate is "fast"; .* a number/,
    ],
    ['an empty value', ['train', 'x.txt', '--set', 'seed='], /seed is ""/],
    ['an unknown cell', ['train', 'x.txt', '--set', 'cell=rnn'], /cell is "rnn"; .*tanh, relu, lstm, gru, mingru/],
    ['too many layers', ['train', 'x.txt', '--set', 'layers=5'], /layers is 5; .* from 1 to 4/],
    ['an unknown choice', ['train', 'x.txt', '--set', 'optimizer=lion'], /optimizer is "lion"; .*adam/],
    ['unknown kernels', ['backprop', 'x.json', '--kernels', 'gpu'], /kernels is "gpu"; .*reference/],
    ['too many threads', ['train', 'x.txt', '--threads', '65'], /threads is 65; .* from 0 to 64/],
    ['no iterations', ['train', 'x.txt', '--iterations', '0'], /--iterations is "0"/],
    ['half an iteration', ['train', 'x.txt', '--iterations', '1.5'], /--iterations is "1\.5"/],
  ];
  test('are followed by the usage of their command alone, or of all where there is none', async () => {
    const usageAfter = async (...argv: string[]): Promise<string> => {
      const { stderr } = await headless(folder, ...argv);
      return stderr.slice(stderr.indexOf('Usage: '));
    };
    const ofTrain = await usageAfter('train', 'x.txt', '--set', 'cell=rnn');
    assert.match(
      ofTrain,
      /^Usage: npm run -s headless -- train FILE .*\[--keep-metrics MB\]\]\nAll of it: .* --help\n$/s,
    );
    assert.doesNotMatch(ofTrain, /resume|COMMAND/);
    assert.match(
      await usageAfter('replay'),
      /^Usage: [^\n]* replay TRAJECTORY\.json \[--kernels NAME\]\nAll of it: [^\n]*\n$/,
    );
    assert.match(await usageAfter('fly'), /^Usage: .* COMMAND\n {2}train FILE .*\n {2}replay /s);
  });

  for (const [name, argv, message] of wrong) {
    test(`${name}: one line, the usage, exit code 2`, async () => assert.match(await misuse(...argv), message));
  }
});

suite('files that cannot be trained on', () => {
  const wrong: [string, string | Uint8Array, RegExp][] = [
    ['an empty file', '', /empty/],
    ['a binary file', Uint8Array.of(65, 0, 66, 0, 1), /not a text file/],
    ['bytes that are not UTF-8', Uint8Array.of(65, 0xc3, 66), /not valid UTF-8.*offset 1/],
    ['one distinct character', 'aaaaaaa', /one distinct character/],
    ['a text that is too short', 'abcd'.repeat(50), /too short: .* 180 characters.* Try --set batchSize=3\.$/m],
  ];
  for (const [name, content, message] of wrong) {
    test(`${name}: one line that names the file, exit code 1`, async () => {
      const path = await file('bad.txt', content);
      const line = await failure('train', path);
      assert.match(line, message);
      assert.ok(line.includes('bad.txt'));
    });
  }

  test('a file that is not there, and a folder', async () => {
    assert.match(
      await failure('train', join(folder, 'nothing.txt')),
      /Cannot read ".*nothing\.txt": there is no such file/,
    );
    assert.match(await failure('train', folder), /Cannot read ".*": it is a folder/);
  });

  test('a network that needs more memory than there is', async () => {
    const sizes = ['hiddenSize=4096', 'sequenceLength=2048', 'batchSize=1024', 'validationFraction=0'];
    const long = await file('long.txt', 'abcdefgh '.repeat(240_000));
    const line = await failure('train', long, ...sizes.flatMap((size) => ['--set', size]));
    assert.match(line, /needs about \d+ GiB of memory; .* 50 % of .* Try --set \w+=\d+\./);
  });
});

suite('events that cannot be written', () => {
  test('because of their folder: one line, exit code 1', async () => {
    const out = join(folder, 'no', 'events.jsonl');
    const { code, stderr } = await headless(folder, 'train', text, '--iterations', '5', '--events', out);
    assert.equal(code, 1);
    assert.match(stderr, /error: Cannot write ".*events\.jsonl": there is no such file or folder\.\n$/);
  });

  test(
    'because the disk is full: one line, exit code 1',
    { skip: existsSync('/dev/full') ? false : 'no /dev/full' },
    async () => {
      const { code, stderr } = await headless(folder, 'train', text, '--iterations', '5', '--events', '/dev/full');
      assert.equal(code, 1);
      assert.match(stderr, /error: Cannot write "\/dev\/full": no space is left on the device\.\n$/);
    },
  );

  test('because they would overwrite the text', async () => {
    assert.match(await failure('train', text, '--events', text), /--events would overwrite the text/);
    assert.equal(await readFile(text, 'utf8'), 'abcdefgh '.repeat(1000));
  });
});

suite('a run that fails', () => {
  test('because its thread is not there: one line, exit code 1', async () => {
    const broken = await copyHeadless();
    await rm(join(broken, 'dist', 'worker.cjs'));
    const { code, stdout, stderr } = await headless(broken, 'train', text);
    await rm(broken, { recursive: true });
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /^error: Training failed: Cannot find module [^\n]*\n$/);
  });

  test('because its thread dies says so and ends the events with the reason', async () => {
    const broken = await copyHeadless();
    const worker = join(broken, 'dist', 'worker.cjs');
    const program = await readFile(worker, 'utf8');
    // The thread's clock fails after some iterations.
    const dying =
      'let reads = 0; performance.now = () => { if (++reads > 100) throw new Error("the clock broke"); return reads; };';
    await writeFile(worker, `${dying}\n${program}`);
    const events = join(folder, 'dying.jsonl');
    const { code, stderr } = await headless(broken, 'train', text, '--set', 'hiddenSize=4', '--events', events);
    await rm(broken, { recursive: true });
    assert.equal(code, 1);
    assert.match(stderr, /error: Training failed: the clock broke\n$/);
    const lines = (await readFile(events, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const end = lines.at(-1);
    assert.deepEqual([end?.type, end?.reason, end?.message], ['end', 'failed', 'Training failed: the clock broke']);
    assert.equal(end?.iterations, lines.filter((line) => line.type === 'iteration').length);
  });

  test('because its numbers are no longer finite says where and ends the events with the reason', async () => {
    const broken = await copyHeadless();
    const worker = join(broken, 'dist', 'worker.cjs');
    const program = await readFile(worker, 'utf8');
    // A hyperbolic tangent that is none makes the second iteration's hidden state infinite.
    const poison = 'let calls = 0; const tanh = Math.tanh; Math.tanh = (x) => (++calls > 2000 ? Infinity : tanh(x));';
    await writeFile(worker, `${poison}\n${program}`);
    const events = join(folder, 'infinite.jsonl');
    const sizes = ['hiddenSize=4', 'batchSize=10', 'sequenceLength=50', 'validationFraction=0', 'kernels=scalar'];
    const run = join(folder, 'infinite');
    const argv = ['train', text, '--events', events, '--out', run, ...sizes.flatMap((size) => ['--set', size])];
    const { code, stderr } = await headless(broken, ...argv);
    await rm(broken, { recursive: true });
    assert.equal(code, 1);
    assert.match(stderr, /error: Iteration \d+: .*time step \d+.*learning rate or clipping[^\n]*\n$/);
    const lines = (await readFile(events, 'utf8')).trimEnd().split('\n');
    const parsed = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const end = parsed.at(-1);
    assert.deepEqual([end?.type, end?.reason], ['end', 'failed']);
    assert.match(String(end?.message), /^Iteration \d+: /);
    const last = parsed.findLast((line) => line.type === 'iteration');
    assert.deepEqual([last?.lossNats, last?.iteration], [null, Number(end?.iterations) - 1]);
    const { state, failure, notFinite } = await readRunFile(run);
    assert.deepEqual([state, failure, notFinite?.iteration], ['failed', end?.message, last?.iteration]);
  });
});

suite('vector and trajectory files that cannot be used', () => {
  type Json = Record<string, unknown>;
  async function changed(source: string, change: (value: Json) => void): Promise<string> {
    const value = JSON.parse(await readFile(source, 'utf8')) as Json;
    change(value);
    return file('changed.json', JSON.stringify(value));
  }
  const params = (value: Json) => value.params as Record<string, unknown>;

  const vectors: [string, (value: Json) => void, RegExp][] = [
    [
      'another cell',
      (value) => (value.cell = 'elman'),
      new RegExp(`cell: It is "elman"; the cells are rnn, ${CELL_NAMES.join(', ')}\\.`),
    ],
    ['more layers', (value) => (value.layers = 5), /layers: It is 5; networks here have up to 4 layers/],
    ['no state', (value) => delete value.a0, /neither states nor a0/],
    ['no cell', (value) => delete value.cell, /cell: /],
    ['no size', (value) => delete value.V, /V: .*undefined/],
    ['a size that is none', (value) => (value.H = 2.5), /H: .*integer/],
    ['another reduction', (value) => (value.reduction = 'median'), /reduction: .*"median"/],
    ['a missing parameter', (value) => delete params(value).W_ah, /params\.W_ah: /],
    ['a parameter of another shape', (value) => (params(value).b_o = [1, 2]), /params\.b_o: It has 2 elements, not 7/],
    ['a row of another length', (value) => (params(value).W_xh = [[1]]), /params\.W_xh: It has 1 elements, not 5/],
    [
      'a number that is a word',
      (value) => (params(value).b_h = [1, 2, 'x', 4, 5]),
      /params\.b_h: Its element \[2\] is "x"/,
    ],
    ['an id out of the vocabulary', (value) => (value.inputs = [[0, 1, 2, 3, 4, 7]]), /inputs: .*from 0 to 6/],
    ['an id that is no whole number', (value) => (value.targets = [[0, 1, 2, 3, 4, 0.5]]), /targets: .*whole numbers/],
    ['a state of another batch size', (value) => (value.a0 = []), /a0: It has 0 elements, not 1/],
  ];
  for (const [name, change, message] of vectors) {
    test(`backprop of ${name}: one line, exit code 1`, async () => {
      assert.match(await failure('backprop', await changed(VECTOR, change)), message);
    });
  }

  const trajectories: [string, (value: Json) => void, RegExp][] = [
    ['an unknown optimizer', (value) => (value.optimizer = 'lion'), /optimizer is "lion"/],
    ['a negative learning rate', (value) => (value.learningRate = -1), /learningRate is -1/],
    ['no text', (value) => delete value.text, /text: /],
    ['a text that is too short', (value) => (value.text = 'abc'), /too short/],
    ['another vocabulary', (value) => (value.vocabulary = ['a']), /vocabulary: .*sorted by code point/],
    ['other constants', (value) => (value.constants = { momentum: 0.5 }), /constants\.momentum: /],
    ['no iterations', (value) => (value.iterations = 0), /iterations: /],
    ['weights of another network', (value) => (params(value).W_ah = [[0]]), /params\.W_ah: It has 1 elements, not 24/],
  ];
  for (const [name, change, message] of trajectories) {
    test(`replay of ${name}: one line, exit code 1`, async () => {
      assert.match(await failure('replay', await changed(TRAJECTORY, change)), message);
    });
  }

  test('what is no JSON, no object, a folder or not there: one line, exit code 1', async () => {
    assert.match(await failure('backprop', text), /good\.txt" cannot be used: it is not JSON/);
    assert.match(await failure('replay', await file('array.json', '[1]')), /array\.json" cannot be used: /);
    await mkdir(join(folder, 'sub'), { recursive: true });
    assert.match(await failure('replay', join(folder, 'sub')), /it is a folder/);
    assert.match(await failure('backprop', 'nothing.json'), /no such file/);
    assert.match(await failure('backprop', TRAJECTORY), /cell: /);
  });
});
