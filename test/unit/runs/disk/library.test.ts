import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, suite, test } from 'node:test';
import { InputError } from '../../../../src/common/inputError.ts';
import type { RunState } from '../../../../src/protocol/run.ts';
import { DEFAULT_SETTINGS } from '../../../../src/protocol/settings.ts';
import type { StoredRun } from '../../../../src/protocol/storedRun.ts';
import { diskFiles, type RunFiles } from '../../../../src/runs/disk/files.ts';
import { type LibraryOptions, RunLibrary } from '../../../../src/runs/disk/library.ts';
import { acquire, isHeld, thisOwner } from '../../../../src/runs/disk/lock.ts';

const HOUR_MS = 3600 * 1000;
const DAY = new Date('2026-01-01T00:00:00.000Z').getTime() / 1000;

let parent: string;
let root: string;
let libraries = 0;
before(async () => {
  parent = await mkdtemp(join(tmpdir(), 'rnn-library-'));
});
beforeEach(() => {
  root = join(parent, `library-${libraries++}`);
});
after(() => rm(parent, { recursive: true }));

function stored(runId: string, change: Partial<StoredRun> = {}): StoredRun {
  return {
    format: 'rnn-gradient-inspector-run',
    version: 1,
    runId,
    isPinned: false,
    source: 'inspector',
    settings: DEFAULT_SETTINGS,
    versions: { 'rnn-gradient-inspector': '0.1.0' },
    createdAt: '2026-01-01T00:00:00.000Z',
    changedAt: '2026-01-01T00:00:00.000Z',
    state: 'finished',
    iterations: 10,
    elapsedMs: 5,
    ...change,
  };
}

/** A run's folder of exactly so many bytes, last changed on that day of January. */
async function put(
  runId: string,
  { change = {}, bytes = 4000, day = 1 }: { change?: Partial<StoredRun>; bytes?: number; day?: number } = {},
): Promise<string> {
  const folder = join(root, runId);
  await mkdir(join(folder, 'checkpoints'), { recursive: true });
  const runFile = JSON.stringify(stored(runId, change));
  const [checkpoint, best] = ['000000000010.safetensors', '000000000008-best.safetensors'];
  const sizes: Record<string, number> = {
    metrics: bytes - runFile.length - 300,
    [join('checkpoints', checkpoint)]: 200,
  };
  sizes[join('checkpoints', best)] = 100;
  await writeFile(join(folder, 'run.json'), runFile);
  for (const [name, size] of Object.entries(sizes)) await writeFile(join(folder, name), new Uint8Array(size));
  for (const name of [...Object.keys(sizes), 'run.json', 'checkpoints', '.']) {
    await utimes(join(folder, name), DAY + day * 86_400, DAY + day * 86_400);
  }
  return folder;
}

