import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { helpText } from '../../../src/cli/usage.ts';
import type { Setting } from '../../../src/protocol/setting.ts';
import { SETTINGS } from '../../../src/protocol/settings.ts';
import { CheckpointFolder } from '../../../src/runs/disk/checkpoints.ts';
import { readRunFile } from '../../../src/runs/format/runFile.ts';
import { sampleText } from '../../../src/text/sampleText.ts';
import { copyHeadless, headless, type Outcome } from './headless.ts';

let folder: string;
let text: string;
let run: string;
before(async () => {
  folder = await copyHeadless();
  text = join(folder, 'text.txt');
  await writeFile(text, sampleText().slice(0, 4000));
  run = join(folder, 'first');
  await succeeds('train', '--sample', ...SMALL, '--iterations', '40', '--keep-text', '0', '--out', run);
});
after(() => rm(folder, { recursive: true }));

const SMALL = ['hiddenSize=8', 'sequenceLength=10', 'batchSize=4'].flatMap((setting) => ['--set', setting]);

async function succeeds(...argv: string[]): Promise<Outcome> {
  const outcome = await headless(folder, ...argv);
  assert.equal(outcome.code, 0, outcome.stderr);
  return outcome;
}

async function misuse(message: RegExp, ...argv: string[]): Promise<void> {
  const { code, stderr } = await headless(folder, ...argv);
  assert.equal(code, 2, stderr);
  assert.match(stderr.split('\n', 1)[0], message);
}

suite('a first try', () => {
  test('needs no file: the sample text comes with the program, and says what it is', async () => {
    const { stderr } = await succeeds('train', '--sample', ...SMALL, '--iterations', '3');
    const count = Math.round(sampleText().length * 0.9).toLocaleString('en-US');
    assert.match(stderr, new RegExp(`^sample\\.txt: ${count} characters to train on`));
    assert.match(
      stderr,
      /^sample\.txt is the sample text that comes with this program: .* entropy, \d\.\d{3} nats per/m,
    );
  });

  test('is kept with its text, and goes on without a word of where that is', async () => {
    assert.equal(await readFile(join(run, 'text'), 'utf8'), sampleText());
    await succeeds('resume', run, '--iterations', '45');
    const { text: stored, facts } = await readRunFile(run);
    assert.deepEqual([stored?.fileName, stored?.isKept], ['sample.txt', true]);
    assert.ok(facts?.knownEntropyNats !== undefined);
  });

  test('takes no file besides', async () => {
    await misuse(/train takes no file with --sample; "x\.txt" is one too many\.$/, 'train', 'x.txt', '--sample');
    await misuse(/--encoding belongs to a file/, 'train', '--sample', '--encoding', 'latin1');
    await misuse(/train needs a file, or --sample for the sample text\.$/, 'train');
  });

  test('on a text that is too short names lengths with which it trains', async () => {
    for (const [length, given] of [
      [40, []],
      [400, []],
      [40, ['--set', 'batchSize=1']],
    ] as const) {
      const short = join(folder, 'short.txt');
      await writeFile(short, sampleText().slice(0, length));
      const refused = await headless(folder, 'train', short, ...given);
      assert.equal(refused.code, 1);
      const hint = /Try ((?:--set \w+=\d+ ?)+)\.$/m.exec(refused.stderr)?.[1] ?? assert.fail(refused.stderr);
      await succeeds('train', short, ...given, ...hint.trim().split(' '), '--iterations', '2');
    }
  });
});

suite('what a run came to', () => {
  const ended = async (...argv: string[]) => (await succeeds('train', text, ...SMALL, ...argv)).stdout;

  test('says that it is no better than guessing, however few its iterations', async () => {
    const wild = ['--set', 'optimizer=sgd', '--set', 'learningRate=80', '--set', 'clipNorm=0'];
    assert.match(
      await ended(...wild, '--iterations', '20'),
      /Training has diverged: the loss is \S+ nats, above the 3\.\d{3} of guessing \(ln V\) .*\nTrain again with --set learningRate=8 --set clipNorm=5\.\n/,
    );
    // Less than an epoch of 9,000 iterations.
    const long = ['train', '--sample', ...SMALL, '--set', 'batchSize=1', ...wild, '--iterations', '120'];
    assert.match((await succeeds(...long)).stdout, /Training has diverged: .*\nTrain again with --set learningRate=8/);
    assert.doesNotMatch(await ended('--iterations', '200'), /guessing/);
  });

  test('names the epochs that more iterations need in a run that goes on, too', async () => {
    const short = join(folder, 'two-epochs');
    await succeeds('train', text, ...SMALL, '--set', 'maxEpochs=1', '--iterations', '50', '--out', short);
    const { stdout } = await succeeds('resume', short, '--iterations', '1500');
    assert.match(stdout, /It had 1 of 1 epochs to do \(maxEpochs\); --iterations 1500 needs --set maxEpochs=17\./);
    await succeeds('resume', short, '--iterations', '100', '--set', 'maxEpochs=17');
  });
});

