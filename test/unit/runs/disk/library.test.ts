import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { InputError } from '../../../../src/common/inputError.ts';
import type { RunState } from '../../../../src/protocol/run.ts';
import { diskFiles, type RunFiles } from '../../../../src/runs/disk/files.ts';
import { type LibraryOptions, RunLibrary } from '../../../../src/runs/disk/library.ts';
import { acquire, isHeld, thisOwner } from '../../../../src/runs/disk/lock.ts';
import { DAY, RunsFolder, stored } from './libraryFixtures.ts';

const runs = new RunsFolder();

/** The disk, with every path noted whose content is read. */
function watched(): { files: RunFiles; read: string[] } {
  const read: string[] = [];
  const files: RunFiles = {
    ...diskFiles,
    open: (path, flags) => {
      read.push(path);
      return diskFiles.open(path, flags);
    },
  };
  return { files, read };
}

suite('the list of runs', () => {
  test('is empty where there is no folder yet, and an error that names the folder where it is none', async () => {
    assert.deepEqual(await new RunLibrary(runs.root, { trashRecords: `${runs.root}-records` }).list(), []);
    await writeFile(runs.root, 'a file');
    await assert.rejects(
      new RunLibrary(runs.root, { trashRecords: `${runs.root}-records` }).list(),
      (error: unknown) => {
        assert.ok(error instanceof InputError);
        assert.ok(error.message.includes(runs.root) && error.message.includes('cannot be listed'), error.message);
        return true;
      },
    );
  });

  test('says of each what it holds, the last changed first', async () => {
    await runs.put('older', { bytes: 5000, day: 3 });
    await runs.put('newer', {
      bytes: 4000,
      day: 5,
      change: { name: 'Mine', isPinned: true, best: { iteration: 8, lossNats: 1.5 } },
    });
    const [newer, older] = await new RunLibrary(runs.root, { trashRecords: `${runs.root}-records` }).list();
    assert.deepEqual([newer.runId, newer.bytes, newer.checkpoints], ['newer', 4000, 2]);
    assert.deepEqual([newer.run?.name, newer.run?.isPinned, newer.run?.best?.lossNats], ['Mine', true, 1.5]);
    assert.deepEqual([older.runId, older.bytes, older.folder], ['older', 5000, join(runs.root, 'older')]);
    assert.equal(older.changedAtMs, (DAY + 3 * 86_400) * 1000);
    assert.deepEqual([older.problem, older.owner, older.isInterrupted], [undefined, undefined, false]);
  });

  test('shows no run that somebody is just making, and one that was left without run.json as damaged', async () => {
    await runs.put('one');
    const begun = join(runs.root, 'begun');
    await mkdir(begun);
    await writeFile(join(begun, 'metrics'), 'RNNRUN1\n');
    const lock = await acquire(begun, thisOwner('a window'));
    assert.ok(!isHeld(lock));
    const library = new RunLibrary(runs.root, { trashRecords: `${runs.root}-records` });
    const listed = async () => (await library.list()).map(({ runId, problem }) => [runId, problem === undefined]);
    assert.deepEqual(await listed(), [['one', true]]);
    await lock.release();
    const left = new Map((await library.list()).map(({ runId, problem }) => [runId, problem === undefined]));
    assert.deepEqual([left.get('begun'), left.get('one')], [false, true]);
  });

  test('reads run.json again only when it changed', async () => {
    await runs.put('one');
    await runs.put('two');
    const { files, read } = watched();
    const library = new RunLibrary(runs.root, { trashRecords: `${runs.root}-records`, files });
    await library.list();
    const first = read.splice(0).length;
    assert.ok(first >= 2);
    await library.list();
    assert.deepEqual(read, []);
    await runs.put('two', { change: { name: 'changed' }, day: 2 });
    const summaries = await library.list();
    assert.equal(summaries.find(({ runId }) => runId === 'two')?.run?.name, 'changed');
    assert.deepEqual([...new Set(read)], [join(runs.root, 'two', 'run.json')]);
  });

  test('shows what is damaged with its problem, and nothing that is no run', async () => {
    await runs.put('good');
    const contents: Record<string, string> = {
      empty: '',
      cut: JSON.stringify(stored('cut')).slice(0, 100),
      foreign: '{"format": "something else"}',
      copied: JSON.stringify(stored('good')),
    };
    for (const [runId, content] of Object.entries(contents)) {
      await mkdir(join(runs.root, runId));
      await writeFile(join(runs.root, runId, 'run.json'), content);
    }
    await mkdir(join(runs.root, 'missing'));
    await mkdir(join(runs.root, 'folder'));
    await mkdir(join(runs.root, 'folder', 'run.json'));
    await mkdir(join(runs.root, 'Not A Run'));
    await mkdir(join(runs.root, '.trash'));
    await writeFile(join(runs.root, 'file'), '');
    const summaries = await new RunLibrary(runs.root, { trashRecords: `${runs.root}-records` }).list();
    const damaged = summaries.filter(({ problem }) => problem !== undefined);
    assert.deepEqual(
      damaged.map(({ runId }) => runId).toSorted(),
      [...Object.keys(contents), 'folder', 'missing'].toSorted(),
    );
    for (const { runId, run, problem } of damaged) {
      assert.equal(run, undefined);
      assert.ok(problem !== undefined && problem.length > 10 && problem.includes(runId), problem);
    }
    assert.equal(summaries.length, damaged.length + 1);
  });

  test('finds runs that were under way and whose owner is gone', async () => {
    const states: RunState[] = ['starting', 'running', 'paused', 'finished', 'stopped', 'failed'];
    for (const state of states) await runs.put(state, { change: { state } });
    await runs.put('elsewhere', { change: { state: 'running', source: 'train.py' } });
    const library = new RunLibrary(runs.root, { trashRecords: `${runs.root}-records` });
    const ids = async (): Promise<string[]> => (await library.interrupted()).map(({ runId }) => runId).toSorted();
    assert.deepEqual(await ids(), ['paused', 'running', 'starting']);
    await runs.owned('running', async () => {
      assert.deepEqual(await ids(), ['paused', 'starting']);
      const owner = (await library.find('running'))?.owner;
      assert.deepEqual([owner?.window, owner?.host], ['headless form', 'tower']);
    });
  });

  test('takes nothing for a run id that could lead out of the folder', async () => {
    const library = new RunLibrary(runs.root, { trashRecords: `${runs.root}-records` });
    for (const id of ['..', '../secret', '.trash', 'a/b', 'a\\b', '', 'A', 'a'.repeat(65), 'a\n', 'ä']) {
      assert.throws(() => library.folderOf(id), InputError, id);
      await assert.rejects(library.remove(id), InputError);
      await assert.rejects(library.undoRemove(id), InputError);
      await assert.rejects(library.update(id, { name: 'x' }), InputError);
    }
    assert.equal(library.folderOf('a-1'), join(runs.root, 'a-1'));
  });
});

