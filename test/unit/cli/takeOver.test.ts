import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readRun } from '../../../src/runs/reading/runReader.ts';
import { sampleText } from '../../../src/text/sampleText.ts';
import { copyHeadless, Headless, headless } from './headless.ts';

let folder: string;
before(async () => {
  folder = await copyHeadless();
});
after(() => rm(folder, { recursive: true }));

test('a run under way elsewhere is resumed only with --take-over; the other program stops, and nothing is contradictory', async () => {
  const text = join(folder, 'sample.txt');
  await writeFile(text, sampleText());
  const run = join(folder, 'run');
  const small = ['hiddenSize=8', 'sequenceLength=10', 'batchSize=4', 'maxEpochs=100000'].flatMap((one) => [
    '--set',
    one,
  ]);
  const owner = new Headless(folder, ['train', text, ...small, '--out', run, '--checkpoint-every', '1']);
  await owner.until(
    () =>
      existsSync(join(run, 'checkpoints')) &&
      readdirSync(join(run, 'checkpoints')).some((name) => name.endsWith('.safetensors')),
  );

  const refused = await headless(folder, 'resume', run);
  assert.equal(refused.code, 1);
  assert.match(
    refused.stderr,
    /^error: The run in ".*" belongs to the headless form on .* \(process \d+\), which showed life .* ago.*\. Pause or stop it there first; resume --take-over goes on all the same/,
  );

  // What cannot be done is refused before anybody is disturbed.
  for (const wrong of [
    ['--iterations', '1'],
    ['--file', join(folder, 'nothing.txt')],
  ]) {
    const { code, stderr } = await headless(folder, 'resume', run, '--take-over', ...wrong);
    assert.deepEqual([code, owner.process.exitCode], [1, null], stderr);
    assert.doesNotMatch(stderr, /belongs to/);
  }

  const ended = owner.outcome();
  const taking = new Headless(folder, ['resume', run, '--take-over', '--checkpoint-every', '0']);
  const lost = await ended;
  assert.equal(lost.code, 1, lost.stderr);
  assert.match(lost.stderr, /took over/);
  await taking.says('iteration');
  taking.process.kill('SIGINT');
  const taken = await taking.outcome();
  const { run: stored, history, problems } = await readRun(run);
  assert.deepEqual(problems, [], taken.stderr);
  assert.equal(stored.iterations, history.iterations);
});