suite('sampled text', () => {
  const sampled = async (...argv: string[]) => (await succeeds('sample', run, '--length', '60', ...argv)).stdout;

  test('is at temperature 0 the likeliest, whatever the seed', async () => {
    const greedy = await sampled('--temperature', '0', '--seed', '1');
    assert.equal(await sampled('--temperature', '0', '--seed', '2'), greedy);
    // With one choice only there is nothing to draw.
    assert.equal(await sampled('--top-k', '1', '--seed', '3'), greedy);
    assert.notEqual(await sampled('--temperature', '5', '--seed', '1'), greedy);
    const { stdout } = await succeeds('train', text, ...SMALL, '--set', 'temperature=0', '--iterations', '3');
    assert.match(stdout, /at temperature 0:\n/);
    await misuse(
      /--temperature is "-0\.5"; it must be a number from 0 to 5\.$/,
      'sample',
      run,
      '--temperature',
      '-0.5',
    );
  });

  test('goes on from a prompt whose unknown characters are all named', async () => {
    const { code, stderr } = await headless(folder, 'sample', run, '--prompt', 'Öl für 1 €?');
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^error: The characters "Ö" \(U\+00D6\), "ü" \(U\+00FC\), "1" \(U\+0031\), "€" \(U\+20AC\) and "\?" \(U\+003F\) do not occur/,
    );
  });

  test('says of a number below its range what it may be', async () => {
    await misuse(
      /^error: --seed is "-1"; it must be a whole number from 0 to 2147483647\.$/,
      'sample',
      run,
      '--seed',
      '-1',
    );
    await misuse(/^error: seed is -1; it must be a whole number from 0/, 'train', text, '--set', 'seed=-1');
    await misuse(/^error: threads is -2; it must be a whole number from 0 to 64\.$/, 'train', text, '--threads', '-2');
    // What begins with a dash may be a value.
    assert.match((await headless(folder, 'sample', run, '--prompt', '-1')).stderr, /"-" \(U\+002D\) and "1"/);
  });

  test(
    'of bytes is printable on a terminal',
    { skip: process.platform === 'linux' ? false : 'no script(1)' },
    async () => {
      const bytes = join(folder, 'bytes.bin');
      await writeFile(
        bytes,
        Uint8Array.from({ length: 3000 }, (_, at) => 128 + (at % 120)),
      );
      const raw = join(folder, 'raw');
      await succeeds('train', bytes, '--set', 'tokens=bytes', ...SMALL, '--iterations', '2', '--out', raw);
      const command = `"${process.execPath}" "${join(folder, 'dist', 'cli.cjs')}" sample "${raw}" --length 50 2>/dev/null`;
      const { stdout } = await promisify(execFile)('script', ['-qec', command, '/dev/null'], { encoding: 'latin1' });
      assert.match(stdout, /^(\\x[0-9A-F]{2}|[\xc2-\xf4][\x80-\xbf]+)+\r\n$/);
      assert.match(stdout, /\\x[8-9A-F][0-9A-F]/);
    },
  );
});

suite('the help', () => {
  test('names the constants of every optimizer', () => {
    const help = helpText();
    for (const line of [
      /^ +momentum +Gradient descent with momentum 0\.9\.$/m,
      /^ +adagrad +Adagrad, eps 1e-8\.$/m,
      /^ +rmsprop +RMSprop, alpha 0\.95, eps 1e-8\.$/m,
      /^ +adam +Adam, betas 0\.9 and 0\.999, eps 1e-8\.$/m,
      /--set name=value +Changes a setting from there on/,
    ]) {
      assert.match(help, line);
    }
    assert.ok(help.split('\n').every((line) => line.length <= 250));
  });

  test('sets every choice of a setting apart from what it does', () => {
    const lines = helpText().split('\n');
    for (const { choices = [] } of Object.values<Setting & { choices?: readonly string[] }>(SETTINGS)) {
      for (const choice of choices) {
        assert.ok(
          lines.some((line) => line.startsWith(`      ${choice}  `)),
          choice,
        );
      }
    }
  });
});

test('a fork and a resumption are tried from a run of the sample text', async () => {
  const [{ iteration }] = await new CheckpointFolder(run).list();
  await succeeds('fork', run, '--out', join(folder, 'second'), '--iterations', String(iteration + 3));
});
