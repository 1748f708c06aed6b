import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readdir, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, suite, test } from 'node:test';
import type { Uri } from 'vscode';
import { type OpenFolders, RunPlaces } from '../../../src/host/run/places.ts';
import { RunCleaner } from '../../../src/host/runsView/cleanUp.ts';
import { nodesOf } from '../../../src/host/runsView/runNodes.ts';
import { putRun, storedRun } from './runsFixtures.ts';

let parent: string;
let storage: string;
let workspace: string;
let tests = 0;
before(async () => {
  parent = await realpath(await mkdtemp(join(tmpdir(), 'rnn-places-')));
});
beforeEach(async () => {
  storage = join(parent, `storage-${tests}`);
  workspace = join(parent, `workspace-${tests++}`);
  await mkdir(workspace);
});
after(() => rm(parent, { recursive: true }));

const FILE = {} as Uri;

/** @param keepsRuns the settings say that runs on files of the workspace are kept in it. */
function open({ isTrusted = true, keepsRuns = true, paths = [workspace] } = {}): OpenFolders {
  return { isTrusted, paths, pathFor: () => (keepsRuns ? paths[0] : undefined) };
}

const window = (folders = open(), openedBefore: readonly string[] = []): RunPlaces =>
  new RunPlaces(storage, folders, {}, openedBefore);
const inWorkspace = (runId = ''): string => join(workspace, '.rnn-runs', runId);
const roots = (libraries: readonly { readonly root: string }[]): readonly string[] => libraries.map(({ root }) => root);

