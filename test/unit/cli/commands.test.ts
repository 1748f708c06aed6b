import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { CELL_NAMES } from '../../../src/network/cells.ts';
import { networkOf } from '../../../src/network/network.ts';
import { parseSettings, SETTING_NAMES } from '../../../src/protocol/settings.ts';
import { sampleText } from '../../../src/text/sampleText.ts';
import { amount } from '../../run/amount.ts';
import { copyHeadless, Headless, headless } from './headless.ts';
import { PARAMETER_NAMES } from '../../tanh.ts';

let folder: string;
let text: string;
before(async () => {
  folder = await copyHeadless();
  text = join(folder, 'sample.txt');
  await writeFile(text, sampleText().slice(0, 4000));
});
after(() => rm(folder, { recursive: true }));

const SMALL = ['--set', 'hiddenSize=8', '--set', 'sequenceLength=10', '--set', 'batchSize=4'];

interface Line {
  readonly type: string;
  readonly [field: string]: unknown;
}

async function linesOf(path: string): Promise<Line[]> {
  const content = await readFile(path, 'utf8');
  assert.ok(content.endsWith('\n'));
  return content
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

suite('headless train', () => {
  test('writes every event in order and prints the validation loss and a sample', async () => {
    const events = join(folder, 'events.jsonl');
    const { code, stdout, stderr } = await headless(
      folder,
      'train',
      text,
      ...SMALL,
      '--set',
      'seed=5',
      '--threads',
      '3',
      '--kernels',
      'simd',
      '--iterations',
      '50',
      '--events',
      events,
    );
    assert.equal(code, 0, stderr);
    const lines = await linesOf(events);
    const of = (type: string) => lines.filter((line) => line.type === type);

    const [start] = lines;
    const settings = parseSettings({
      hiddenSize: 8,
      sequenceLength: 10,
      batchSize: 4,
      seed: 5,
      threads: 3,
      kernels: 'simd',
    });
    assert.equal(start.type, 'start');
    assert.deepEqual(start.settings, settings);
    const V = new Set(sampleText().slice(0, 4000)).size;
    assert.deepEqual([start.vocabularySize, start.seed, start.threads, start.kernels], [V, 5, 3, 'simd']);
    assert.equal(start.parameters, 8 * V + 64 + 8 + 8 * V + V);
    assert.deepEqual([start.trainingCharacters, start.validationCharacters], [3600, 400]);

    const iterations = of('iteration');
    assert.deepEqual(
      iterations.map((line) => line.iteration),
      Array.from({ length: 50 }, (_, iteration) => iteration),
    );
    for (const line of iterations) {
      assert.ok(['lossNats', 'gradNorm', 'clipFactor', 'learningRate'].every((name) => typeof line[name] === 'number'));
      assert.deepEqual(Object.keys(line.gradNormByParameter as object), [...PARAMETER_NAMES]);
    }

    const [inspection] = of('inspection');
    assert.deepEqual(Object.keys(inspection.stepNorm as object), [...PARAMETER_NAMES, 'dh', 'da']);
    assert.deepEqual(Object.keys(inspection.stepCosine as object), [...PARAMETER_NAMES]);
    for (const row of Object.values(inspection.stepNorm as Record<string, number[]>)) assert.equal(row.length, 10);
    assert.equal((inspection.characters as string[]).join(''), sampleText().slice(0, 10));

    const validation = of('validation').at(-1);
    assert.deepEqual([validation?.iteration, validation?.characters], [50, 399]);
    const lossNats = validation?.lossNats as number;
    assert.ok(Math.abs((validation?.bitsPerCharacter as number) - lossNats / Math.log(2)) < 1e-12);
    assert.match(stdout, new RegExp(`Validation loss after 50 iterations: ${lossNats.toFixed(3)} nats`));

    const sample = of('sample').at(-1);
    assert.deepEqual([sample?.iteration, sample?.temperature, sample?.prompt], [50, 0.8, '\n']);
    const { text: written, probabilities } = sample as Record<string, unknown> as {
      text: string;
      probabilities: number[];
    };
    assert.equal(written.length, probabilities.length);
    assert.ok(stdout.includes(written.trim()));

    const end = lines.at(-1);
    assert.deepEqual([end?.type, end?.reason, end?.iterations], ['end', 'finished', 50]);
    assert.ok((end?.charactersPerSecond as number) > 0);
    assert.equal(of('start').length + of('end').length, 2);
  });

  test('trains a network of other cells and layers: every parameter is in its events, and its lines are as short as ever', async () => {
    const choice = { cell: 'lstm', layers: 2 } as const;
    const network = networkOf(choice);
    const events = join(folder, 'lstm.jsonl');
    const set = Object.entries(choice).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
    const run = ['train', text, ...SMALL, ...set, '--iterations', '20', '--inspect', 'every', '--events', events];
    const { code, stdout, stderr } = await headless(folder, ...run);
    assert.equal(code, 0, stderr);
    const lines = await linesOf(events);
    const [iteration] = lines.filter((line) => line.type === 'iteration');
    assert.deepEqual(Object.keys(iteration.gradNormByParameter as object), network.parameterNames);
    const [inspection] = lines.filter((line) => line.type === 'inspection');
    assert.deepEqual(Object.keys(inspection.stepNorm as object), network.stepQuantities);
    assert.match(stdout, /Validation loss after 20 iterations: \d\.\d{3} nats/);
    for (const line of stderr.trim().split('\n')) assert.ok(line.length < 250 && !line.includes('W_'), line);
  });

  test('repeats a run bit for bit, with all kernels and any number of threads', async () => {
    const kinds = ['relaxed', 'reference', 'simd', 'scalar'];
    for (const kernels of kinds.slice(0, amount(kinds.length, 2, 'kinds of kernels of the terminal'))) {
      const files = ['first', 'second'].map((name) => join(folder, `${kernels}-${name}.jsonl`));
      for (const [index, file] of files.entries()) {
        const threads = ['--kernels', kernels, '--threads', String(index + 1)];
        const run = ['train', text, ...SMALL, '--iterations', '20', ...threads, '--events', file];
        assert.equal((await headless(folder, ...run)).code, 0);
      }
      const [first, second] = await Promise.all(files.map(linesOf));
      const fixed = (lines: Line[]) => lines.filter((line) => line.type === 'iteration' || line.type === 'validation');
      assert.equal(fixed(first).length, 21);
      assert.deepEqual(fixed(second), fixed(first));
    }
  });

  test('logs the step norms of every iteration where that is asked for, and none where that is', async () => {
    const inspected = async (mode: string): Promise<Line[]> => {
      const file = join(folder, `inspect-${mode}.jsonl`);
      const run = ['train', text, ...SMALL, '--iterations', '30', '--inspect', mode, '--events', file];
      assert.equal((await headless(folder, ...run)).code, 0);
      return (await linesOf(file)).filter((line) => line.type === 'inspection');
    };
    const every = await inspected('every');
    assert.deepEqual(
      every.map((line) => line.iteration),
      Array.from({ length: 30 }, (_, iteration) => iteration),
    );
    const norms = every.map((line) => Object.values(line.stepNorm as Record<string, number[]>).flat());
    assert.ok(
      norms.every((values) => values.length === 7 * 10 && values.every((norm) => norm >= 0) && Math.max(...values) > 0),
    );
    assert.deepEqual(await inspected('none'), []);
    const complete = await inspected('complete');
    assert.ok(complete.length > 0 && complete.every((line) => line.stepCosine !== undefined));
  });

  test('says how far it is on standard error, in lines without control characters where that is no terminal', async () => {
    const { stderr } = await headless(folder, 'train', text, ...SMALL, '--iterations', '3');
    assert.match(
      stderr,
      /3,600 characters to train on, 400 to validate; vocabulary \d+, [\d,]+ parameters; 3 iterations/,
    );
    assert.match(stderr, /after 3 iterations: validation loss \d\.\d{3} nats per character \(\d\.\d{3} bits\)/);
    // oxlint-disable-next-line no-control-regex -- their absence is what is tested
    assert.doesNotMatch(stderr, /[\r\u001b]/);
  });

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    test(`ends cleanly at ${signal}, with its end event and what it has so far`, async (context) => {
      const events = join(folder, `${signal}.jsonl`);
      const run = new Headless(folder, ['train', text, ...SMALL, '--set', 'maxEpochs=1e6', '--events', events]);
      context.after(() => run.process.kill('SIGKILL'));
      await run.says('validation loss');
      run.process.kill(signal);
      const { code, stdout, stderr } = await run.outcome();
      assert.equal(code, 130, stderr);
      const lines = await linesOf(events);
      const iterations = lines.filter((line) => line.type === 'iteration');
      const end = lines.at(-1);
      assert.deepEqual([end?.type, end?.reason, end?.iterations], ['end', 'interrupted', iterations.length]);
      assert.match(stdout, /^Interrupted after [\d,]+ iterations/);
      assert.doesNotMatch(stderr, /error|at .*\.cjs/);
    });
  }

  test('says why it ended, and that it never learnt', async () => {
    const epochs = await headless(folder, 'train', text, ...SMALL, '--set', 'maxEpochs=2', '--iterations', '1500');
    assert.match(
      epochs.stdout,
      /\nIt had 2 of 2 epochs to do \(maxEpochs\); --iterations 1500 needs --set maxEpochs=17\.\n/,
    );
    const iterations = await headless(folder, 'train', text, ...SMALL, '--iterations', '20');
    assert.match(iterations.stdout, /\nIt had 20 iterations to do \(--iterations\)\.\n/);
    const rate = ['--set', 'learningRate=50', '--set', 'optimizer=sgd', '--set', 'clipNorm=0'];
    const diverged = await headless(folder, 'train', text, ...SMALL, ...rate, '--iterations', '200');
    assert.match(
      diverged.stdout,
      /Training has diverged: the loss is .* nats, above the 3\.\d{3} of guessing \(ln V\)[^]* --set learningRate=5 --set clipNorm=5\./,
    );
  });

  test('stops where its progress is no longer read, quietly', async (context) => {
    const events = join(folder, 'closed.jsonl');
    const run = new Headless(folder, ['train', text, ...SMALL, '--set', 'maxEpochs=1e6', '--events', events]);
    context.after(() => run.process.kill('SIGKILL'));
    await run.says('characters to train on');
    run.process.stderr.destroy();
    run.process.stdout.destroy();
    const { code } = await run.outcome();
    assert.equal(code, 130);
    assert.equal((await linesOf(events)).at(-1)?.reason, 'interrupted');
  });
});

suite('headless help', () => {
  test('prints commands, exit codes and every setting', async () => {
    for (const argv of [['--help'], ['train', '--help'], ['-h']]) {
      const { code, stdout, stderr } = await headless(folder, ...argv);
      assert.deepEqual([code, stderr], [0, '']);
      for (const word of ['train FILE', 'backprop', 'replay', 'Exit codes', ...SETTING_NAMES, ...CELL_NAMES]) {
        assert.ok(stdout.includes(word), word);
      }
    }
  });

  test('prints the version of the package', async () => {
    const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
    assert.deepEqual(await headless(folder, '--version'), { code: 0, stdout: `${version}\n`, stderr: '' });
  });
});
