import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, beforeEach, suite, test } from 'node:test';
import { type CleanUpListener, RunCleaner } from '../../../src/host/runsView/cleanUp.ts';
import type { RunPrompts } from '../../../src/host/runsView/prompts.ts';
import { RunCommands } from '../../../src/host/runsView/runCommands.ts';
import type { RunHost } from '../../../src/host/runsView/runHost.ts';
import { nodesOf, type RunNode } from '../../../src/host/runsView/runNodes.ts';
import type { StoredRun } from '../../../src/protocol/storedRun.ts';
import { RunLibrary } from '../../../src/runs/disk/library.ts';
import { acquire, isHeld, type RunLock, thisOwner } from '../../../src/runs/disk/lock.ts';
import { putRun, storedRun } from './runsFixtures.ts';

let parent: string;
let library: RunLibrary;
let libraries = 0;
before(async () => {
  parent = await mkdtemp(join(tmpdir(), 'rnn-actions-'));
});
beforeEach(() => {
  library = new RunLibrary(join(parent, `library-${libraries++}`), { trashRecords: join(parent, 'records') });
});
after(() => rm(parent, { recursive: true }));

/** A window that trains the runs whose locks it holds. */
class FakeHost implements RunHost {
  readonly done: string[] = [];
  readonly locks = new Map<string, RunLock>();
  readonly shown = new Set<string>();
  /** Runs that somebody else put there. */
  readonly foreign = new Set<string>();
  readonly onDidChange: RunHost['onDidChange'] = () => ({ dispose: () => undefined });

  libraries(): RunLibrary[] {
    return [library];
  }
  usedLibraries(): Promise<RunLibrary[]> {
    return Promise.resolve([library]);
  }
  madeIn = () => Promise.resolve((runId: string): boolean => !this.foreign.has(runId));
  open = (folder: string): Promise<void> => this.#note(`open ${basename(folder)}`);
  resume = (folder: string): Promise<void> => this.#note(`resume ${basename(folder)}`);
  fork = (folder: string): Promise<void> => this.#note(`fork ${basename(folder)}`);
  sample = (folder: string): Promise<void> => this.#note(`sample ${basename(folder)}`);
  export = (folder: string): Promise<void> => this.#note(`export ${basename(folder)}`);
  compare = (folders: readonly string[]): Promise<void> =>
    this.#note(`compare ${folders.map((folder) => basename(folder)).join()}`);
  async stop(folder: string): Promise<void> {
    const runId = basename(folder);
    await this.#note(`stop ${runId}`);
    await this.locks.get(runId)?.release();
    this.locks.delete(runId);
  }
  rename = (folder: string, name: string): Promise<void> => library.update(basename(folder), { name });
  pin = (folder: string, isPinned: boolean): Promise<void> => library.update(basename(folder), { isPinned });
  isUnderWay(folder: string): boolean {
    return this.locks.has(basename(folder));
  }
  isShown(folder: string): boolean {
    return this.shown.has(basename(folder));
  }
  async train(runId: string): Promise<void> {
    const lock = await acquire(library.folderOf(runId), thisOwner('VS Code window'));
    assert.ok(!isHeld(lock));
    this.locks.set(runId, lock);
  }
  #note(what: string): Promise<void> {
    this.done.push(what);
    return Promise.resolve();
  }
}

interface Answers {
  readonly name?: string;
  readonly mayStop?: boolean;
  readonly mayDeletePinned?: boolean;
  readonly undo?: boolean;
}

function setUp(answers: Answers = {}): { host: FakeHost; actions: RunCommands; said: string[] } {
  const host = new FakeHost();
  const said: string[] = [];
  const prompts: RunPrompts = {
    pick: () => Promise.resolve([]),
    askName: () => Promise.resolve(answers.name),
    mayStop: (runs, deleted) => {
      said.push(`may ${runs.length} of ${deleted} be stopped?`);
      return Promise.resolve(answers.mayStop ?? false);
    },
    mayDeletePinned: (runs, deleted) => {
      said.push(`may ${runs.length} pinned of ${deleted} be deleted?`);
      return Promise.resolve(answers.mayDeletePinned ?? false);
    },
    offerUndo: (message) => {
      said.push(message);
      return Promise.resolve(answers.undo ?? false);
    },
    tell: (message) => said.push(message),
    warn: (message) => said.push(`warning: ${message}`),
  };
  return { host, actions: new RunCommands(host, prompts, () => Promise.resolve()), said };
}

async function put(...runIds: string[]): Promise<void> {
  for (const runId of runIds) await putRun(library.root, storedRun({ runId, name: `The ${runId}` }));
}

async function nodes(...runIds: string[]): Promise<RunNode[]> {
  const all = nodesOf([{ library, summaries: await library.list() }]).flatMap(({ runs }) => runs);
  return runIds.map((runId) => all.find(({ summary }) => summary.runId === runId) ?? assert.fail(runId));
}

