import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import * as vscode from 'vscode';
import { openRun } from '../../src/host/run/opening.ts';
import { forkRun } from '../../src/host/run/forking.ts';
import type { Session } from '../../src/host/session/session.ts';
import { CheckpointFolder } from '../../src/runs/disk/checkpoints.ts';
import { readRun } from '../../src/runs/reading/runReader.ts';
import { sampleText } from '../../src/text/sampleText.ts';
import { until, workerPath } from './sessions.ts';
import { folderOf, keptWindows, reaches } from './keptWindow.ts';

const OPTIONS = { prompt: '', length: 20, temperature: 1, topK: 0 };

suite('A run that is kept', function () {
  this.timeout(60_000);
  const { storage, source, openWindow, closeAll } = keptWindows();

  /** Waits until so many iterations are on the disk. */
  async function written(folder: string, iterations: number): Promise<void> {
    for (;;) {
      const read = await readRun(folder).catch(() => undefined);
      if ((read?.history.iterations ?? 0) >= iterations) return;
      await setImmediate();
    }
  }

  const losses = (session: Session, from: number, to: number): readonly number[] => [
    ...session.history.points('lossNats', from, to, 4000).mean,
  ];

  test('goes on after a stop with the losses of a run that never stopped', async () => {
    const window = openWindow();
    const first = window.begin(source());
    await reaches(first, 150);
    await first.stop();
    const place = folderOf(first);
    await window.keeper.settled(place);
    const at = first.history.iterations;
    assert.equal(first.status.resumable?.iteration, at);
    assert.equal(first.status.resumable.lostSeconds, 0);
    const resumed = await window.resume(place);
    assert.equal(resumed.description.runId, first.description.runId);
    assert.equal(resumed.history.iterations, at, 'the history is there at once');
    await reaches(resumed, at + 200);
    // Read before the run has gone so far that its history has means of several iterations in their place.
    const afterStop = losses(resumed, 0, at + 200);
    const whole = window.begin({ ...source(), name: 'whole' });
    await reaches(whole, at + 200);
    assert.deepEqual(afterStop, losses(whole, 0, at + 200));
  });

  test('is there after its window closed, paused, with everything until then', async () => {
    const window = openWindow();
    const session = window.begin(source());
    await reaches(session, 100);
    const place = folderOf(session);
    await closeAll();
    const later = openWindow();
    const read = await readRun((await later.summary(place)).folder);
    assert.equal(read.run.state, 'paused');
    assert.equal(read.history.iterations, session.history.iterations);
    const opened = await openRun(later.launcher, await later.summary(place));
    later.sessions.add(opened);
    assert.equal(opened.status.resumable?.iteration, opened.status.iteration);
    assert.equal(opened.status.resumable.wasInterrupted, false, 'a window that closes in order is no crash');
    assert.equal((await opened.generate(OPTIONS)).characters.length, 20, 'its checkpoint writes text');
    const loaded = await later.resume(place, true);
    await until(loaded, () => loaded.status.state === 'paused');
    assert.equal((await loaded.capture()).iteration, opened.status.iteration);
    loaded.control('step');
    await reaches(loaded, opened.status.iteration + 1);
  });

  test('has its n-grams however early they were found, and the prompt that was chosen last, also while nobody trains it', async () => {
    const window = openWindow();
    const session = window.begin(source());
    session.setSampling({ ...OPTIONS, prompt: 'The ' });
    await reaches(session, 10);
    await until(session, () => session.study.results.baselines?.ngramNats.length === 6);
    const place = folderOf(session);
    await closeAll();
    const later = openWindow();
    const { folder } = await later.summary(place);
    const read = await readRun(folder);
    assert.equal(read.baselines?.ngramNats.length, 6);
    assert.equal(read.run.sampling?.prompt, 'The ');
    const opened = await openRun(later.launcher, await later.summary(place));
    later.sessions.add(opened);
    opened.setSampling({ ...OPTIONS, prompt: 'An ' });
    await later.keeper.settled(place);
    assert.equal((await readRun(folder)).run.sampling?.prompt, 'An ');
    opened.setSampling({ ...OPTIONS, prompt: 'Any ' });
    assert.equal((await later.resume(place, true)).description.sampling.prompt, 'Any ');
  });

  test('after a crash goes on from its last checkpoint, and says how much is lost', async () => {
    const window = openWindow();
    const session = window.begin(source());
    await reaches(session, 60);
    await session.checkpoint();
    const place = folderOf(session);
    const { folder } = await window.summary(place);
    const checkpoints = new CheckpointFolder(folder);
    while ((await checkpoints.list()).length === 0) await setImmediate();
    await written(folder, 300);
    // What a killed process leaves: the files as they are at this moment, and no owner.
    const left = await mkdtemp(join(tmpdir(), 'rnn-crashed-'));
    // A checkpoint may be replaced while it is copied: then once more.
    for (let copied = false; !copied;) {
      copied = await cp(folder, join(left, 'runs', basename(place)), {
        recursive: true,
        filter: (from) => !/(lock|owner\.json)$/.test(from),
      }).then(
        () => true,
        () => false,
      );
    }
    await closeAll();
    const later = openWindow(left);
    const copy = join(left, 'runs', basename(place));
    const [saved] = await new CheckpointFolder(join(left, 'runs', basename(place))).list();
    const opened = await openRun(later.launcher, await later.summary(copy));
    later.sessions.add(opened);
    assert.ok(opened.status.iteration >= 300);
    assert.equal(opened.status.resumable?.iteration, saved.iteration);
    assert.equal(opened.status.resumable.wasInterrupted, true);
    assert.ok(opened.status.resumable.lostSeconds >= 0);
    assert.equal(opened.status.resumable.lostSeconds > 0, opened.status.iteration > saved.iteration);
    const resumed = await later.resume(copy);
    assert.equal(resumed.history.iterations, saved.iteration);
    await reaches(resumed, opened.status.iteration);
    assert.deepEqual(losses(resumed, 0, opened.status.iteration), losses(opened, 0, opened.status.iteration));
  });

  test('belongs to one window: another one watches it grow, and takes it over when it is free', async () => {
    const owner = openWindow();
    const session = owner.begin(source());
    await reaches(session, 50);
    const place = folderOf(session);
    await written((await owner.summary(place)).folder, 50);
    const other = openWindow();
    const summary = await other.summary(place);
    const watched = await openRun(other.launcher, summary);
    other.sessions.add(watched);
    assert.match(watched.status.trainedBy ?? '', /VS Code window/);
    assert.equal(watched.status.resumable, undefined);
    assert.equal(await other.resume(place, false, () => Promise.resolve(undefined)), watched, 'it is left there');
    await reaches(watched, watched.status.iteration + 100);
    await session.stop();
    await owner.keeper.settled(place);
    if (other.launcher.sessionOf(place)?.status.resumable === undefined) {
      await new Promise<void>((resolve) => {
        const subscription = other.sessions.onDidAdd(() => {
          subscription.dispose();
          resolve();
        });
      });
    }
    const resumed = await other.resume(place);
    await reaches(resumed, session.history.iterations + 20);
  });

  test('forks: another run goes on with another learning rate and the same history until there', async () => {
    const window = openWindow();
    const session = window.begin(source());
    await reaches(session, 80);
    await session.stop();
    const place = folderOf(session);
    await window.keeper.settled(place);
    const { folder, run } = await window.summary(place);
    const newest = await new CheckpointFolder(folder).newestReadable();
    assert.ok(run && newest);
    const at = newest.checkpoint.iteration;
    await forkRun(window.launcher, {
      run,
      folder,
      newest,
      source: source(),
      settings: { ...run.settings, learningRate: 0.05 },
    });
    const fork = window.sessions.current;
    assert.ok(fork && fork !== session);
    await reaches(fork, at + 50);
    await fork.stop();
    await window.keeper.settled(folderOf(fork));
    const read = await readRun((await window.summary(folderOf(fork))).folder);
    const { forkedFrom } = read.run;
    assert.deepEqual(
      { ...forkedFrom, label: undefined },
      { runId: basename(place), iteration: at, ownFrom: at, label: undefined },
    );
    assert.deepEqual(fork.description.forkedFrom, forkedFrom);
    assert.deepEqual(
      read.run.settingChanges?.map(({ iteration, after }) => [iteration, after.learningRate]),
      [[at, 0.05]],
    );
    assert.ok(read.run.best === undefined || read.run.best.iteration > at, 'its best is its own');
    const first = await new CheckpointFolder((await window.summary(folderOf(fork))).folder).list();
    for (const info of first.filter(({ isBest }) => isBest)) assert.ok(info.iteration > at);
    assert.deepEqual(read.problems, []);
    assert.deepEqual(losses(fork, 0, at), losses(session, 0, at));
    assert.ok(read.history.iterations >= at + 50);
    assert.equal(read.history.points('learningRate', at, at + 1, 10).mean[0], Math.fround(0.05));
  });

  test('keeps its text, and leaves no trace where the text was refused', async () => {
    const window = openWindow();
    const session = window.begin(source());
    await reaches(session, 10);
    const place = folderOf(session);
    while ((await window.keeper.places.find(place))?.summary.run?.text?.isKept !== true) await setImmediate();
    const { folder } = await window.summary(place);
    assert.equal(await readFile(join(folder, 'text'), 'utf8'), sampleText());
    const before = await readdir(join(storage(), 'runs'));
    const refused = window.begin({ uri: vscode.Uri.file('/short'), name: 'short', content: { text: 'ab' } });
    await until(refused, () => refused.isOver);
    assert.equal(refused.folder, undefined);
    assert.deepEqual(await readdir(join(storage(), 'runs')), before);
  });

  test('whose thread dies can go on from its last checkpoint', async () => {
    const window = openWindow();
    const worker = join(storage(), 'worker.cjs');
    await writeFile(
      worker,
      `const { parentPort } = require('node:worker_threads');
      const send = parentPort.postMessage.bind(parentPort);
      let hasSaved = false;
      parentPort.postMessage = (event, ...values) => {
        if (hasSaved && event.type === 'progress') throw new Error('a test ends this thread');
        hasSaved ||= event.type === 'checkpoint';
        send(event, ...values);
      };
      require(${JSON.stringify(workerPath())});`,
    );
    const real = window.launcher.workerPath;
    Object.assign(window.launcher, { workerPath: worker });
    const session = window.begin(source(), { kernels: 'scalar' });
    await until(session, () => session.isOver);
    Object.assign(window.launcher, { workerPath: real });
    const place = folderOf(session);
    await window.keeper.settled(place);
    assert.equal(session.status.state, 'failed');
    assert.ok(session.status.resumable);
    const resumed = await window.resume(place);
    assert.equal(resumed.status.failure, undefined);
    await reaches(resumed, session.history.iterations + 20);
  });
});
