import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Baselines } from '../../../src/protocol/study.ts';
import { Study } from '../../../src/study/study.ts';
import { BUNDLES } from '../kernels/built.ts';
import { rowsOf, smallRun } from '../training/helpers.ts';

const RUN_ID = 'a-run';

suite('the study thread', () => {
  const run = smallRun();
  const heard: Baselines[] = [];
  let study: Study;
  before(() => {
    rowsOf(run, 30);
    study = new Study(join(BUNDLES, 'study.cjs'), RUN_ID, {
      baselines: (baselines) => heard.push(baselines),
      failed: (reason) => assert.fail(reason),
    });
    study.take(run.capture());
    study.takeExcerpt(run.excerpt());
  });
  after(() => study.dispose());

  test('answers what is more urgent first: a tape that is asked for after the baselines comes before them', async () => {
    const order: string[] = [];
    const note = (name: string) => () => order.push(name);
    await Promise.all([
      study.ask('baselines', {}).then(note('baselines')),
      study.ask('spectrum', { iteration: 30 }).then(note('spectrum')),
      study.ask('tape', { iteration: 30, stream: 2 }).then(note('tape')),
      study.ask('stepDetail', { iteration: 30, stream: 2, t: 4 }).then(note('stepDetail')),
    ]);
    assert.deepEqual(order, ['stepDetail', 'tape', 'spectrum', 'baselines']);
    assert.ok(heard.length > 1, 'it tells how far the baselines are');
  });

  test('answers every kind of question about one window alike', async () => {
    const where = { iteration: 30, stream: 1 };
    const tape = await study.ask('tape', { ...where });
    const detail = await study.ask('stepDetail', { ...where, t: 6 });
    const memory = await study.ask('memory', { ...where });
    const matrix = await study.ask('matrix', { ...where, t: 6, name: 'dW_ah' });
    assert.equal(detail.lossNats, tape.lossNats[6]);
    assert.equal(detail.input, tape.inputs[6]);
    assert.deepEqual(memory.units.a.values.slice(6 * 8, 7 * 8), detail.now.a);
    assert.equal(matrix.values[3 * 8 + 5], detail.errors.h[3] * detail.before.a[5]);
    const scored = await study.ask('characterScores', { iteration: 30, before: 'The ', text: 'mill' });
    assert.equal(scored.lossNats.length, 4);
  });

  test('says for the person what it cannot answer, and goes on', async () => {
    await assert.rejects(study.ask('tape', { iteration: 7, stream: 0 }), /7/);
    await assert.rejects(study.ask('stepDetail', { iteration: 30, stream: 0, t: 10 }), /10/);
    assert.equal((await study.ask('tape', { iteration: 30, stream: 0 })).stream, 0);
  });

  test('says so of a network whose numbers are not finite any more, and goes on', async () => {
    const capture = run.capture();
    study.take({ ...capture, iteration: 31, parameters: capture.parameters.fill(NaN) });
    await assert.rejects(study.ask('tape', { iteration: 31, stream: 0 }), /31 .*NaN.*learning rate/);
    await assert.rejects(study.ask('stepDetail', { iteration: 31, stream: 0, t: 1 }), /31 .*NaN/);
    await assert.rejects(study.ask('spectrum', { iteration: 31 }), /NaN/);
    assert.equal((await study.ask('tape', { iteration: 30, stream: 0 })).stream, 0);
  });

  test('rejects what waits when it is closed', async () => {
    const other = new Study(join(BUNDLES, 'study.cjs'), RUN_ID, {
      baselines: () => undefined,
      failed: () => undefined,
    });
    const asked = other.ask('baselines', {});
    other.dispose();
    await assert.rejects(asked, /ended/);
    await assert.rejects(other.ask('baselines', {}), /ended/);
  });

  test('rejects a question that is answered with another measure', async (context) => {
    const folder = await mkdtemp(join(tmpdir(), 'study-'));
    context.after(() => rm(folder, { recursive: true }));
    const path = join(folder, 'confused.mjs');
    await writeFile(
      path,
      `import { parentPort } from 'node:worker_threads';
      parentPort.on('message', ({ runId, requestId, question: { iteration } }) => {
        const arrays = { offsets: new Int32Array(), lossNats: new Float32Array() };
        const tops = { topIds: new Int32Array(), topProbability: new Float32Array() };
        const answer = { iteration, ...arrays, ...tops };
        parentPort.postMessage({ type: 'answer', measure: 'characterScores', runId, requestId, answer });
      });`,
    );
    const confused = new Study(path, RUN_ID, {
      baselines: () => undefined,
      failed: (reason) => assert.fail(reason),
    });
    context.after(() => confused.dispose());
    const scored = await confused.ask('characterScores', { iteration: 30, before: '', text: '' });
    assert.equal(scored.iteration, 30);
    await assert.rejects(confused.ask('spectrum', { iteration: 30 }), /asked for spectrum .* with characterScores/);
  });

  test('that dies rejects what waits, with the reason', async () => {
    const failures: string[] = [];
    const other = new Study(join(BUNDLES, 'study.cjs'), RUN_ID, {
      baselines: () => undefined,
      failed: (reason) => failures.push(reason),
    });
    // Baselines before the text is an error of the program, which ends the thread.
    await assert.rejects(other.ask('baselines', {}), /before there was a text/);
    assert.equal(failures.length, 1);
  });
});