async function ids(): Promise<string> {
  return (await library.list())
    .map(({ runId }) => runId)
    .sort()
    .join();
}

async function runOf(runId: string): Promise<StoredRun | undefined> {
  return (await library.find(runId))?.run;
}

suite('deleting in the view', () => {
  test('takes all that are chosen at once, and one Undo brings them all back', async () => {
    await put('a', 'b', 'c');
    const { actions, said } = setUp({ undo: true });
    await actions.delete(await nodes('a', 'c'));
    assert.deepEqual(said, ['Deleted 2 runs.']);
    assert.equal(await ids(), 'a,b,c');
  });

  test('names the run that is gone, and can be undone later by the command, once', async () => {
    await put('a', 'b');
    const { actions, said } = setUp();
    await actions.delete(await nodes('a'));
    assert.deepEqual(said, ['Deleted the run The a on alice.txt.']);
    assert.equal(await ids(), 'b');
    await actions.undoDelete();
    assert.equal(await ids(), 'a,b');
    await assert.rejects(actions.undoDelete(), /No run was deleted/);
  });

  test('stops what is under way here only if the person agrees, and else deletes nothing', async () => {
    await put('a', 'b');
    const refusing = setUp();
    await refusing.host.train('b');
    await refusing.actions.delete(await nodes('a', 'b'));
    assert.deepEqual([refusing.host.done, await ids()], [[], 'a,b']);
    assert.deepEqual(refusing.said, ['may 1 of 2 be stopped?']);
    await refusing.host.stop('b');

    const agreeing = setUp({ mayStop: true });
    await agreeing.host.train('b');
    await agreeing.actions.delete(await nodes('a', 'b'));
    assert.deepEqual([agreeing.host.done, await ids()], [['stop a', 'stop b'], '']);
  });

  test('asks before a run goes that was pinned to stay', async () => {
    await put('a', 'b');
    await library.update('a', { isPinned: true });
    const refusing = setUp();
    await refusing.actions.delete(await nodes('a', 'b'));
    assert.deepEqual([refusing.said, await ids()], [['may 1 pinned of 2 be deleted?'], 'a,b']);
    const agreeing = setUp({ mayDeletePinned: true });
    await agreeing.actions.delete(await nodes('a', 'b'));
    assert.equal(await ids(), '');
    assert.deepEqual(agreeing.said, ['may 1 pinned of 2 be deleted?', 'Deleted 2 runs.']);
  });

  test('deletes a run that has just ended, whose folder is given free a moment later', async () => {
    await put('a');
    const { host, actions, said } = setUp();
    await host.train('a');
    const listed = await nodes('a');
    assert.ok(listed[0].summary.owner !== undefined);
    host.isUnderWay = () => false;
    await actions.delete(listed);
    assert.deepEqual([said, await ids()], [['Deleted the run The a on alice.txt.'], '']);
  });

  test('leaves a run of another window alone and says whose it is, and still deletes the others', async () => {
    await put('a', 'b');
    const lock = await acquire(library.folderOf('a'), { ...thisOwner('headless form'), host: 'tower' });
    assert.ok(!isHeld(lock));
    const { actions, said } = setUp();
    await actions.delete(await nodes('a', 'b'));
    await lock.release();
    assert.equal(await ids(), 'a');
    assert.match(said[0], /^warning: The run The a on alice\.txt is under way: headless form on tower .*Stop it there/);
    assert.equal(said[1], 'Deleted the run The b on alice.txt.');
  });

  test('tells why a run cannot be brought back', async () => {
    await put('a');
    const { actions, said } = setUp();
    await actions.delete(await nodes('a'));
    await put('a');
    await actions.undoDelete();
    assert.match(said[1], /^warning: The run cannot be brought back/);
  });
});

