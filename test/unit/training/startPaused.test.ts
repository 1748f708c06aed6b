import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseSettings } from '../../../src/protocol/settings.ts';
import { rowsOf, RUN_ID, smallRun } from './helpers.ts';
import { allRows, served, states } from './served.ts';
import { exactly } from './startingPoints.ts';

const settings = { startPaused: 'yes', validationFraction: 0 } as const;

suite('a run whose settings say that it starts paused', () => {
  test('waits at iteration 0 with the window that comes first, steps one iteration and goes on', () => {
    const counts: number[] = [];
    const ports = served({
      settings,
      prepare: (fake) => {
        fake.post({ type: 'capture', runId: RUN_ID, requestId: 1 });
        fake.asleep.push(() => {
          counts.push(allRows(fake).length);
          fake.post({ type: 'step', runId: RUN_ID });
        });
        fake.asleep.push(() => {
          counts.push(allRows(fake).length);
          fake.post({ type: 'resume', runId: RUN_ID });
        });
      },
    });
    assert.deepEqual(counts, [0, 1]);
    assert.deepEqual(states(ports), ['paused', 'paused', 'running']);
    assert.equal(ports.of('captured')[0].capture.iteration, 0);
    assert.ok(ports.of('captured')[0].capture.states.every((value) => value === 0));
    assert.deepEqual(allRows(ports), rowsOf(smallRun({ validationFraction: 0 }), 100));
    assert.equal(ports.of('ended')[0].reason, 'finished');
  });

  test('has its network on the disk before its first iteration', () => {
    const ports = served({ settings, start: { checkpointSeconds: 0 } });
    assert.deepEqual(
      ports.of('checkpoint').map(({ reason, checkpoint }) => [reason, checkpoint.iteration]),
      [['pause', 0]],
    );
  });

  test('goes on at once where it is resumed, and waits where only its network is to be brought back', () => {
    const run = smallRun(settings);
    rowsOf(run, 3);
    const from = exactly(run, run.checkpoint(0));
    assert.equal(states(served({ settings, start: { from } }))[0], 'running');
    assert.deepEqual(states(served({ settings, start: { from: { ...from, isPaused: true } } })), ['paused']);
  });

  test('computes what it would compute without', () => {
    assert.deepEqual(
      rowsOf(smallRun({ startPaused: 'yes' }), 5),
      rowsOf(smallRun({ startPaused: parseSettings({}).startPaused }), 5),
    );
  });
});