async function owned<R>(runId: string, work: () => Promise<R>): Promise<R> {
  const lock = await acquire(join(root, runId), { ...thisOwner('headless form'), host: 'tower' });
  assert.ok(!isHeld(lock));
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

async function idsOf(library: RunLibrary): Promise<string[]> {
  return (await library.list()).map(({ runId }) => runId);
}

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
    assert.deepEqual(await new RunLibrary(root, { trashRecords: `${root}-records` }).list(), []);
    await writeFile(root, 'a file');
    await assert.rejects(new RunLibrary(root, { trashRecords: `${root}-records` }).list(), (error: unknown) => {
      assert.ok(error instanceof InputError);
      assert.ok(error.message.includes(root) && error.message.includes('cannot be listed'), error.message);
      return true;
    });
  });

  test('says of each what it holds, the last changed first', async () => {
    await put('older', { bytes: 5000, day: 3 });
    await put('newer', {
      bytes: 4000,
      day: 5,
      change: { name: 'Mine', isPinned: true, best: { iteration: 8, lossNats: 1.5 } },
    });
    const [newer, older] = await new RunLibrary(root, { trashRecords: `${root}-records` }).list();
    assert.deepEqual([newer.runId, newer.bytes, newer.checkpoints], ['newer', 4000, 2]);
    assert.deepEqual([newer.run?.name, newer.run?.isPinned, newer.run?.best?.lossNats], ['Mine', true, 1.5]);
    assert.deepEqual([older.runId, older.bytes, older.folder], ['older', 5000, join(root, 'older')]);
    assert.equal(older.changedAtMs, (DAY + 3 * 86_400) * 1000);
    assert.deepEqual([older.problem, older.owner, older.isInterrupted], [undefined, undefined, false]);
  });

  test('shows no run that somebody is just making, and one that was left without run.json as damaged', async () => {
    await put('one');
    const begun = join(root, 'begun');
    await mkdir(begun);
    await writeFile(join(begun, 'metrics'), 'RNNRUN1\n');
    const lock = await acquire(begun, thisOwner('a window'));
    assert.ok(!isHeld(lock));
    const library = new RunLibrary(root, { trashRecords: `${root}-records` });
    const listed = async () => (await library.list()).map(({ runId, problem }) => [runId, problem === undefined]);
    assert.deepEqual(await listed(), [['one', true]]);
    await lock.release();
    const left = new Map((await library.list()).map(({ runId, problem }) => [runId, problem === undefined]));
    assert.deepEqual([left.get('begun'), left.get('one')], [false, true]);
  });

  test('reads run.json again only when it changed', async () => {
    await put('one');
    await put('two');
    const { files, read } = watched();
    const library = new RunLibrary(root, { trashRecords: `${root}-records`, files });
    await library.list();
    const first = read.splice(0).length;
    assert.ok(first >= 2);
    await library.list();
    assert.deepEqual(read, []);
    await put('two', { change: { name: 'changed' }, day: 2 });
    const summaries = await library.list();
    assert.equal(summaries.find(({ runId }) => runId === 'two')?.run?.name, 'changed');
    assert.deepEqual([...new Set(read)], [join(root, 'two', 'run.json')]);
  });

  test('shows what is damaged with its problem, and nothing that is no run', async () => {
    await put('good');
    const contents: Record<string, string> = {
      empty: '',
      cut: JSON.stringify(stored('cut')).slice(0, 100),
      foreign: '{"format": "something else"}',
      copied: JSON.stringify(stored('good')),
    };
    for (const [runId, content] of Object.entries(contents)) {
      await mkdir(join(root, runId));
      await writeFile(join(root, runId, 'run.json'), content);
    }
    await mkdir(join(root, 'missing'));
    await mkdir(join(root, 'folder'));
    await mkdir(join(root, 'folder', 'run.json'));
    await mkdir(join(root, 'Not A Run'));
    await mkdir(join(root, '.trash'));
    await writeFile(join(root, 'file'), '');
    const summaries = await new RunLibrary(root, { trashRecords: `${root}-records` }).list();
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
    for (const state of states) await put(state, { change: { state } });
    await put('elsewhere', { change: { state: 'running', source: 'train.py' } });
    const library = new RunLibrary(root, { trashRecords: `${root}-records` });
    const ids = async (): Promise<string[]> => (await library.interrupted()).map(({ runId }) => runId).toSorted();
    assert.deepEqual(await ids(), ['paused', 'running', 'starting']);
    await owned('running', async () => {
      assert.deepEqual(await ids(), ['paused', 'starting']);
      const owner = (await library.find('running'))?.owner;
      assert.deepEqual([owner?.window, owner?.host], ['headless form', 'tower']);
    });
  });

  test('takes nothing for a run id that could lead out of the folder', async () => {
    const library = new RunLibrary(root, { trashRecords: `${root}-records` });
    for (const id of ['..', '../secret', '.trash', 'a/b', 'a\\b', '', 'A', 'a'.repeat(65), 'a\n', 'ä']) {
      assert.throws(() => library.folderOf(id), InputError, id);
      await assert.rejects(library.remove(id), InputError);
      await assert.rejects(library.undoRemove(id), InputError);
      await assert.rejects(library.update(id, { name: 'x' }), InputError);
    }
    assert.equal(library.folderOf('a-1'), join(root, 'a-1'));
  });
});

