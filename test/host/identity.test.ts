import assert from 'node:assert/strict';
import { cp, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { openRun } from '../../src/host/run/opening.ts';
import { RunActions } from '../../src/host/run/runActions.ts';
import type { AskPerson } from '../../src/host/run/takingOver.ts';
import { CheckpointFolder } from '../../src/runs/disk/checkpoints.ts';
import { readRunFile } from '../../src/runs/format/runFile.ts';
import { readRun } from '../../src/runs/reading/runReader.ts';
import { folderOf, keptWindows, reaches, type Window } from './keptWindow.ts';
import { until } from './sessions.ts';

suite('A run is its place and its id', function () {
  this.timeout(60_000);
  const { storage, source, openWindow } = keptWindows();

  const actionsOf = ({ launcher }: Window): RunActions =>
    new RunActions(launcher, { export: () => Promise.resolve(), compare: () => Promise.resolve() });

  test('so a copy in another place is a run of its own: both train at once, and each command means the one that was clicked', async () => {
    const window = openWindow();
    const session = window.begin(source());
    await reaches(session, 50);
    await session.stop();
    const original = folderOf(session);
    await window.keeper.settled(original);
    const copy = join(storage(), 'elsewhere', basename(original));
    await cp(original, copy, { recursive: true });
    await window.keeper.places.remember(copy);
    const actions = actionsOf(window);
    await actions.rename(copy, 'the copy');
    await actions.pin(copy, true);
    const ofOriginal = await readRunFile(original);
    const ofCopy = await readRunFile(copy);
    assert.deepEqual([ofOriginal.name, ofOriginal.isPinned], [undefined, false]);
    assert.deepEqual([ofCopy.name, ofCopy.isPinned, ofCopy.runId], ['the copy', true, ofOriginal.runId]);

    const one = await window.resume(original);
    const other = await window.resume(copy);
    assert.notEqual(one, other);
    await reaches(one, session.history.iterations + 100);
    await reaches(other, session.history.iterations + 100);
    assert.ok(actions.isUnderWay(original) && actions.isUnderWay(copy));
    await actions.rename(original, 'the first');
    await actions.stop(copy);
    assert.ok(!actions.isUnderWay(copy) && actions.isUnderWay(original), 'only what was clicked is stopped');
    await actions.stop(original);
    const [first, second] = [await readRun(original), await readRun(copy)];
    assert.deepEqual([first.run.name, second.run.name], ['the first', 'the copy']);
    assert.deepEqual([first.problems, second.problems], [[], []]);
    assert.deepEqual(
      [first.history.iterations, second.history.iterations],
      [one.history.iterations, other.history.iterations],
    );
    await rm(copy, { recursive: true });
    await assert.rejects(actions.rename(copy, 'gone'), /is not there any more/);
    assert.equal((await readRunFile(original)).name, 'the first');
  });

  /** A run with a checkpoint that one window trains and another one watches. */
  async function trainedAndWatched() {
    const owner = openWindow();
    // It must not end by itself while the other program takes it over, however long that takes.
    const session = owner.begin(source(), { maxEpochs: 1_000_000 });
    await reaches(session, 80);
    await session.checkpoint();
    const folder = folderOf(session);
    while ((await new CheckpointFolder(folder).list()).length === 0) await new Promise(setImmediate);
    const other = openWindow();
    const watched = await openRun(other.launcher, await other.summary(folder));
    other.sessions.add(watched);
    return { owner, session, folder, other, watched };
  }

  test('and is taken over from another program where the person says so, which loses it and is told', async () => {
    const { owner, session, folder, other, watched } = await trainedAndWatched();
    const asked: string[] = [];
    const answering =
      (answer: string | undefined): AskPerson =>
      (question, detail, ...buttons) => {
        asked.push(`${question} ${detail} [${buttons.join()}]`);
        return Promise.resolve(answer);
      };
    const taken = await other.resume(folder, false, answering('Take over'));
    assert.ok(taken.hasNetwork && !other.sessions.all.includes(watched));
    assert.match(
      asked[0],
      /under way in another program: the VS Code window on .*\(process \d+\), which showed life .* ago.* and is most likely at work\./,
    );
    assert.match(
      asked[0],
      /last checkpoint, at iteration [\d\u202f]+ now\. The other program loses the run.*may be lost.* \[Take over\]$/,
    );
    await until(session, () => session.isOver);
    while (owner.sessions.all.includes(session)) await new Promise(setImmediate);
    const opened = await openRun(owner.launcher, await owner.summary(folder));
    assert.ok(opened.status.trainedBy, 'who lost it watches it');
    opened.dispose();
    await reaches(taken, taken.history.iterations + 100);
    await taken.stop();
    await other.keeper.settled(folder);
    const read = await readRun(folder);
    assert.deepEqual(read.problems, []);
    assert.equal(read.history.iterations, taken.history.iterations);
  });

  test('and stays with its program where the person leaves it there', async () => {
    const { session, folder, other, watched } = await trainedAndWatched();
    assert.equal(await other.resume(folder, false, () => Promise.resolve(undefined)), watched);
    const at = session.history.iterations;
    await reaches(session, at + 50);
  });

  test('goes with its text where that is renamed, or a folder that it is in', async () => {
    const window = openWindow();
    const texts = join(storage(), 'texts');
    await vscode.workspace.fs.createDirectory(vscode.Uri.file(texts));
    const file = join(texts, 'text.txt');
    await rename(join(storage(), 'text.txt'), file);
    const uri = vscode.Uri.file(file);
    const session = window.begin({ uri, name: 'text.txt', content: { file: { path: file, encoding: 'utf-8' } } });
    await reaches(session, 30);
    const folder = folderOf(session);
    const move = async (from: vscode.Uri, to: vscode.Uri): Promise<void> => {
      const edit = new vscode.WorkspaceEdit();
      edit.renameFile(from, to);
      assert.ok(await vscode.workspace.applyEdit(edit));
    };
    const stored = async (fileName: string): Promise<string | undefined> => {
      for (;;) {
        const { text } = JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')) as {
          text: { uri: string; fileName: string };
        };
        if (text.fileName === fileName) return text.uri;
        await new Promise(setImmediate);
      }
    };
    const renamed = vscode.Uri.file(join(texts, 'renamed.txt'));
    await move(uri, renamed);
    assert.deepEqual([session.uri.toString(), session.description.fileName], [renamed.toString(), 'renamed.txt']);
    assert.equal(await stored('renamed.txt'), renamed.toString());

    // Over, its late records write it; opened from its folder, the keeper does.
    await session.stop();
    await window.keeper.settled(folder);
    const again = vscode.Uri.file(join(texts, 'again.txt'));
    const opened = await openRun(window.launcher, await window.summary(folder));
    window.sessions.add(opened);
    window.sessions.remove(session);
    await move(renamed, again);
    assert.equal(await stored('again.txt'), again.toString());
    assert.equal(opened.description.fileName, 'again.txt');

    await move(vscode.Uri.file(texts), vscode.Uri.file(join(storage(), 'moved')));
    const moved = vscode.Uri.file(join(storage(), 'moved', 'again.txt'));
    assert.equal(opened.uri.toString(), moved.toString());
    await window.keeper.settled(folder);
    const resumed = await window.resume(folder);
    await reaches(resumed, session.history.iterations + 20);
    assert.equal(resumed.uri.toString(), moved.toString(), 'its text is found without a question');
  });

  test('is named in the moment of its end, and what is chosen of it afterwards is kept beside the name', async () => {
    const window = openWindow();
    const session = window.begin(source());
    await reaches(session, 50);
    const folder = folderOf(session);
    await session.stop();
    await actionsOf(window).rename(folder, 'at its end');
    assert.equal((await window.summary(folder)).run?.name, 'at its end');
    session.setSampling({ prompt: 'The ', length: 20, temperature: 1, topK: 0 });
    await window.keeper.settled(folder);
    const { run } = await window.summary(folder);
    assert.deepEqual([run?.name, run?.sampling?.prompt], ['at its end', 'The ']);
  });

  test('goes with its text also between its end and the next start', async () => {
    const window = openWindow();
    const session = window.begin(source());
    await reaches(session, 30);
    await session.stop();
    const folder = folderOf(session);
    const moved = vscode.Uri.file(join(storage(), 'moved.txt'));
    await rename(join(storage(), 'text.txt'), moved.fsPath);
    session.textMoved(moved);
    await window.keeper.settled(folder);
    assert.equal((await readRunFile(folder)).text?.uri, moved.toString());
  });
});
