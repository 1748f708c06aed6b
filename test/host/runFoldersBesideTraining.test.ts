import assert from 'node:assert/strict';
import { openRun } from '../../src/host/run/opening.ts';
import { beginImported } from '../../src/host/run/importing.ts';
import type { Session } from '../../src/host/session/session.ts';
import { CheckpointFolder } from '../../src/runs/disk/checkpoints.ts';
import type { StoredRun } from '../../src/protocol/storedRun.ts';
import { RunRecorder } from '../../src/runs/recording/recorder.ts';
import { readRun } from '../../src/runs/reading/runReader.ts';
import { importNetworkFile } from '../../src/runs/import/stateDict.ts';
import { SETTINGS, until } from './sessions.ts';
import { folderOf, keptWindows, reaches } from './keptWindow.ts';
import { METRIC_NAMES } from '../tanh.ts';

const OPTIONS = { prompt: '', length: 20, temperature: 1, topK: 0 };

const MEMORY_POINT = {
  horizonOnePercent: 7,
  horizonOneOverE: 2,
  decayRate: -0.5,
  tanhFactor: 0.8,
  lyapunov: -0.1,
  spectralRadius: 1.25,
  sigmaMax: 2,
};

suite('A run that is kept, besides its training', function () {
  this.timeout(60_000);
  const { source, openWindow } = keptWindows();

  test('gets what is found out after its end, and can still go on', async () => {
    const window = openWindow();
    const session = window.begin(source(), { maxEpochs: 1 });
    await until(session, () => session.status.resumable !== undefined);
    const point = { ...MEMORY_POINT, iteration: session.history.iterations };
    session.add({ type: 'memoryPoint', value: point });
    const sample = await session.generate(OPTIONS);
    const place = folderOf(session);
    await window.keeper.settled(place);
    const { folder } = await window.summary(place);
    const read = await readRun(folder);
    assert.deepEqual(read.problems, []);
    assert.deepEqual(read.history.of('memoryPoint').at(-1), point);
    assert.deepEqual(read.history.of('sample').at(-1)?.characters, sample.characters);
    assert.equal(read.run.state, 'finished');
    const loaded = await window.resume(place, true);
    await until(loaded, () => loaded.status.state === 'paused');
  });

  test('of a program elsewhere is followed while it grows, and cannot be resumed', async () => {
    const window = openWindow();
    const runId = 'run-on-a-cluster';
    const folder = window.keeper.places.folderFor(runId, source().uri);
    await window.keeper.places.make(folder);
    const now = new Date().toISOString();
    const run: StoredRun = {
      format: 'rnn-gradient-inspector-run',
      version: 1,
      runId,
      isPinned: false,
      source: 'train.py',
      settings: SETTINGS,
      versions: { torch: '2.0' },
      createdAt: now,
      changedAt: now,
      state: 'running',
      iterations: 0,
      elapsedMs: 0,
    };
    const recorder = await RunRecorder.create(folder, run, {
      onProblem: (problem) => assert.equal(problem, ''),
    });
    const rows = (first: number, count: number): void => {
      const values = new Float64Array(count * METRIC_NAMES.length).fill(1.5);
      const place = { epoch: 0.1, characters: 160 * (first + count), elapsedMs: 10 * (first + count) };
      recorder.receive({ type: 'progress', runId, firstIteration: first, rows: values, ...place });
    };
    rows(0, 20);
    await recorder.flush();
    const watched = await openRun(window.launcher, await window.summary(folder));
    window.sessions.add(watched);
    assert.deepEqual([watched.status.trainedBy, watched.status.iteration], ['train.py', 20]);
    rows(20, 30);
    await recorder.flush();
    await reaches(watched, 50);
    assert.equal(watched.status.elapsedMs, 500);
    await assert.rejects(window.resume(folder), /train\.py/);
    const ended = new Promise<Session>((resolve) => window.sessions.onDidAdd(resolve));
    recorder.receive({ type: 'ended', runId, reason: 'finished', iterations: 50, charactersPerSecond: 1 });
    await recorder.close();
    const { status } = await ended;
    assert.deepEqual([status.state, status.trainedBy, status.iteration], ['finished', undefined, 50]);
  });

  test('begins with imported weights: paused, with the loss that they have on the text, and trains on', async () => {
    const window = openWindow();
    const session = window.begin(source(), { hiddenSize: 12 });
    await reaches(session, 200);
    await session.stop();
    await window.keeper.settled(folderOf(session));
    const { folder } = await window.summary(folderOf(session));
    const newest = await new CheckpointFolder(folder).newestReadable();
    assert.ok(newest);
    const network = await importNetworkFile(newest.info.path);
    const imported = beginImported(window.launcher, network, 'weights.safetensors', source());
    window.sessions.add(imported);
    await until(imported, () => imported.status.state === 'paused');
    assert.equal(imported.description.settings.hiddenSize, 12);
    const { parameters, iteration } = await imported.capture();
    assert.equal(iteration, 0);
    assert.deepEqual(parameters.subarray(0, 20), newest.checkpoint.parameters.W_xh.subarray(0, 20));
    imported.control('step');
    await reaches(imported, 1);
    const trained = session.history.points('lossNats', 190, 200, 20).mean;
    const [loss] = imported.history.points('lossNats', 0, 1, 20).mean;
    assert.ok(loss < 1.5 * Math.max(...trained), `${loss} of a network that had reached ${trained.join()}`);
  });
});
