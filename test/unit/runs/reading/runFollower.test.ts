import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { writeRunFile } from '../../../../src/runs/format/runFile.ts';
import { RunFollower } from '../../../../src/runs/reading/runFollower.ts';
import { readRun } from '../../../../src/runs/reading/runReader.ts';
import { FaultyFiles } from '../format/recordFaults.ts';
import { fileOf, framesOf, recordsOf, rowsOf, runFixture, sampleOf } from '../format/recordFixtures.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rnn-follower-'));
});
after(() => rm(folder, { recursive: true }));
const metrics = (): string => join(folder, 'metrics');
beforeEach(async () => {
  await writeRunFile(folder, runFixture());
  await writeFile(metrics(), fileOf([rowsOf(0, 2)]));
  await writeFile(join(folder, 'samples'), fileOf([]));
});

test('every record comes once, when it is whole, however slowly the file grows', async () => {
  const follower = new RunFollower(folder, { from: { read: (await readRun(folder)).position } });
  const records = recordsOf(2);
  const bytes = Buffer.concat(framesOf(records));
  const found = [];
  for (let at = 0; at < bytes.length; at += 37) {
    await appendFile(metrics(), bytes.subarray(at, at + 37));
    found.push(...(await follower.poll()).records);
  }
  assert.deepEqual(found, records);
  assert.deepEqual((await follower.poll()).records, []);
});

test('samples and changes of run.json are followed too', async () => {
  const follower = new RunFollower(folder);
  const first = await follower.poll();
  assert.deepEqual(first.records, [rowsOf(0, 2)]);
  assert.deepEqual(first.run, runFixture());
  assert.equal((await follower.poll()).run, undefined);
  await writeRunFile(folder, runFixture({ state: 'finished' }));
  await appendFile(join(folder, 'samples'), framesOf([{ type: 'sample', value: sampleOf(1) }])[0]);
  const second = await follower.poll();
  assert.equal(second.run?.state, 'finished');
  assert.deepEqual(second.records, [{ type: 'sample', value: sampleOf(1) }]);
});

test('a run.json that is only partly there comes when it is whole', async () => {
  const follower = new RunFollower(folder);
  await follower.poll();
  await writeFile(join(folder, 'run.json'), '{"format"');
  assert.equal((await follower.poll()).run, undefined);
  await writeRunFile(folder, runFixture({ state: 'paused' }));
  assert.equal((await follower.poll()).run?.state, 'paused');
});

test('a file that became shorter is another run, which is told from its beginning', async () => {
  const follower = new RunFollower(folder);
  await follower.poll();
  await writeFile(metrics(), fileOf([]));
  assert.deepEqual(await follower.poll(), { records: [], isRestarted: true, hasMore: false, invalid: 0 });
  await appendFile(metrics(), framesOf([rowsOf(0, 1)])[0]);
  const next = await follower.poll();
  assert.deepEqual([next.isRestarted, next.records], [false, [rowsOf(0, 1)]]);
});

test('bytes that a failed write left, and another write replaces, are never told', async () => {
  const follower = new RunFollower(folder);
  await follower.poll();
  const whole = fileOf([rowsOf(0, 2)]);
  const [lost, written] = framesOf([rowsOf(2, 3), rowsOf(2, 5)]);
  await writeFile(metrics(), Buffer.concat([whole, lost.subarray(0, 50)]));
  assert.deepEqual((await follower.poll()).records, []);
  await writeFile(metrics(), Buffer.concat([whole, written]));
  assert.deepEqual((await follower.poll()).records, [rowsOf(2, 5)]);
});

test('very much that is new comes in several polls', async () => {
  const batches = Array.from({ length: 3 }, (_, index) => rowsOf(index * 20_000, 20_000));
  await writeFile(metrics(), fileOf(batches));
  const follower = new RunFollower(folder, { pollBytes: 2 ** 20 });
  const found = [];
  let polls = 0;
  for (let hasMore = true; hasMore; polls++) {
    const poll = await follower.poll();
    found.push(...poll.records);
    hasMore = poll.hasMore;
  }
  assert.deepEqual(found, batches);
  assert.equal(polls, 3);
});

test('a poll that fails loses nothing', async () => {
  const files = new FaultyFiles();
  const follower = new RunFollower(folder, { files });
  let failures = 0;
  for (;;) {
    const start = files.count;
    const failing = failures;
    files.fault = (index) => (index === start + failing ? 'EIO' : undefined);
    try {
      const { records, run } = await follower.poll();
      assert.deepEqual(records, [rowsOf(0, 2)]);
      assert.deepEqual(run, runFixture());
      break;
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, 'EIO');
      failures++;
    }
  }
  assert.ok(failures > 5);
  assert.equal(files.openHandles, 0);
});