suite('the other commands of the view', () => {
  test('compare 2 to 8 readable runs', async () => {
    const many = Array.from({ length: 9 }, (_, at) => `run-${at}`);
    await put(...many);
    await writeFile(join(library.folderOf('run-0'), 'run.json'), '{}');
    const { host, actions } = setUp();
    await assert.rejects(
      nodes('run-0', 'run-1').then((runs) => actions.compare(runs)),
      /2 to 8/,
    );
    await actions.compare(await nodes(...many));
    assert.deepEqual(host.done, [`compare ${many.slice(1).join()}`]);
    await put('run-0');
    await assert.rejects(
      nodes(...many).then((runs) => actions.compare(runs)),
      /9 runs are chosen/,
    );
    await writeFile(join(library.folderOf('run-0'), 'run.json'), '{}');
    await assert.rejects(
      nodes('run-0').then(([run]) => actions.open(run)),
      /run\.json/,
    );
  });

  test('rename, unless the person dismisses the question', async () => {
    await put('a');
    await setUp().actions.rename((await nodes('a'))[0]);
    assert.equal((await runOf('a'))?.name, 'The a');
    await setUp({ name: ' other ' }).actions.rename((await nodes('a'))[0]);
    assert.equal((await runOf('a'))?.name, 'other');
    await setUp({ name: '' }).actions.rename((await nodes('a'))[0]);
    assert.equal((await runOf('a'))?.name, undefined);
  });

  test('pin and unpin all that are chosen', async () => {
    await put('a', 'b', 'c');
    const { actions } = setUp();
    const pinned = async (): Promise<string[]> =>
      (await library.list()).filter(({ run }) => run?.isPinned).map(({ runId }) => runId);
    await actions.pin(await nodes('a', 'b'), true);
    assert.deepEqual((await pinned()).sort(), ['a', 'b']);
    await actions.pin(await nodes('b', 'c'), false);
    assert.deepEqual(await pinned(), ['a']);
  });
});

suite('the clean-up of runs', () => {
  async function changedOn(folder: string, day: number): Promise<void> {
    const seconds = Date.UTC(2026, 0, 1 + day) / 1000;
    for (const path of await readdir(folder, { recursive: true })) await utimes(join(folder, path), seconds, seconds);
  }

  function cleaner(
    host: RunHost,
    maxBytes: () => number,
  ): { cleaner: RunCleaner; told: string[]; undo: () => Promise<void> } {
    const told: string[] = [];
    let bringBack = (): Promise<void> => Promise.resolve();
    const listener: CleanUpListener = {
      removed: (message, undo) => {
        told.push(`removed: ${message}`);
        bringBack = undo;
      },
      exceeded: (message) => told.push(`exceeded: ${message}`),
      failed: (error) => told.push(`failed: ${String(error)}`),
    };
    return { cleaner: new RunCleaner(host, maxBytes, listener), told, undo: () => bringBack() };
  }

  test('removes what is neither pinned nor in use, says so, and warns once where that is not enough', async () => {
    const host = new FakeHost();
    for (const runId of ['pinned', 'shown', 'trained', 'other']) {
      await putRun(library.root, storedRun({ runId, name: runId, isPinned: runId === 'pinned' }), 100_000);
    }
    host.shown.add('shown');
    await host.train('trained');
    const { cleaner: one, told, undo } = cleaner(host, () => 200 * 1024);
    await one.cleanUp();
    await one.cleanUp();
    assert.equal(await ids(), 'pinned,shown,trained');
    assert.equal(told.length, 2, told.join('\n'));
    assert.match(
      told[0],
      /^removed: The run other on alice\.txt \(98 kB\) went to the trash, since all runs together exceeded 200 kB .* an hour/,
    );
    assert.match(
      told[1],
      /^exceeded: The runs in .* take 29\d kB, 9\d kB more than rnnInspector\.runs\.maxSizeMB allows/,
    );
    await undo();
    await one.cleanUp();
    assert.equal(await ids(), 'other,pinned,shown,trained');
    await host.stop('trained');
  });

  test('names a run that takes most of the room before others make room for it', async () => {
    for (const [day, runId] of ['old', 'large', 'new'].entries()) {
      await putRun(library.root, storedRun({ runId, name: runId }), runId === 'large' ? 150_000 : 50_000);
      await changedOn(library.folderOf(runId), day);
    }
    const { cleaner: one, told } = cleaner(new FakeHost(), () => 200 * 1024);
    await one.cleanUp();
    assert.equal(await ids(), 'large,new,old', 'nothing goes before the person could choose');
    assert.match(
      told.join('\n'),
      /^exceeded: The run large on alice\.txt \(14\d kB\) takes most of the 200 kB [^\n]*$/,
    );
    await one.cleanUp();
    assert.equal(await ids(), 'large,new');
    assert.match(told[1], /^removed: The run old /);
  });

  test('removes nothing where the setting cannot be used', async () => {
    await put('a');
    const { cleaner: one, told } = cleaner(new FakeHost(), () => {
      throw new Error('maxSizeMB is wrong');
    });
    await one.cleanUp();
    assert.equal(await ids(), 'a');
    assert.deepEqual(told, ['failed: Error: maxSizeMB is wrong']);
  });

  test('empties the trash of what was deleted more than an hour ago', async () => {
    let nowMs = 0;
    library = new RunLibrary(library.root, { trashRecords: join(parent, 'records'), now: () => nowMs });
    await put('a', 'b');
    await library.remove('a');
    nowMs = 3600 * 1000;
    await library.remove('b');
    await cleaner(new FakeHost(), () => 1e9).cleaner.cleanUp();
    assert.deepEqual(await readdir(join(library.root, '.trash')), [`b.${nowMs}`]);
  });
});