suite('the places of runs', () => {
  test('are the own storage alone where the workspace is not trusted, whatever the settings say', async () => {
    await putRun(inWorkspace(), storedRun({ runId: 'evil' }));
    const places = window(open({ isTrusted: false }));
    assert.deepEqual(roots(places.libraries), [join(storage, 'runs')]);
    assert.equal(places.folderFor('new', FILE), join(storage, 'runs', 'new'));
    assert.equal(await places.find(inWorkspace('evil')), undefined);
    assert.equal(await places.findRemembered({ runId: 'evil' }), undefined);
  });

  test('in a trusted workspace are looked at, and used only once a run was made or gone on with there', async () => {
    await putRun(inWorkspace(), storedRun({ runId: 'theirs' }));
    const places = window();
    const [own, there] = places.libraries;
    assert.equal(there.root, inWorkspace());
    assert.equal((await places.find(inWorkspace('theirs')))?.summary.runId, 'theirs');
    assert.deepEqual(roots(await places.usedLibraries()), [own.root]);

    const mine = places.folderFor('mine', FILE);
    assert.equal(mine, inWorkspace('mine'));
    await assert.rejects(readdir(mine), 'nothing is made before');
    await places.make(mine);
    assert.deepEqual(roots(await places.usedLibraries()), [own.root, there.root]);
    const isMade = await places.madeIn(there);
    assert.deepEqual([isMade('mine'), isMade('theirs')], [true, false]);
    assert.ok((await places.madeIn(own))('anything'));
    await places.use(inWorkspace('theirs'));
    assert.ok((await window().madeIn(there))('theirs'), 'also for another window');
    assert.ok((await readdir(inWorkspace())).includes('.gitignore'));
  });

  test('lose nothing of two windows that note at the same moment', async () => {
    const windows = [window(), window()];
    const runIds = Array.from({ length: 40 }, (_, at) => `run-${at}`);
    await Promise.all(runIds.map((runId, at) => windows[at % 2].make(inWorkspace(runId))));
    const [, there] = windows[0].libraries;
    const isMade = await window().madeIn(there);
    assert.deepEqual(
      runIds.filter((runId) => !isMade(runId)),
      [],
    );
  });

  test('behind a link are none, and a folder that was opened through one has one name', async () => {
    const elsewhere = join(parent, 'elsewhere');
    await mkdir(elsewhere, { recursive: true });
    await symlink(elsewhere, inWorkspace().replace(/\/$/, ''), 'junction');
    assert.equal(window().libraries.length, 1);
    assert.throws(() => window().folderFor('new', FILE), /is a link/);
    const real = join(parent, 'real');
    await mkdir(real, { recursive: true });
    await symlink(real, join(parent, 'by-link'), 'junction');
    const [, there] = window(open({ paths: [join(parent, 'by-link')] })).libraries;
    assert.equal(there.root, join(real, '.rnn-runs'));
  });

  test('elsewhere hold a run that a person opened, and only that', async () => {
    const cluster = join(parent, 'cluster');
    await putRun(cluster, storedRun({ runId: 'a' }));
    await putRun(cluster, storedRun({ runId: 'b' }));
    const places = window();
    assert.equal(await places.find(join(cluster, 'a')), undefined);
    await places.remember(join(cluster, 'a'));
    assert.equal((await window().find(join(cluster, 'a')))?.summary.folder, join(cluster, 'a'));
    assert.equal(await window().find(join(cluster, 'b')), undefined);
    const before = window(open(), [join(cluster, 'b')]);
    assert.ok(await before.find(join(cluster, 'b')), 'opened by an earlier version');
    assert.equal((await before.findRemembered({ runId: 'b' }))?.summary.folder, join(cluster, 'b'));
  });

  test('hold two runs of one id, each found by its place; an id alone means the own one', async () => {
    const places = window();
    const [own, there] = places.libraries;
    await putRun(own.root, storedRun({ runId: 'twin', name: 'mine' }));
    await cp(own.folderOf('twin'), there.folderOf('twin'), { recursive: true });
    await there.update('twin', { name: 'the copy' });
    const nameIn = async (folder: string): Promise<string | undefined> =>
      (await places.find(folder))?.summary.run?.name;
    assert.deepEqual([await nameIn(own.folderOf('twin')), await nameIn(there.folderOf('twin'))], ['mine', 'the copy']);
    assert.equal((await places.findRemembered({ runId: 'twin' }))?.library.root, own.root);
    const remembered = { runId: 'twin', folder: there.folderOf('twin') };
    assert.equal((await places.findRemembered(remembered))?.library.root, there.root);
    const [file] = nodesOf([
      { library: own, summaries: await own.list() },
      { library: there, summaries: await there.list() },
    ]);
    const shown = file.runs.map(({ summary, place }) => `${summary.run?.name} ${place}`);
    assert.deepEqual(shown.toSorted(), [
      'mine in the storage of the extension',
      `the copy in ${workspace.split(/[\\/]/).at(-1)}/.rnn-runs`,
    ]);
  });

  test('are kept small without what somebody else put there: it is neither counted nor removed', async () => {
    const places = window();
    const [, there] = places.libraries;
    const old = { changedAt: '2020-01-01T00:00:00.000Z' };
    await putRun(there.root, storedRun({ runId: 'theirs', ...old }), 900_000);
    for (const runId of ['first', 'second']) {
      await places.make(there.folderOf(runId));
      await putRun(there.root, storedRun({ runId }), 100_000);
    }
    const removed: string[] = [];
    const host = {
      libraries: () => places.libraries,
      usedLibraries: () => places.usedLibraries(),
      madeIn: (library: (typeof places.libraries)[number]) => places.madeIn(library),
      isUnderWay: () => false,
      isShown: () => false,
    };
    const cleaner = (maxBytes: number): RunCleaner =>
      new RunCleaner(host as unknown as ConstructorParameters<typeof RunCleaner>[0], () => maxBytes, {
        removed: (message) => removed.push(message),
        exceeded: (message) => removed.push(message),
        failed: assert.ifError,
      });
    await cleaner(500_000).cleanUp();
    assert.deepEqual(removed, []);
    const small = cleaner(1000);
    // The first time it names the run that takes most of the room.
    await small.cleanUp();
    await small.cleanUp();
    const left = (await there.list()).map(({ runId }) => runId);
    assert.deepEqual(left, ['theirs']);
  });
});
