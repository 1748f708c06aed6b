import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { sampleText } from '../../../src/text/sampleText.ts';
import { copyHeadless, headless } from './headless.ts';

let folder: string;
let text: string;
before(async () => {
  folder = await copyHeadless();
  text = join(folder, 'sample.txt');
  await writeFile(text, sampleText().slice(0, 8000));
});
after(() => rm(folder, { recursive: true }));

const SMALL = ['hiddenSize=8', 'sequenceLength=10', 'batchSize=4'].flatMap((setting) => ['--set', setting]);

interface Line {
  readonly type: string;
  readonly [field: string]: unknown;
}

async function linesOf(path: string): Promise<Line[]> {
  const content = await readFile(path, 'utf8');
  return content
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

async function succeeds(...argv: string[]): Promise<void> {
  const { code, stderr } = await headless(folder, ...argv);
  assert.equal(code, 0, stderr);
}

async function refuses(message: RegExp, ...argv: string[]): Promise<void> {
  const { code, stderr } = await headless(folder, ...argv);
  assert.equal(code, 1);
  assert.match(stderr, message);
}

suite('a file of events that is there', () => {
  test('is gone on with at the place of the checkpoint', async () => {
    const [events, whole] = ['one.jsonl', 'whole.jsonl'].map((name) => join(folder, name));
    const run = join(folder, 'one-file');
    const train = ['train', text, ...SMALL, '--events'];
    await succeeds(...train, whole, '--iterations', '60');
    await succeeds(...train, events, '--iterations', '40', '--out', run);
    // As a process leaves it that was killed beyond its checkpoint: iterations that will come again, and half a line.
    const lines = (await readFile(events, 'utf8')).trimEnd().split('\n').slice(0, -1);
    const beyond = lines.filter((line) => line.includes('"iteration":39')).map((line) => line.replace('39', '41'));
    await writeFile(events, [...lines, ...beyond, '{"type":"iter'].join('\n'));
    await succeeds('resume', run, '--iterations', '60', '--events', events);
    const written = await linesOf(events);
    const iterations = (all: readonly Line[]): Line[] => all.filter(({ type }) => type === 'iteration');
    assert.deepEqual(iterations(written), iterations(await linesOf(whole)));
    const types = written.map(({ type }) => type);
    assert.deepEqual([types.indexOf('start'), types.lastIndexOf('start')], [0, 0]);
    assert.deepEqual([types.indexOf('end'), types.lastIndexOf('end')], [written.length - 1, written.length - 1]);
  });

  test('is replaced neither by a new run nor by another one', async () => {
    const run = join(folder, 'a-run');
    await succeeds('train', text, ...SMALL, '--iterations', '20', '--out', run);
    const [seeded, notes] = ['seeded.jsonl', 'notes.txt'].map((name) => join(folder, name));
    await succeeds('train', text, ...SMALL, '--set', 'seed=2', '--iterations', '5', '--events', seeded);
    await writeFile(notes, 'my notes\n');
    const before = await readFile(seeded, 'utf8');
    const there = /--events is ".*seeded\.jsonl", which is there already\. Choose another file, or remove it\./;
    await refuses(there, 'train', text, ...SMALL, '--iterations', '5', '--events', seeded);
    const goOn = ['resume', run, '--iterations', '40', '--events'];
    await refuses(/seeded\.jsonl", which holds the events of another run/, ...goOn, seeded);
    await refuses(/notes\.txt", which is there already and holds no events of a run \(line 1\)/, ...goOn, notes);
    assert.equal(await readFile(seeded, 'utf8'), before);
    assert.equal(await readFile(notes, 'utf8'), 'my notes\n');
  });
});
