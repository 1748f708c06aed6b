import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { StartingPoint } from '../../../src/protocol/worker.ts';
import { rowsOf, RUN_ID, smallRun } from './helpers.ts';
import { allRows, once, served } from './served.ts';
import { exactly, travelled } from './startingPoints.ts';
import { METRIC_NAMES } from '../../tanh.ts';

const CHECKPOINTS = { checkpointSeconds: 0 };

suite('the checkpoints of a training loop', () => {
  const settings = { maxEpochs: 1000, validationFraction: 0.1 };

  test('come after so many seconds, at each best validation, at a pause and at the end, after the rows before them', () => {
    const ports = served({
      settings,
      stepMs: 5,
      start: { checkpointSeconds: 0.3, maxIterations: 90 },
      prepare: (own) => {
        once(own, (event) => event.type === 'progress' && event.firstIteration > 20, { type: 'pause', runId: RUN_ID });
        own.asleep.push(() => own.post({ type: 'resume', runId: RUN_ID }));
      },
    });
    let rows = 0;
    for (const event of ports.events) {
      if (event.type === 'progress') rows = event.firstIteration + event.rows.length / METRIC_NAMES.length;
      if (event.type !== 'checkpoint') continue;
      if (event.reason === 'best') assert.ok(event.checkpoint.iteration <= rows);
      else assert.equal(event.checkpoint.iteration, rows);
    }
    const reasons = ports.of('checkpoint').map(({ reason }) => reason);
    assert.ok(reasons.filter((reason) => reason === 'interval').length > 1, reasons.join());
    assert.ok(reasons.includes('best') && reasons.includes('pause'), reasons.join());
    assert.equal(reasons.at(-1), 'end');
    assert.equal(ports.of('checkpoint').at(-1)?.checkpoint.iteration, 90);
  });

  test('of an iteration at random continue to the same rows and validations as the whole run, pauses or not', () => {
    const start = { checkpointSeconds: 0.2, maxIterations: 120 };
    const whole = served({ settings, stepMs: 5, start });
    const expected = allRows(whole);
    const validations = whole.measured('validation');
    const { vocabulary, text } = whole.of('started')[0];
    const checkpoints = whole.of('checkpoint').filter(({ reason }) => reason === 'interval');
    assert.ok(checkpoints.some(({ checkpoint }) => checkpoint.pendingValidation !== undefined));
    for (const { checkpoint } of checkpoints) {
      const from: StartingPoint = {
        checkpoint: travelled(checkpoint),
        vocabulary,
        text,
        mode: 'exact',
        isPaused: false,
      };
      const after = served({ settings, stepMs: 5, start: { ...start, from } });
      assert.equal(after.of('started')[0].iterations, checkpoint.iteration);
      const rows = after.of('progress').flatMap(({ rows: batch }) => [...batch]);
      assert.deepEqual(
        rows,
        expected.slice(checkpoint.iteration).flatMap((row) => [...row]),
      );
      const done = checkpoint.pendingValidation?.network.iteration ?? checkpoint.lastValidationAt + 1;
      assert.deepEqual(
        after.measured('validation'),
        validations.filter(({ iteration }) => iteration >= done),
      );
    }
  });

  test('come to who asks, and none at all where nobody wants them', () => {
    const ports = served({
      settings,
      start: { maxIterations: 30 },
      prepare: (own) =>
        once(own, (event) => event.type === 'progress', { type: 'checkpoint', runId: RUN_ID, requestId: 3 }),
    });
    assert.deepEqual(
      ports.of('checkpoint').map(({ reason, requestId }) => [reason, requestId]),
      [['request', 3]],
    );
  });

  test('a run that starts paused shows its network and waits; its first iteration is the next one', () => {
    const run = smallRun(settings);
    rowsOf(run, 12);
    const from: StartingPoint = { ...exactly(run, run.checkpoint(0)), isPaused: true };
    const ports = served({
      settings,
      start: { from, ...CHECKPOINTS },
      prepare: (own) => own.post({ type: 'capture', runId: RUN_ID, requestId: 1 }, { type: 'step', runId: RUN_ID }),
    });
    assert.deepEqual(
      ports.of('state').map(({ state }) => state),
      ['paused'],
    );
    assert.equal(ports.of('captured')[0].capture.iteration, 12);
    assert.equal(ports.of('progress')[0].firstIteration, 12);
    assert.deepEqual([...ports.of('progress')[0].rows], [...run.iterate().row]);
  });

  test('a network whose numbers are not finite is not saved', () => {
    const run = smallRun(settings);
    const from = exactly(run, run.checkpoint(0));
    from.checkpoint.parameters.b_o[0] = Infinity;
    const ports = served({ settings, start: { from, ...CHECKPOINTS } });
    assert.deepEqual(ports.of('checkpoint'), []);
    assert.ok(ports.of('state').some(({ notFinite }) => notFinite !== undefined));
  });
});
