import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { EXPORT_FORMAT_IDS } from '../../../src/runs/export/index.ts';
import { readRun } from '../../../src/runs/reading/runReader.ts';
import { readRunFile } from '../../../src/runs/format/runFile.ts';
import { sampleText } from '../../../src/text/sampleText.ts';
import { amount } from '../../run/amount.ts';
import { checkpointsIn } from '../runs/recording/killedRuns.ts';
import { copyHeadless, Headless, headless, type Outcome } from './headless.ts';

let folder: string;
let text: string;
before(async () => {
  folder = await copyHeadless();
  text = join(folder, 'sample.txt');
  await writeFile(text, TEXT);
  await succeeds('train', text, ...SMALL, '--iterations', '60', '--out', join(folder, 'trained'));
});
after(() => rm(folder, { recursive: true }));

const TEXT = sampleText().slice(0, 8000);
const SMALL = ['hiddenSize=8', 'sequenceLength=10', 'batchSize=4'].flatMap((setting) => ['--set', setting]);

interface Line {
  readonly type: string;
  readonly iteration: number;
  readonly [field: string]: unknown;
}

async function linesOf(path: string): Promise<Line[]> {
  const content = await readFile(path, 'utf8');
  return content
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

function iterationsOf(lines: readonly Line[]): Line[] {
  return lines.filter(({ type }) => type === 'iteration');
}

function validationsOf(lines: readonly Line[]): Line[] {
  return lines.filter(({ type }) => type === 'validation');
}

async function succeeds(...argv: string[]): Promise<Outcome> {
  const outcome = await headless(folder, ...argv);
  assert.equal(outcome.code, 0, outcome.stderr);
  return outcome;
}

/** One line that says what and what to do, and nothing on standard output. */
async function refuses(code: number, message: RegExp, ...argv: string[]): Promise<void> {
  const outcome = await headless(folder, ...argv);
  const [error, ...rest] = outcome.stderr.trimEnd().split('\n');
  assert.match(error, message);
  assert.deepEqual([outcome.code, outcome.stdout], [code, '']);
  if (code === 1) assert.deepEqual(rest, []);
}

suite('headless runs', () => {
  const ways = [
    ['auto', '1'],
    ['simd', '2'],
    ['reference', '1'],
  ];
  for (const [kernels, threads] of ways.slice(0, amount(ways.length, 2, 'ways to go on'))) {
    test(`goes on with the losses of an uninterrupted run, bit for bit (${kernels}, threads ${threads})`, async () => {
      const events = (name: string) => join(folder, `${kernels}-${name}.jsonl`);
      const run = join(folder, `exact-${kernels}`);
      const train = ['train', text, ...SMALL, '--kernels', kernels];
      await succeeds(...train, '--iterations', '400', '--events', events('whole'));
      await succeeds(...train, '--iterations', '150', '--events', events('first'), '--out', run);
      await succeeds('resume', run, '--iterations', '400', '--threads', threads, '--events', events('second'));
      const [whole, first, second] = await Promise.all(
        ['whole', 'first', 'second'].map((name) => linesOf(events(name))),
      );
      assert.equal(iterationsOf(whole).length, 400);
      assert.deepEqual([...iterationsOf(first), ...iterationsOf(second)], iterationsOf(whole));
      // The end of the first part was validated besides.
      const scheduled = [...validationsOf(first), ...validationsOf(second)].filter(
        ({ iteration }) => iteration !== 150,
      );
      assert.deepEqual(scheduled, validationsOf(whole));
      assert.ok(validationsOf(second).length > 1);
      assert.equal((await readRun(run)).history.iterations, 400);
    });
  }

  test('is kept in a folder below a link of the person’s own', { skip: process.platform === 'win32' }, async () => {
    const [disk, link] = ['disk', 'link'].map((name) => join(folder, name));
    await mkdir(disk);
    await symlink(disk, link);
    await succeeds('train', text, ...SMALL, '--iterations', '5', '--out', join(link, 'kept'));
    await succeeds('resume', join(link, 'kept'), '--iterations', '9');
    assert.equal((await readRun(join(disk, 'kept'))).history.iterations, 9);
  });

  test('goes on after Ctrl-C, from the very iteration at which it ended', async (context) => {
    const run = join(folder, 'interrupted');
    const events = join(folder, 'interrupted.jsonl');
    const endless = new Headless(folder, ['train', text, ...SMALL, '--set', 'maxEpochs=1e6', '--out', run]);
    context.after(() => endless.process.kill('SIGKILL'));
    await endless.says('validation loss');
    endless.process.kill('SIGINT');
    const { code, stdout, stderr } = await endless.outcome();
    assert.equal(code, 130, stderr);
    const stored = await readRunFile(run);
    assert.equal(stored.state, 'stopped');
    assert.equal((await checkpointsIn(run))[0], stored.iterations);
    assert.ok(stdout.includes(`The run is kept in ${run}. Go on with it: resume ${run}\n`), stdout);
    assert.deepEqual((await readdir(run)).sort(), ['checkpoints', 'metrics', 'run.json', 'samples', 'text']);
    await succeeds('resume', run, '--iterations', String(stored.iterations + 5), '--events', events);
    const lines = await linesOf(events);
    assert.deepEqual(
      iterationsOf(lines).map(({ iteration }) => iteration),
      [0, 1, 2, 3, 4].map((more) => stored.iterations + more),
    );
    const { state, text: kept } = await readRunFile(run);
    assert.deepEqual([state, kept?.isKept], ['finished', true]);
  });

  test('logs a checkpoint once it is in place, before the end', async () => {
    const run = join(folder, 'logged');
    const events = join(folder, 'logged.jsonl');
    await succeeds('train', text, ...SMALL, '--iterations', '30', '--out', run, '--events', events);
    const lines = await linesOf(events);
    const last = lines.filter(({ type }) => type === 'checkpoint').at(-1);
    assert.deepEqual([last?.iteration, last?.reason], [30, 'end']);
    assert.ok((last?.bytes as number) > 0);
    assert.equal(lines.at(-1)?.type, 'end');
  });

  test('keeps no text beyond the limit, and none of a folder that is in use or not empty', async () => {
    const run = join(folder, 'textless');
    await succeeds('train', text, ...SMALL, '--iterations', '3', '--out', run, '--keep-text', '0.001');
    assert.equal(existsSync(join(run, 'text')), false);
    await refuses(
      1,
      /^error: The text of the run in ".*" is not kept/,
      'resume',
      run,
      '--text',
      'kept',
      '--iterations',
      '9',
    );
    await refuses(1, /^error: There is a run in ".*" already\. Go on with it: resume/, 'train', text, '--out', run);
    const full = join(folder, 'full');
    await mkdir(full);
    await writeFile(join(full, 'text'), 'mine');
    await refuses(1, /^error: The folder ".*full" is not empty: "text"/, 'train', text, '--out', full);
    assert.equal(await readFile(join(full, 'text'), 'utf8'), 'mine');
  });

  test('leaves no folder of a text that cannot be trained on', async () => {
    const empty = join(folder, 'empty.txt');
    await writeFile(empty, '');
    await refuses(1, /^error: .*empty/, 'train', empty, '--out', join(folder, 'of-nothing'));
    assert.equal(existsSync(join(folder, 'of-nothing')), false);
  });

  test('a text that changed is said to have, and the kept one or a moved one goes on', async () => {
    const own = join(folder, 'own.txt');
    const run = join(folder, 'changing');
    await writeFile(own, TEXT);
    await succeeds('train', own, ...SMALL, '--iterations', '5', '--out', run);
    const before = await readFile(join(run, 'run.json'));
    await appendFile(own, 'x');
    const resume = (iterations: number) => ['resume', run, '--iterations', String(iterations)];
    await refuses(
      1,
      /own\.txt" changed since the run began: it had \d+ bytes, and now has \d+\. Go on with the text as it was: --text kept; or begin anew on the new text: train .*own\.txt --out ANOTHER_RUN\.$/,
      ...resume(10),
    );
    assert.deepEqual(await readFile(join(run, 'run.json')), before, 'nothing of the run changed');
    await succeeds(...resume(10), '--text', 'kept');
    await rm(own);
    await refuses(1, /Name its new place with --file PATH, or go on with the text as it was kept/, ...resume(15));
    const moved = join(folder, 'moved.txt');
    await writeFile(moved, TEXT);
    await succeeds(...resume(15), '--file', moved);
    await succeeds(...resume(20));
    assert.equal((await readRun(run)).history.iterations, 20);
  });

  test('a run that is over says how it can go on', async () => {
    const run = join(folder, 'over');
    await succeeds('train', text, ...SMALL, '--set', 'maxEpochs=0.1', '--out', run);
    const { iterations } = await readRunFile(run);
    await refuses(1, /all of its 0\.1 epochs\. Give a higher number of them with --epochs\.$/, 'resume', run);
    await refuses(1, /all of its 0\.1 epochs/, 'resume', run, '--iterations', '1000');
    await succeeds('resume', run, '--epochs', '0.2');
    const { iterations: more } = await readRunFile(run);
    assert.ok(more > iterations);
    await refuses(
      1,
      /has done \d+ iterations, and --iterations is 3\./,
      'resume',
      run,
      '--epochs',
      '9',
      '--iterations',
      '3',
    );
  });

  test('a run that was given a number of iterations says that more epochs alone do not lift it', async () => {
    const run = join(folder, 'counted');
    await succeeds('train', text, ...SMALL, '--iterations', '4', '--out', run);
    await refuses(
      1,
      /has done 4 iterations, and --iterations 4, with which it was trained, holds beside --epochs 40\. Give a higher number with --iterations/,
      'resume',
      run,
      '--epochs',
      '40',
    );
  });

  test('belongs to one process at a time', async (context) => {
    const run = join(folder, 'shared');
    const owner = new Headless(folder, ['train', text, ...SMALL, '--set', 'maxEpochs=1e6', '--out', run]);
    context.after(() => owner.process.kill('SIGKILL'));
    // Training begins before the folder is there.
    await owner.until(() => existsSync(join(run, 'run.json')));
    await refuses(
      1,
      /belongs to the headless form on .* \(process \d+\), which showed life .*\. Pause or stop it there first; resume --take-over .*\.$/,
      'resume',
      run,
    );
    // Looking is possible meanwhile.
    await succeeds('export', run, '--to', 'csv');
    owner.process.kill('SIGTERM');
    assert.equal((await owner.outcome()).code, 130);
  });

  test('damage to the newest checkpoint is said, and the one before goes on', async () => {
    const run = join(folder, 'damaged');
    await succeeds('train', text, ...SMALL, '--iterations', '20', '--out', run);
    await succeeds('resume', run, '--iterations', '40');
    const names = (await readdir(join(run, 'checkpoints'))).filter((name) => name.includes('040'));
    for (const name of names) await writeFile(join(run, 'checkpoints', name), 'torn');
    const { stderr } = await succeeds('resume', run, '--iterations', '45');
    assert.match(stderr, /^warning: .*000000000040/m);
    assert.match(stderr, /going on after 20\./);
    assert.equal((await readRun(run)).history.iterations, 45);
  });
});

suite('headless sample', () => {
  const sample = (...options: string[]) => succeeds('sample', join(folder, 'trained'), ...options);

  test('writes the text alone, the same for a seed', async () => {
    const options = ['--length', '80', '--prompt', 'the ', '--seed', '3'];
    const first = await sample(...options);
    assert.equal(first.stdout.length, 4 + 80 + 1);
    assert.ok(first.stdout.startsWith('the ') && first.stdout.endsWith('\n'));
    assert.equal(first.stderr, 'Written with the checkpoint of iteration 60, at temperature 0.8, seed 3.\n');
    assert.equal((await sample(...options)).stdout, first.stdout);
    assert.notEqual((await sample('--length', '80', '--prompt', 'the ', '--seed', '4')).stdout, first.stdout);
  });

  test('draws the likeliest character alone where it is told to, whatever the seed', async () => {
    const [one, other] = await Promise.all(['1', '2'].map((seed) => sample('--top-k', '1', '--seed', seed)));
    assert.equal(one.stdout, other.stdout);
  });

  test('refuses what is not there', async () => {
    const run = join(folder, 'trained');
    await refuses(
      1,
      /has no checkpoint of iteration 7\. Those that it has are 60, 60 \(best\)\.$/,
      'sample',
      run,
      '--checkpoint',
      '7',
    );
    await refuses(1, /^error: The character "¤"/, 'sample', run, '--prompt', '¤');
    await refuses(1, /^error: There is no run in "nowhere"/, 'sample', 'nowhere');
    await refuses(2, /--temperature is "6"; it must be a number from 0 to 5\.$/, 'sample', run, '--temperature', '6');
    await refuses(
      2,
      /--length is "1e3"; it must be a whole number from 1 to 10000\.$/,
      'sample',
      run,
      '--length',
      '1e3',
    );
  });
});

suite('headless export', () => {
  test('writes every format beside the run, and overwrites nothing', async () => {
    const run = join(folder, 'trained');
    for (const format of EXPORT_FORMAT_IDS) {
      const { stdout } = await succeeds('export', run, '--to', format);
      assert.ok(existsSync(stdout.trimEnd()), stdout);
      await refuses(1, /is there already\. Choose another place with --out PATH\.$/, 'export', run, '--to', format);
    }
  });

  test('the report shows the window that comes next, and says why where the text is not to be had', async () => {
    const run = join(folder, 'reported');
    const own = join(folder, 'reported.txt');
    await writeFile(own, TEXT);
    await succeeds('train', own, ...SMALL, '--iterations', '7', '--out', run, '--keep-text', '0');
    await rename(own, `${own}.moved`);
    const without = join(folder, 'without.html');
    await succeeds('export', run, '--to', 'html', '--out', without);
    assert.match(await readFile(without, 'utf8'), /No window is shown unrolled\. The text is not to be had/);
    await rename(`${own}.moved`, own);
    const page = join(folder, 'with.html');
    await succeeds('export', run, '--to', 'html', '--out', page);
    const html = await readFile(page, 'utf8');
    // Iteration 7 of stream 0 reads the symbols from 70 on.
    assert.match(html, /The 10 time steps of stream 1 of 4, iteration 7/);
    assert.match(html, /from the character 70 of the text on/);
  });

  test('JSON lines hold what --events wrote', async () => {
    const run = join(folder, 'twice');
    const events = join(folder, 'twice.jsonl');
    const exported = join(folder, 'exported.jsonl');
    await succeeds('train', text, ...SMALL, '--iterations', '25', '--out', run, '--events', events);
    await succeeds('export', run, '--to', 'jsonl', '--out', exported);
    const [written, read] = await Promise.all([linesOf(events), linesOf(exported)]);
    assert.deepEqual(iterationsOf(read), iterationsOf(written));
    assert.deepEqual(validationsOf(read), validationsOf(written));
  });
});
