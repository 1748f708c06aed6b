import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { CheckpointFolder } from '../../../src/runs/disk/checkpoints.ts';
import { readRunFile } from '../../../src/runs/format/runFile.ts';
import { readRun } from '../../../src/runs/reading/runReader.ts';
import { sampleText } from '../../../src/text/sampleText.ts';
import { copyHeadless, headless, type Outcome } from './headless.ts';

let folder: string;
let text: string;
before(async () => {
  folder = await copyHeadless();
  text = join(folder, 'sample.txt');
  await writeFile(text, sampleText().slice(0, 8000));
});
after(() => rm(folder, { recursive: true }));

const SMALL = ['hiddenSize=8', 'sequenceLength=10', 'batchSize=4'].flatMap((setting) => ['--set', setting]);

async function succeeds(...argv: string[]): Promise<Outcome> {
  const outcome = await headless(folder, ...argv);
  assert.equal(outcome.code, 0, outcome.stderr);
  return outcome;
}

async function refuses(code: number, message: RegExp, ...argv: string[]): Promise<void> {
  const outcome = await headless(folder, ...argv);
  assert.equal(outcome.code, code, outcome.stderr);
  assert.match(outcome.stderr, message);
}

interface Iteration {
  readonly type: string;
  readonly iteration: number;
  readonly lossNats: number;
  readonly learningRate: number;
}

async function iterationsIn(path: string): Promise<Iteration[]> {
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Iteration).filter(({ type }) => type === 'iteration');
}

suite('a run that starts paused in VS Code', () => {
  test('goes on at once in the terminal; so does its fork, which says that it does not wait', async () => {
    const run = join(folder, 'waiting');
    await succeeds('train', text, ...SMALL, '--iterations', '5', '--out', run);
    const stored = join(run, 'run.json');
    const json = JSON.parse(await readFile(stored, 'utf8')) as { settings: Record<string, unknown> };
    json.settings.startPaused = 'yes';
    await writeFile(stored, JSON.stringify(json));
    await succeeds('resume', run, '--iterations', '8');
    assert.equal((await readRunFile(run)).iterations, 8);
    const fork = join(folder, 'waiting-fork');
    const { stderr } = await succeeds('fork', run, '--out', fork, '--iterations', '10');
    assert.match(stderr, /startPaused yes → no/);
    assert.deepEqual(
      [(await readRunFile(fork)).iterations, (await readRunFile(fork)).settings.startPaused],
      [10, 'no'],
    );
  });
});

suite('a run that goes on with other settings', () => {
  test('notes what changed and when, and computes with it from there on', async () => {
    const [run, events] = ['changed', 'changed.jsonl'].map((name) => join(folder, name));
    await succeeds('train', text, ...SMALL, '--iterations', '30', '--out', run, '--events', events);
    const { stderr } = await succeeds(
      ...[
        'resume',
        run,
        '--set',
        'learningRate=0.0005',
        '--set',
        'clipNorm=1',
        '--iterations',
        '50',
        '--events',
        events,
      ],
    );
    assert.match(stderr, /From iteration 30 on: learningRate 0\.002 → 0\.0005, clipNorm 5 → 1\./);
    const rates = (await iterationsIn(events)).map(({ learningRate }) => learningRate);
    assert.deepEqual(rates, [...new Array<number>(30).fill(0.002), ...new Array<number>(20).fill(0.0005)]);
    const change = {
      iteration: 30,
      before: { learningRate: 0.002, clipNorm: 5 },
      after: { learningRate: 0.0005, clipNorm: 1 },
    };
    const stored = await readRunFile(run);
    assert.deepEqual(stored.settingChanges, [change]);
    assert.equal(stored.settings.learningRate, 0.0005);
    // Neither is lost where it goes on once more, and its events are still its own.
    await succeeds('resume', run, '--iterations', '60', '--events', events);
    const again = await readRunFile(run);
    assert.deepEqual([again.settings.learningRate, again.settingChanges], [0.0005, [change]]);
    assert.equal((await iterationsIn(events)).length, 60);
  });

  test('keeps what it cannot go on without, and is told the way', async () => {
    const resume = (setting: string) => ['resume', 'r', '--set', setting];
    await refuses(
      2,
      /--set batchSize=2: the run keeps its batchSize\. Fork it .*: fork r --out NEW --set batchSize=2\. .* learningRate/,
      ...resume('batchSize=2'),
    );
    await refuses(
      2,
      /--set hiddenSize=2: the run keeps its hiddenSize\. Train anew .*: train FILE --set hiddenSize=2\./,
      ...resume('hiddenSize=2'),
    );
    await refuses(2, /learningRate is -1; it must be a number from/, ...resume('learningRate=-1'));
    await refuses(2, /no setting "rate"/, ...resume('rate=1'));
  });
});

