import assert from 'node:assert/strict';
import { appendFile, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { encodeFrame } from '../../../../src/runs/format/recordFrames.ts';
import { RunRecorder, type RecorderOptions } from '../../../../src/runs/recording/recorder.ts';
import { RunFollower } from '../../../../src/runs/reading/runFollower.ts';
import { readRun } from '../../../../src/runs/reading/runReader.ts';
import { everyNth } from '../../../run/amount.ts';
import {
  assertSameShape,
  create,
  goOn,
  historyOf,
  LITTLE,
  options,
  progressOfRows,
  record,
  spikyRows,
} from './compactionFixtures.ts';
import { MemoryFiles } from '../memoryFiles.ts';
import { FaultyFiles } from '../format/recordFaults.ts';
import { RUN_ID, runFixture } from '../format/recordFixtures.ts';
import { METRIC_NAMES } from '../../../tanh.ts';
import { newFolders } from '../newFolders.ts';

const newFolder = newFolders();
const COLUMNS = METRIC_NAMES.length;

/** A recording that is written anew several times, of which operations fail from its first row on. */
async function recordAll(
  folder: string,
  files: FaultyFiles,
  rows: Float64Array,
  fault: FaultyFiles['fault'],
  change: Partial<RecorderOptions>,
): Promise<void> {
  const count = rows.length / COLUMNS;
  const recorder = await create(folder, { files, ...change });
  files.count = 0;
  files.fault = fault;
  for (let at = 0; at < count; at += 6000) {
    recorder.receive(progressOfRows(rows, at, Math.min(count, at + 6000)));
    await recorder.settle();
  }
  files.fault = () => undefined;
  assert.equal(await recorder.close(), true);
}

const EVERY = everyNth(40, 'the failing operations of a compaction');

suite('a disk that fails while a run is written anew', () => {
  const rows = spikyRows(30_000, 6);
  const folder = '/runs/run-1';

  for (const [first, code] of ['ENOSPC', 'EIO'].entries()) {
    test(`${code} at any operation: nothing is lost, it is told, and tried again`, async () => {
      for (let failing = first; ; failing += EVERY) {
        const disk = new MemoryFiles();
        const files = new FaultyFiles(disk);
        const problems: string[] = [];
        let hasFailed = false;
        const fault = (index: number): string | undefined => {
          hasFailed ||= index === failing;
          return index === failing ? code : undefined;
        };
        await recordAll(folder, files, rows, fault, { onProblem: (message) => problems.push(message) });
        assert.equal(files.openHandles, 0, `operation ${failing}`);
        const read = await readRun(folder, { files: disk });
        assert.deepEqual(read.problems, [], `operation ${failing}`);
        assert.ok(read.wholeFrom > 0);
        assertSameShape(read.history, historyOf(rows));
        assert.deepEqual(
          (await disk.readdir(folder)).sort(),
          ['metrics', 'run.json', 'samples'],
          `operation ${failing}`,
        );
        assert.ok(problems.length <= 1, problems.join('\n'));
        if (!hasFailed) break;
        assert.ok(failing < 3000);
      }
    });
  }

  test('a process that is killed at any moment leaves the old file or the new one', async () => {
    let written = 0;
    for (let killed = 0; ; killed += EVERY) {
      const disk = new MemoryFiles();
      const files = new FaultyFiles(disk);
      let isKilled = false;
      const recorder = await create(folder, { files, onProblem: () => undefined });
      files.count = 0;
      files.fault = (index) => {
        isKilled ||= index >= killed;
        return isKilled ? 'EIO' : undefined;
      };
      let safe = 0;
      for (let at = 0; at < 30_000 && !isKilled; at += 6000) {
        recorder.receive(progressOfRows(rows, at, at + 6000));
        if (await recorder.settle()) safe = at + 6000;
      }
      const { history, problems } = await readRun(folder, { files: disk });
      assert.ok(
        history.iterations >= safe,
        `${history.iterations} of ${safe} iterations, killed at operation ${killed}`,
      );
      assertSameShape(history, historyOf(rows.subarray(0, history.iterations * COLUMNS)));
      assert.ok(problems.length <= 1);
      // What it left beside is gone when the run goes on.
      await recorder.abandon();
      const again = await RunRecorder.continueAt(folder, runFixture(), history.iterations, options({ files: disk }));
      await again.close();
      assert.deepEqual((await disk.readdir(folder)).sort(), ['metrics', 'run.json', 'samples']);
      written++;
      if (!isKilled) break;
    }
    assert.ok(written > 3);
  });

  test('a full disk is told of once, and the file is tried again only when it has grown by a quarter', async () => {
    const disk = new MemoryFiles();
    const files = new FaultyFiles(disk);
    const problems: string[] = [];
    let tries = 0;
    files.fault = (_, operation, path) => {
      if (operation !== 'rename' || path !== join(folder, 'metrics')) return undefined;
      tries++;
      return 'ENOSPC';
    };
    const recorder = await create(folder, { files, onProblem: (message) => problems.push(message) });
    await record(recorder, rows, 0, 30_000, 500);
    assert.equal((await readRun(folder, { files: disk })).wholeFrom, 0);
    assert.equal(problems.length, 1);
    assert.match(problems[0], /takes more room than it is to have.*the disk is full.*ENOSPC.*Nothing of it is lost/);
    const bytes = (await disk.stat(join(folder, 'metrics'))).size;
    assert.ok(tries >= 2 && tries <= 1 + (bytes - LITTLE) / (LITTLE / 4), `${tries} times`);
    files.fault = () => undefined;
    const more = spikyRows(60_000, 6);
    await record(recorder, more, 30_000, 60_000);
    await recorder.close();
    assertSameShape((await readRun(folder, { files: disk })).history, historyOf(more));
  });

  test('whoever lost the run puts nothing in its place', async () => {
    const folderOnDisk = newFolder();
    let isOurs = true;
    const files = new FaultyFiles();
    files.fault = (_, operation, path) => {
      // While the new file is written, another one becomes the owner.
      if (operation === 'open' && /metrics\.[0-9a-f]{16}\.tmp$/.test(path)) isOurs = false;
      return undefined;
    };
    const recorder = await create(folderOnDisk, { files, mayWrite: () => Promise.resolve(isOurs) });
    recorder.receive(progressOfRows(rows, 0, 30_000));
    await recorder.flush();
    const before = await readFile(join(folderOnDisk, 'metrics'));
    await recorder.settle();
    assert.equal(isOurs, false);
    assert.ok(before.equals(await readFile(join(folderOnDisk, 'metrics'))));
    await recorder.abandon();
    assert.deepEqual((await readdir(folderOnDisk)).sort(), ['metrics', 'run.json', 'samples']);
  });
});

test('who closes a run does not wait for it to be written anew', async () => {
  const folder = newFolder();
  const rows = spikyRows(60_000, 2);
  const recorder = await create(folder);
  recorder.receive(progressOfRows(rows, 0, 60_000));
  await recorder.flush();
  await recorder.close();
  assert.equal((await readRun(folder)).wholeFrom, 0);
  const again = await goOn(folder, 60_000);
  again.receive({ type: 'state', runId: RUN_ID, state: 'running' });
  await again.settle();
  await again.close();
  assert.ok((await readRun(folder)).wholeFrom > 0);
});

test('what a later version wrote is not thrown away: the file stays as it is, and that is told', async () => {
  const folder = newFolder();
  const rows = spikyRows(60_000, 2);
  await (await create(folder)).close();
  await appendFile(
    join(folder, 'metrics'),
    encodeFrame(9, 4, () => undefined),
  );
  const problems: string[] = [];
  const recorder = await goOn(folder, 0, { onProblem: (message) => problems.push(message) });
  await record(recorder, rows, 0, 60_000);
  await recorder.close();
  const read = await readRun(folder);
  assert.deepEqual([read.wholeFrom, read.history.iterations, problems.length], [0, 60_000, 1]);
  assert.match(problems[0], /a later version/);
});

test('whoever follows a run reads it anew when its file was replaced, also by a longer one', async () => {
  const folder = newFolder();
  const rows = spikyRows(60_000, 2);
  const recorder = await create(folder);
  await record(recorder, rows, 0, 15_000);
  const follower = new RunFollower(folder, { from: { read: (await readRun(folder)).position } });
  assert.deepEqual((await follower.poll()).records, []);
  await record(recorder, rows, 15_000, 60_000);
  const next = await follower.poll();
  assert.equal(next.isRestarted, true);
  assert.deepEqual(
    next.records.slice(0, 2).map(({ type }) => type),
    ['buckets', 'buckets'],
  );
  await recorder.close();
  // From a position in a file that is no longer there.
  const { position } = await readRun(folder);
  const content = await readFile(join(folder, 'metrics'));
  // While the old file is there, its number is not used again.
  await rename(join(folder, 'metrics'), join(folder, 'other'));
  await writeFile(join(folder, 'metrics'), content);
  const late = new RunFollower(folder, { from: { read: position } });
  assert.equal((await late.poll()).isRestarted, true);
});