suite('deleting runs', () => {
  test('can be undone as long as the trash is not purged, with everything in the folder', async () => {
    let nowMs = 0;
    const folder = await put('one');
    const before = await readdir(folder, { recursive: true });
    const library = new RunLibrary(root, { trashRecords: `${root}-records`, now: () => nowMs });
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
    assert.deepEqual(await readdir(join(root, '.trash')), []);
  });

  test('brings back what was deleted last, and never over a run that is there', async () => {
    const library = new RunLibrary(root, { trashRecords: `${root}-records`, now: () => 1000 });
    for (const name of ['first', 'second']) {
      await put('one', { change: { name } });
      await library.remove('one');
    }
    await library.undoRemove('one');
    assert.equal((await library.find('one'))?.run?.name, 'second');
    await assert.rejects(library.undoRemove('one'), /there is one/);
  });

  test('is refused for a run that somebody owns, and says who', async () => {
    await put('one');
    const library = new RunLibrary(root, { trashRecords: `${root}-records` });
    await owned('one', async () => {
      await assert.rejects(library.remove('one'), /headless form on tower/);
    });
    await library.remove('one');
    await assert.rejects(library.remove('one'), /there is no such file or folder/);
  });
});

suite('the limit of all runs together', () => {
  test('removes the ones that have not changed for longest, until the rest fits', async () => {
    for (const day of [3, 1, 5, 2, 4]) await put(`day-${day}`, { day, bytes: 1000 * 2 ** day });
    const library = new RunLibrary(root, { trashRecords: `${root}-records` });
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
    await put('pinned', { change: { isPinned: true } });
    await put('owned');
    await put('spared');
    await put('other');
    const folder = await put('damaged');
    await writeFile(join(folder, 'run.json'), 'x'.repeat(400));
    const library = new RunLibrary(root, { trashRecords: `${root}-records` });
    await owned('owned', async () => {
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
    for (const day of [1, 2, 3]) await put(`day-${day}`, { day });
    const files: RunFiles = {
      ...diskFiles,
      rename: (from, to) =>
        from.endsWith('day-1')
          ? Promise.reject(Object.assign(new Error(), { code: 'EACCES' }))
          : diskFiles.rename(from, to),
    };
    const { removed, problems, excessBytes } = await new RunLibrary(root, {
      trashRecords: `${root}-records`,
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

suite('naming and pinning a run', () => {
  const nameOf = async (library: RunLibrary): Promise<unknown> => {
    const run = (await library.find('one'))?.run;
    return [run?.name, run?.isPinned];
  };

  test('changes only that, and leaves nothing beside it', async () => {
    const folder = await put('one', { change: { iterations: 77 } });
    const library = new RunLibrary(root, { trashRecords: `${root}-records` });
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
    const folder = await put('one');
    const library = new RunLibrary(root, { trashRecords: `${root}-records` });
    await owned('one', () => assert.rejects(library.update('one', { name: 'x' }), /headless form on tower/));
    await assert.rejects(library.update('one', { name: 'x'.repeat(201) }), /201 characters/);
    await writeFile(join(folder, 'run.json'), '{}');
    await assert.rejects(library.update('one', { name: 'x' }), /run\.json/);
    assert.equal(await readFile(join(folder, 'run.json'), 'utf8'), '{}');
    await library.remove('one');
  });

  test('goes through the recorder where this program owns the run', async () => {
    await put('one');
    await put('two');
    const updates: unknown[] = [];
    const updateOwned: LibraryOptions['updateOwned'] = (folder, change) => {
      const isOwned = folder === join(root, 'one');
      if (isOwned) updates.push(change);
      return Promise.resolve(isOwned);
    };
    const library = new RunLibrary(root, { trashRecords: `${root}-records`, updateOwned });
    await owned('one', () => library.update('one', { name: ' x ' }));
    await library.update('two', { name: 'y' });
    assert.deepEqual(updates, [{ name: 'x' }]);
    const names = (await library.list()).map(({ run }) => run?.name ?? '');
    assert.deepEqual(names.toSorted(), ['', 'y']);
  });
});
