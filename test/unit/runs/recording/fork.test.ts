import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  forkText,
  isOwnValidation,
  ownBest,
  type ForkedFrom,
  type StoredRun,
} from '../../../../src/protocol/storedRun.ts';
import type { WorkerEvent } from '../../../../src/protocol/worker.ts';
import { checkpointOfFork, continuedRun } from '../../../../src/runs/recording/continuedRun.ts';
import { forkAt } from '../../../../src/runs/recording/forking.ts';
import { runAfter } from '../../../../src/runs/recording/recordedRun.ts';
import { withSettings } from '../../../../src/runs/recording/settingChanges.ts';
import { storedRun } from '../../host/runsFixtures.ts';
import { checkpointFixture } from '../format/checkpointFixtures.ts';
import { measuredOf } from '../format/recordFixtures.ts';

/** The run that it comes from was at its best at iteration 900, with 1.2 nats. */
const FORK: ForkedFrom = { runId: 'parent', iteration: 1000, label: 'deep', ownFrom: 1000 };
const PARENTS_BEST = { iteration: 900, lossNats: 1.2 };

function validation(iteration: number, lossNats: number): WorkerEvent {
  return measuredOf({ type: 'validation', value: { iteration, lossNats, characters: 100 } }, 'one');
}

function after(run: StoredRun, ...events: WorkerEvent[]): StoredRun {
  return events.reduce((before, event) => runAfter(before, event, () => '2026-01-01T00:00:00.000Z'), run);
}

suite('a fork', () => {
  test('has a best of its own, though the run that it comes from was better', () => {
    const run = storedRun({ forkedFrom: FORK });
    assert.equal(after(run, validation(1000, 1.1)).best, undefined, 'that is the network that it took over');
    const worse = after(run, validation(1100, 1.6), validation(1200, 1.5), validation(1300, 1.7));
    assert.deepEqual(worse.best, { iteration: 1200, lossNats: 1.5 });
    // As an older version wrote it.
    const inherited = storedRun({ forkedFrom: { runId: 'parent', iteration: 1000 }, best: PARENTS_BEST });
    assert.equal(ownBest(inherited), undefined);
    assert.deepEqual(after(inherited, validation(1100, 1.6)).best, { iteration: 1100, lossNats: 1.6 });
  });

  test('begins paused where its settings say that a run starts so', () => {
    const isPausedWith = (startPaused: 'yes' | 'no'): boolean => {
      const settings = { ...storedRun().settings, startPaused };
      const chosen = { checkpoint: checkpointFixture({ iteration: 1000 }) };
      return forkAt({ run: storedRun(), label: 'deep', folder: '/one', chosen, settings, textSha256: '' }).from
        .isPaused;
    };
    assert.deepEqual([isPausedWith('yes'), isPausedWith('no')], [true, false]);
  });

  test('tells what was changed in the history that it begins with, and what it does otherwise itself', () => {
    const text = { uri: 'file:///a.txt', fileName: 'a.txt', bytes: 9, sha256: 'a'.repeat(64), isKept: false };
    const first = { ...storedRun().settings, sequenceLength: 4, batchSize: 3, learningRate: 0.01 };
    const second = { ...first, learningRate: 0.001 };
    const run = withSettings(withSettings(storedRun({ text, settings: first }), second, 500), first, 2000);
    const checkpoint = { ...checkpointFixture({ iteration: 1000 }) };
    const { T, B } = checkpoint.shape;
    const settings = { ...first, sequenceLength: T, batchSize: B, clipNorm: 9 };
    const changesOf = (textSha256: string) =>
      forkAt({ run, label: 'deep', folder: '/one', chosen: { checkpoint }, settings, textSha256 }).stored
        .settingChanges;
    const changes = changesOf(text.sha256);
    assert.deepEqual(
      changes?.map(({ iteration, before, after }) => [iteration, before.learningRate, after.learningRate]),
      [
        [500, 0.01, 0.001],
        [1000, 0.001, 0.01],
      ],
    );
    assert.equal(changes?.at(-1)?.after.clipNorm, 9);
    assert.equal(changesOf('b'.repeat(64)), undefined, 'that one counts anew');
  });

  test('on another text says nothing of the first loss that an imported network had on the text of the other run', () => {
    const imported = { fileName: 'net.safetensors', assumptions: ['A'], notes: [], firstLossNats: 9, reluLossNats: 1 };
    const text = { uri: 'file:///a.txt', fileName: 'a.txt', bytes: 9, sha256: 'a'.repeat(64), isKept: false };
    const run = storedRun({ imported, text });
    const chosen = { checkpoint: checkpointFixture() };
    const fork = (textSha256: string) =>
      forkAt({ run, label: 'deep', folder: '/runs/one', chosen, settings: run.settings, textSha256 }).stored.imported;
    assert.deepEqual(fork(text.sha256), imported);
    assert.deepEqual(fork('b'.repeat(64)), { fileName: 'net.safetensors', assumptions: ['A'], notes: [] });
  });

  test('that counts anew owns all of its validations', () => {
    const run = storedRun({ forkedFrom: { ...FORK, ownFrom: 0 } });
    assert.deepEqual(after(run, validation(50, 2.5)).best, { iteration: 50, lossNats: 2.5 });
    assert.ok(isOwnValidation(run, 50));
    assert.ok(isOwnValidation({}, 0));
  });

  test('that goes on from its checkpoint keeps its own best, and none of the other run', () => {
    const run = storedRun({ forkedFrom: FORK, best: { iteration: 1200, lossNats: 1.5 } });
    const checkpoint = { ...checkpointFixture({ iteration: 1250 }), best: run.best ?? null };
    assert.deepEqual(continuedRun(run, checkpoint).best, run.best);
    assert.equal(continuedRun(run, { ...checkpoint, best: PARENTS_BEST }).best, undefined);
    const whole = storedRun({ best: PARENTS_BEST });
    assert.deepEqual(continuedRun(whole, { ...checkpoint, best: PARENTS_BEST }).best, PARENTS_BEST);
  });

  test('begins with the same network, of which nothing counts as its result', () => {
    const checkpoint = checkpointFixture({ iteration: 1000, hasValidation: true });
    const { best, pendingValidation, lastValidationAt, ...rest } = checkpointOfFork(checkpoint);
    assert.deepEqual([best, pendingValidation, lastValidationAt], [null, undefined, 1000]);
    for (const key of Object.keys(rest) as (keyof typeof rest)[]) assert.equal(rest[key], checkpoint[key]);
  });

  test('says of what it is one and from where: as that goes by now, as it went by then, or by its id', () => {
    assert.equal(forkText(FORK, 'deeper'), 'fork of “deeper” from iteration 1\u202f000');
    assert.equal(forkText({ ...FORK, iteration: 12_400 }), 'fork of “deep” from iteration 12\u202f400');
    assert.equal(forkText({ runId: 'parent', iteration: 7 }), 'fork of “parent” from iteration 7');
  });
});
