import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { Session } from '../../src/host/session/session.ts';
import type { TextSource } from '../../src/host/session/textSource.ts';
import type { RunState } from '../../src/protocol/run.ts';
import type { RunSettings } from '../../src/protocol/settings.ts';
import { sampleText } from '../../src/text/sampleText.ts';
import { SETTINGS, source, until, workerPath } from './sessions.ts';

const OPTIONS = { prompt: '', length: 20, temperature: 1, topK: 0 };

suite('A session', () => {
  const sessions: Session[] = [];
  let folder: string;
  suiteSetup(async () => (folder = await mkdtemp(join(tmpdir(), 'rnn-session-'))));
  suiteTeardown(() => rm(folder, { recursive: true }));
  teardown(() => {
    for (const session of sessions.splice(0)) session.dispose();
  });

  function start(text: string, settings: Partial<RunSettings> = {}, worker = workerPath()): Session {
    return startOn(source(text), settings, worker);
  }

  function startOn(from: TextSource, settings: Partial<RunSettings> = {}, worker = workerPath()): Session {
    const session = Session.start(from, { ...SETTINGS, ...settings }, worker, join(folder, 'cache'));
    sessions.push(session);
    return session;
  }

  const reaches = (session: Session, state: RunState): Promise<void> =>
    until(session, () => session.status.state === state);

  test('trains, pauses where it stands, steps by exactly one, resumes and stops', async () => {
    const session = start(sampleText());
    await until(session, () => session.history.iterations > 200);
    session.control('pause');
    await reaches(session, 'paused');
    const paused = session.history.iterations;
    session.control('step');
    await until(session, () => session.history.iterations > paused);
    assert.equal(session.history.iterations, paused + 1);
    session.control('step');
    await until(session, () => session.history.iterations > paused + 1);
    assert.equal(session.history.iterations, paused + 2);
    session.control('resume');
    await until(session, () => session.history.iterations > paused + 20);
    session.control('stop');
    await reaches(session, 'stopped');
    assert.ok(session.history.newest('lossSmoothedNats') < Math.log(session.description.facts?.vocabulary.length ?? 0));
  });

  test('inspects the newest iteration when it pauses, with a norm for every time step', async () => {
    const session = start(sampleText());
    await until(session, () => session.history.iterations > 50);
    session.control('pause');
    await reaches(session, 'paused');
    const newest = session.history.of('inspection').at(-1);
    assert.equal(newest?.iteration, session.history.iterations - 1);
    assert.equal(newest.stepNorm.length, 7 * SETTINGS.sequenceLength);
    assert.ok(newest.stepNorm.every((norm) => norm > 0 && Number.isFinite(norm)));
  });

  test('the same text, settings and seed give the same losses', async () => {
    const runs = [start(sampleText()), start(sampleText())];
    await Promise.all(runs.map((session) => until(session, () => session.history.iterations >= 300)));
    const [one, other] = runs.map((session) => session.history.points('lossNats', 0, 300, 2000).mean);
    assert.deepEqual(one, other);
  });

  test('generates text on request while training, and after the run stopped', async () => {
    const session = start(sampleText());
    await until(session, () => session.history.iterations > 10);
    assert.equal((await session.generate(OPTIONS)).characters.length, 20);
    session.control('stop');
    await reaches(session, 'stopped');
    const sample = await session.generate({ ...OPTIONS, prompt: 'The ' });
    assert.equal(sample.prompt, 'The ');
    assert.equal(sample.probability.length, 20);
    await assert.rejects(session.generate({ ...OPTIONS, prompt: '漢' }), /漢/);
  });

  test('a file is read by the thread from its path, and trains as its text does', async () => {
    const path = join(folder, 'sample.txt');
    await writeFile(path, sampleText());
    const onFile: TextSource = { uri: vscode.Uri.file(path), name: 'sample.txt', content: { file: { path } } };
    const runs = [startOn(onFile), start(sampleText())];
    await Promise.all(runs.map((session) => until(session, () => session.history.iterations >= 100)));
    const [one, other] = runs.map((session) => session.history.points('lossNats', 0, 100, 2000).mean);
    assert.deepEqual(one, other);
    assert.deepEqual(runs[0].description.facts, runs[1].description.facts);
    assert.equal(runs[0].status.reading, undefined);
  });

  test('a run that is stopped while it reads its file tells how far it was, and ends with nothing trained', async () => {
    const path = join(folder, 'long.txt');
    await writeFile(path, Buffer.alloc(2 ** 29, 'some text\n'));
    const session = startOn({ uri: vscode.Uri.file(path), name: 'long.txt', content: { file: { path } } });
    await until(session, () => session.status.reading !== undefined);
    assert.equal(session.status.state, 'starting');
    assert.ok((session.status.reading?.bytesRead ?? 0) > 0);
    session.control('stop');
    // The thread looks at requests after every piece.
    await until(session, () => session.isOver);
    assert.deepEqual([session.status.state, session.history.iterations], ['stopped', 0]);
    assert.equal(session.status.reading, undefined);
    await assert.rejects(session.generate(OPTIONS), /network of this run is gone/);
  });

  test('a text that is too short is refused with a batch size that fits', async () => {
    const session = start('To be, or not to be, that is the question.', { validationFraction: 0 });
    await reaches(session, 'failed');
    assert.deepEqual(session.status.failure?.remedy?.setting, 'batchSize');
    assert.match(session.status.failure.message, /too short/i);
  });

  /** The path of the real worker behind a line that changes what surrounds it; nothing else of the extension is beside it. */
  async function workerBehind(line: string): Promise<string> {
    const path = join(await mkdtemp(join(tmpdir(), 'rnn-worker-')), 'worker.cjs');
    await writeFile(path, `${line}\nrequire(${JSON.stringify(workerPath())});`);
    return path;
  }

  test('a thread that dies leaves the run failed with the reason, and its history', async () => {
    const worker = await workerBehind(`
      const { parentPort } = require('node:worker_threads');
      const send = parentPort.postMessage.bind(parentPort);
      let messages = 0;
      parentPort.postMessage = (...values) => {
        if (++messages === 30) throw new Error('a test ends this thread');
        send(...values);
      };`);
    const session = start(sampleText(), { kernels: 'scalar' }, worker);
    await reaches(session, 'failed');
    assert.match(session.status.failure?.message ?? '', /a test ends this thread/);
    assert.ok(session.history.iterations > 0);
    await assert.rejects(session.generate(OPTIONS));
  });

  test('a loss that is not finite pauses the run and names the iteration and the time step', async () => {
    // A tanh network hardly overflows by itself: here tanh stops being a number in iteration 40, at time step 7.
    const perStep = SETTINGS.batchSize * SETTINGS.hiddenSize;
    const calls = (40 * SETTINGS.sequenceLength + 7) * perStep;
    const worker = await workerBehind(`
      const { tanh } = Math;
      let calls = 0;
      Math.tanh = (x) => (calls++ < ${calls} ? tanh(x) : NaN);`);
    const session = start(sampleText(), { validationFraction: 0, kernels: 'scalar' }, worker);
    await reaches(session, 'paused');
    const { notFinite } = session.status;
    assert.equal(notFinite?.quantity, 'loss');
    // The sampled text calls tanh too, so the iteration may be an earlier one.
    assert.ok(notFinite.iteration <= 40);
    const named = /Iteration (\d+): .*time step (\d+)/.exec(notFinite.message);
    assert.deepEqual(named?.slice(1), [String(notFinite.iteration), String(notFinite.timeStep)]);
  });
});