suite('a fork', () => {
  let parent: string;
  before(async () => {
    parent = join(folder, 'parent');
    await succeeds('train', text, ...SMALL, '--iterations', '40', '--out', parent);
    await succeeds('resume', parent, '--iterations', '80');
  });

  test('goes on from a checkpoint with the history up to it, as if the run had, and leaves the run as it is', async () => {
    const before = await readFile(join(parent, 'metrics'));
    const run = join(folder, 'same');
    const [ofFork, ofRun] = ['fork.jsonl', 'whole.jsonl'].map((name) => join(folder, name));
    await succeeds('fork', parent, '--out', run, '--iterations', '100', '--events', ofFork);
    await succeeds('train', text, ...SMALL, '--iterations', '100', '--events', ofRun);
    const losses = async (path: string) => (await iterationsIn(path)).map(({ lossNats }) => lossNats);
    assert.deepEqual(await losses(ofFork), (await losses(ofRun)).slice(80));
    const stored = await readRunFile(run);
    assert.deepEqual(stored.forkedFrom, { runId: 'parent', iteration: 80, label: 'parent', ownFrom: 80 });
    assert.deepEqual([stored.runId, stored.iterations, stored.state], ['same', 100, 'finished']);
    assert.equal((await readRun(run)).history.iterations, 100);
    assert.deepEqual(await readFile(join(parent, 'metrics')), before);
    // It is a run like others.
    await succeeds('resume', run, '--iterations', '110');
  });

  test('tells its own changes, and takes the events of its parent for those of another run', async () => {
    const run = join(folder, 'faster');
    const events = join(folder, 'parents.jsonl');
    const other = join(folder, 'told');
    await succeeds('train', text, ...SMALL, '--iterations', '60', '--out', other, '--events', events);
    await succeeds('resume', other, '--iterations', '80', '--events', events);
    await succeeds('fork', other, '--out', run, '--at', '60', '--set', 'learningRate=0.01', '--iterations', '70');
    const { settingChanges, settings } = await readRunFile(run);
    assert.deepEqual(
      settingChanges?.map(({ iteration, after }) => [iteration, after.learningRate]),
      [[60, settings.learningRate]],
    );
    const before = await readFile(events);
    const refused = /which holds the events of another run\. Choose another file\./;
    await refuses(1, refused, 'resume', run, '--iterations', '75', '--events', events);
    // As an earlier version wrote it, and of a fork with the same settings.
    const unnamed = join(folder, 'unnamed.jsonl');
    await writeFile(unnamed, before.toString().replace(/"runId":"[^"]*",/, ''));
    const same = join(folder, 'as-before');
    await succeeds('fork', other, '--out', same, '--at', '60', '--iterations', '70');
    await refuses(1, refused, 'resume', same, '--iterations', '75', '--events', unnamed);
    assert.deepEqual(await readFile(events), before);
    // Its own are its own.
    const own = join(folder, 'own.jsonl');
    await succeeds('resume', run, '--iterations', '75', '--events', own);
    await succeeds('resume', run, '--iterations', '78', '--events', own);
    assert.deepEqual(
      (await iterationsIn(own)).map(({ iteration }) => iteration),
      [70, 71, 72, 73, 74, 75, 76, 77],
    );
  });

  test('of another batch size counts anew with the network', async () => {
    const run = join(folder, 'wider');
    const { stderr } = await succeeds('fork', parent, '--out', run, '--set', 'batchSize=8', '--iterations', '10');
    assert.match(
      stderr,
      /begins with the network of ".*parent" after 80 iterations, and counts anew: batchSize 4 → 8\./,
    );
    const stored = await readRunFile(run);
    assert.deepEqual([stored.iterations, stored.settings.batchSize], [10, 8]);
    assert.deepEqual(stored.forkedFrom, { runId: 'parent', iteration: 80, label: 'parent', ownFrom: 0 });
  });

  test('begins at the best validation, or at an iteration that has a checkpoint', async () => {
    const infos = await new CheckpointFolder(parent).list();
    const best = infos.find(({ isBest }) => isBest)?.iteration;
    assert.ok(best !== undefined);
    await succeeds('fork', parent, '--at', 'best', '--out', join(folder, 'at-best'), '--iterations', '90');
    assert.equal((await readRunFile(join(folder, 'at-best'))).forkedFrom?.iteration, best);
    await succeeds(
      'fork',
      parent,
      '--at',
      '40',
      '--out',
      join(folder, 'at-40'),
      '--iterations',
      '45',
      '--set',
      'learningRate=0.01',
    );
    const at40 = join(folder, 'at-40');
    assert.equal((await readRunFile(at40)).forkedFrom?.iteration, 40);
    assert.equal((await readRun(at40)).history.iterations, 45);
    await refuses(
      1,
      /no checkpoint of iteration 41\. Those that it has are .*40/,
      'fork',
      parent,
      '--at',
      '41',
      '--out',
      join(folder, 'none'),
    );
  });

  test('on another text takes the network alone; a text that changed by itself is not taken for one', async () => {
    const other = join(folder, 'other.txt');
    await writeFile(other, Buffer.from(sampleText().slice(100, 6000), 'utf16le'));
    const run = join(folder, 'elsewhere');
    await succeeds('fork', parent, '--file', other, '--encoding', 'utf-16le', '--out', run, '--iterations', '10');
    const { text: stored, iterations } = await readRunFile(run);
    assert.deepEqual([stored?.fileName, stored?.encoding, iterations], ['other.txt', 'utf-16le', 10]);
    const moving = join(folder, 'moving.txt');
    await writeFile(moving, sampleText().slice(0, 4000));
    const moved = join(folder, 'moved');
    await succeeds('train', moving, ...SMALL, '--iterations', '5', '--out', moved);
    await writeFile(moving, sampleText().slice(0, 5000));
    const fork = ['fork', moved, '--out', join(folder, 'moved-fork'), '--iterations', '9'];
    await refuses(
      1,
      /"[^"]*moving\.txt" changed since the run began\. .*--text kept; or with the new text: --file /,
      ...fork,
    );
    await succeeds(...fork, '--text', 'kept');
  });

  test('is refused where it would end at once, has no folder, or changes the network', async () => {
    const out = ['--out', join(folder, 'refused')];
    await refuses(
      1,
      /has 80 iterations, and --iterations is 70\. Give the fork more/,
      'fork',
      parent,
      ...out,
      '--iterations',
      '70',
    );
    await refuses(
      1,
      /has 80 iterations, all of its 0\.1 epochs\. .*--set maxEpochs=0\.2\./,
      'fork',
      parent,
      ...out,
      '--set',
      'maxEpochs=0.1',
    );
    await refuses(2, /fork needs --out NEW/, 'fork', parent);
    await refuses(2, /--set seed=3: the run keeps its seed\. Train anew/, 'fork', parent, ...out, '--set', 'seed=3');
    await refuses(2, /--encoding belongs to --file PATH/, 'fork', parent, ...out, '--encoding', 'latin1');
    await refuses(1, /There is a run in ".*parent" already/, 'fork', parent, '--out', parent, '--iterations', '90');
  });
});
