import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { InputError } from '../../src/common/inputError.ts';
import type { RunHost } from '../../src/host/runsView/runHost.ts';
import type { Node } from '../../src/host/runsView/runNodes.ts';
import { RunTree } from '../../src/host/runsView/runTree.ts';
import { readRunsSettings } from '../../src/host/run/runsSettings.ts';
import type { StoredRun } from '../../src/protocol/storedRun.ts';
import { RunLibrary } from '../../src/runs/disk/library.ts';
import { acquire, isHeld, thisOwner } from '../../src/runs/disk/lock.ts';
import { putRun, storedRun } from '../unit/host/runsFixtures.ts';
import { FACTS } from '../unit/runs/export/fixtures.ts';

const NOW_MS = Date.parse('2026-01-01T13:30:00.000Z');

suite('The view of runs', () => {
  let root: string;
  let tree: RunTree;
  let changes: vscode.EventEmitter<undefined>;
  let underWay: Set<string>;
  let reported: unknown[];

  setup(async () => {
    root = await mkdtemp(join(tmpdir(), 'rnn-view-'));
    changes = new vscode.EventEmitter<undefined>();
    underWay = new Set();
    reported = [];
    const library = new RunLibrary(root, { trashRecords: `${root}-records` });
    const nothing = (): Promise<void> => Promise.resolve();
    const host: RunHost = {
      libraries: () => [library],
      usedLibraries: () => Promise.resolve([library]),
      madeIn: () => Promise.resolve(() => true),
      onDidChange: changes.event,
      ...{
        open: nothing,
        resume: nothing,
        fork: nothing,
        compare: nothing,
        sample: nothing,
        export: nothing,
        stop: nothing,
      },
      ...{ rename: nothing, pin: nothing },
      isUnderWay: (folder) => underWay.has(basename(folder)),
      isShown: () => false,
    };
    tree = new RunTree(
      host,
      (error) => reported.push(error),
      () => NOW_MS,
    );
  });

  teardown(async () => {
    tree.dispose();
    changes.dispose();
    await rm(root, { recursive: true });
  });

  const put = (runId: string, change: Partial<StoredRun> = {}): Promise<void> =>
    putRun(root, storedRun({ runId, ...change }));
  const items = async (node?: Node): Promise<vscode.TreeItem[]> =>
    (await tree.getChildren(node)).map((child) => tree.getTreeItem(child));
  /** Resolves at the next change that the tree tells of. */
  const nextChange = (): Promise<void> =>
    new Promise((resolve) => {
      const subscription = tree.onDidChangeTreeData(() => {
        subscription.dispose();
        resolve();
      });
    });

  test('is empty where there are no runs, so that its welcome shows', async () => {
    assert.deepEqual(await tree.getChildren(), []);
    assert.deepEqual([tree.problem, reported], [undefined, []]);
  });

  test('shows files and in them their runs, each with its icon, words and menu', async () => {
    await put('one', { name: 'deep', state: 'paused', isPinned: true, best: { iteration: 5, lossNats: 1.5 } });
    await put('two', {
      state: 'finished',
      createdAt: '2025-12-31T00:00:00.000Z',
      facts: FACTS,
      best: { iteration: 5, lossNats: 1000 },
    });
    await mkdir(join(root, 'three'));
    underWay.add('one');
    const [alice, damaged] = await tree.getChildren();
    const [aliceItem, damagedItem] = [tree.getTreeItem(alice), tree.getTreeItem(damaged)];
    assert.deepEqual([aliceItem.label, damagedItem.label], ['alice.txt', 'Damaged']);
    assert.equal(aliceItem.accessibilityInformation?.label, 'alice.txt, /texts, 2 runs');
    const [one, two] = await items(alice);
    assert.equal(one.label, 'deep');
    assert.match(String(one.description), /^1\.500 nats · pinned · paused · 3h ago · /);
    assert.equal((one.iconPath as vscode.ThemeIcon).id, 'debug-pause');
    assert.equal((one.iconPath as vscode.ThemeIcon).color?.id, 'charts.yellow');
    assert.equal(one.contextValue, 'run readable paused resumable forkable pinned');
    assert.match(one.accessibilityInformation?.label ?? '', /^deep, pinned, paused, best validation loss 1\.500 nats/);
    assert.equal(one.command?.command, 'rnnInspector.runs.open');
    assert.equal(two.contextValue, 'run readable finished forkable unpinned');
    assert.equal((two.iconPath as vscode.ThemeIcon).id, 'circle-slash', 'it ended above guessing');
    assert.ok(two.tooltip instanceof vscode.MarkdownString);
    assert.ok(!two.tooltip.isTrusted && !two.tooltip.supportHtml);
    const [three] = await items(damaged);
    assert.deepEqual([three.label, three.contextValue], ['three', 'run damaged']);
    const [run] = await tree.getChildren(alice);
    assert.equal(tree.getParent(run), alice);
    assert.deepEqual(await tree.getChildren(run), []);
  });

  test('tells of a change only where something looks different', async () => {
    await put('one');
    await tree.getChildren();
    let changed = 0;
    tree.onDidChangeTreeData(() => changed++);
    await tree.refresh();
    assert.equal(changed, 0);
    await put('two');
    await tree.refresh();
    assert.equal(changed, 1);
    underWay.add('two');
    await tree.refresh();
    assert.equal(changed, 1, 'a run that is over is over');
    await put('two', { state: 'running' });
    const change = nextChange();
    changes.fire(undefined);
    await change;
    assert.equal(changed, 2);
  });

  test('says which runs another program trains, and which were interrupted', async () => {
    await put('one', { state: 'running' });
    const lock = await acquire(join(root, 'one'), { ...thisOwner('headless form'), host: 'tower' });
    assert.ok(!isHeld(lock));
    const [file] = await tree.getChildren();
    const [owned] = await items(file);
    assert.equal((owned.iconPath as vscode.ThemeIcon).id, 'lock');
    assert.equal(owned.contextValue, 'run readable elsewhere forkable foreign');
    assert.match((owned.tooltip as vscode.MarkdownString).value, /headless form on tower/);
    await lock.release();
    await tree.refresh();
    const [interrupted] = await items((await tree.getChildren())[0]);
    assert.equal((interrupted.iconPath as vscode.ThemeIcon).id, 'warning');
    assert.equal(interrupted.contextValue, 'run readable interrupted resumable forkable unpinned');
  });

  test('says why runs cannot be listed, once', async () => {
    await rm(root, { recursive: true });
    await writeFile(root, 'a file');
    assert.deepEqual(await tree.getChildren(), []);
    await tree.refresh();
    assert.match(tree.problem ?? '', /cannot be listed/);
    assert.equal(reported.length, 1);
  });
});

suite('Settings of runs', () => {
  const update = (value: unknown): Thenable<void> =>
    vscode.workspace
      .getConfiguration('rnnInspector.runs')
      .update('checkpointSeconds', value, vscode.ConfigurationTarget.Global);

  teardown(() => update(undefined));

  test('follow the configuration, and refuse a value out of range', async () => {
    assert.equal(readRunsSettings(undefined).checkpointSeconds, 30);
    await update(5);
    assert.equal(readRunsSettings(undefined).checkpointSeconds, 5);
    await update(0);
    assert.throws(() => readRunsSettings(undefined), InputError);
  });
});