suite('naming and pinning a run', () => {
  const nameOf = async (library: RunLibrary): Promise<unknown> => {
    const run = (await library.find('one'))?.run;
    return [run?.name, run?.isPinned];
  };

  test('changes only that, and leaves nothing beside it', async () => {
    const folder = await runs.put('one', { change: { iterations: 77 } });
    const library = new RunLibrary(runs.root, { trashRecords: `${runs.root}-records` });
    await library.update('one', { name: '  deep net ' });
    assert.deepEqual(await nameOf(library), ['deep net', false]);
    await library.update('one', { isPinned: true });
    assert.deepEqual(await nameOf(library), ['deep net', true]);
    await library.update('one', { name: ' ', isPinned: false });
    assert.deepEqual(await nameOf(library), [undefined, false]);
    assert.deepEqual(JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')), stored('one', { iterations: 77 }));
    assert.deepEqual((await readdir(folder)).toSorted(), ['checkpoints', 'metrics', 'run.json']);
  });

  test('is refused for a run of another program, a damaged run, and a name that is too long', async () => {
    const folder = await runs.put('one');
    const library = new RunLibrary(runs.root, { trashRecords: `${runs.root}-records` });
    await runs.owned('one', () => assert.rejects(library.update('one', { name: 'x' }), /headless form on tower/));
    await assert.rejects(library.update('one', { name: 'x'.repeat(201) }), /201 characters/);
    await writeFile(join(folder, 'run.json'), '{}');
    await assert.rejects(library.update('one', { name: 'x' }), /run\.json/);
    assert.equal(await readFile(join(folder, 'run.json'), 'utf8'), '{}');
    await library.remove('one');
  });

  test('goes through the recorder where this program owns the run', async () => {
    await runs.put('one');
    await runs.put('two');
    const updates: unknown[] = [];
    const updateOwned: LibraryOptions['updateOwned'] = (folder, change) => {
      const isOwned = folder === join(runs.root, 'one');
      if (isOwned) updates.push(change);
      return Promise.resolve(isOwned);
    };
    const library = new RunLibrary(runs.root, { trashRecords: `${runs.root}-records`, updateOwned });
    await runs.owned('one', () => library.update('one', { name: ' x ' }));
    await library.update('two', { name: 'y' });
    assert.deepEqual(updates, [{ name: 'x' }]);
    const names = (await library.list()).map(({ run }) => run?.name ?? '');
    assert.deepEqual(names.toSorted(), ['', 'y']);
  });
});
