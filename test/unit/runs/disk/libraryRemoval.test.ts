import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { diskFiles, type RunFiles } from '../../../../src/runs/disk/files.ts';
import { RunLibrary } from '../../../../src/runs/disk/library.ts';
import { idsOf, RunsFolder } from './libraryFixtures.ts';

const runs = new RunsFolder();

const HOUR_MS = 3600 * 1000;

suite('deleting runs', () => {
  test('can be undone as long as the trash is not purged, with everything in the folder', async () => {
    let nowMs = 0;
    const folder = await runs.put('one');
    const before = await readdir(folder, { recursive: true });
    const library = new RunLibrary(runs.root, { trashRecords: `${runs.root}-records`, now: () => nowMs });
    await library.remove('one');
    assert.deepEqual(await library.list(), []);
    nowMs = HOUR_MS - 1;
    await library.purgeTrash(HOUR_MS);
    await library.undoRemove('one');
    assert.deepEqual(await readdir(folder, { recursive: true }), before);
    assert.deepEqual(await idsOf(library), ['one']);
    await library.remove('one');
    nowMs += HOUR_MS;
    await library.purgeTrash(HOUR_MS);
    await assert.rejects(library.undoRemove('one'), /deleted for good/);
    assert.deepEqual(await readdir(join(runs.root, '.trash')), []);
  });

  test('brings back what was deleted last, and never over a run that is there', async () => {
    const library = new RunLibrary(runs.root, { trashRecords: `${runs.root}-records`, now: () => 1000 });
    for (const name of ['first', 'second']) {
      await runs.put('one', { change: { name } });
      await library.remove('one');
    }
    await library.undoRemove('one');
    assert.equal((await library.find('one'))?.run?.name, 'second');
    await assert.rejects(library.undoRemove('one'), /there is one/);
  });

  test('is refused for a run that somebody owns, and says who', async () => {
    await runs.put('one');
    const library = new RunLibrary(runs.root, { trashRecords: `${runs.root}-records` });
    await runs.owned('one', async () => {
      await assert.rejects(library.remove('one'), /headless form on tower/);
    });
    await library.remove('one');
    await assert.rejects(library.remove('one'), /there is no such file or folder/);
  });
});

suite('the limit of all runs together', () => {
  test('removes the ones that have not changed for longest, until the rest fits', async () => {
    for (const day of [3, 1, 5, 2, 4]) await runs.put(`day-${day}`, { day, bytes: 1000 * 2 ** day });
    const library = new RunLibrary(runs.root, { trashRecords: `${runs.root}-records` });
    assert.deepEqual((await library.cleanUp(62_000)).removed, []);
    const { removed, bytes, excessBytes } = await library.cleanUp(61_999 - 2000);
    assert.deepEqual(
      removed.map(({ runId }) => runId),
      ['day-1', 'day-2'],
    );
    assert.deepEqual([bytes, excessBytes], [56_000, 0]);
    assert.deepEqual(await idsOf(library), ['day-5', 'day-4', 'day-3']);
    for (const runId of ['day-1', 'day-2']) await library.undoRemove(runId);
    assert.deepEqual(await idsOf(library), ['day-5', 'day-4', 'day-3', 'day-2', 'day-1']);
  });

  test('never touches pinned, owned, spared and damaged runs, and says how far these alone exceed it', async () => {
    await runs.put('pinned', { change: { isPinned: true } });
    await runs.put('owned');
    await runs.put('spared');
    await runs.put('other');
    const folder = await runs.put('damaged');
    await writeFile(join(folder, 'run.json'), 'x'.repeat(400));
    const library = new RunLibrary(runs.root, { trashRecords: `${runs.root}-records` });
    await runs.owned('owned', async () => {
      const { removed, bytes, excessBytes } = await library.cleanUp(1000, new Set(['spared']));
      assert.deepEqual(
        removed.map(({ runId }) => runId),
        ['other'],
      );
      assert.ok(bytes > 12_000, `${bytes}`);
      assert.equal(excessBytes, bytes - 1000);
    });
    assert.deepEqual((await idsOf(library)).toSorted(), ['damaged', 'owned', 'pinned', 'spared']);
  });

  test('goes on with the next run where one cannot be removed, and says why', async () => {
    for (const day of [1, 2, 3]) await runs.put(`day-${day}`, { day });
    const files: RunFiles = {
      ...diskFiles,
      rename: (from, to) =>
        from.endsWith('day-1')
          ? Promise.reject(Object.assign(new Error(), { code: 'EACCES' }))
          : diskFiles.rename(from, to),
    };
    const { removed, problems, excessBytes } = await new RunLibrary(runs.root, {
      trashRecords: `${runs.root}-records`,
      files,
    }).cleanUp(8000);
    assert.deepEqual(
      removed.map(({ runId }) => runId),
      ['day-2'],
    );
    assert.match(problems.join(), /day-1 cannot be deleted: access is denied/);
    assert.equal(excessBytes, 0);
  });
});
