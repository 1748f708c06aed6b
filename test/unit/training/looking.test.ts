import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { WorkerRequest } from '../../../src/protocol/worker.ts';
import { control, RUN_ID, measuredIn } from './helpers.ts';
import { afterRows, once, served } from './served.ts';

const capture = (requestId: number): WorkerRequest => ({ type: 'capture', runId: RUN_ID, requestId });

suite('a capture of a run', () => {
  test('comes between two iterations, and the one that follows is inspected with cosines', () => {
    const ports = served({ prepare: (fake) => once(fake, afterRows, capture(7)) });
    const [{ requestId, capture: captured }] = ports.of('captured');
    assert.equal(requestId, 7);
    const inspected = ports.measured('inspection').find(({ iteration }) => iteration === captured.iteration);
    assert.ok(inspected !== undefined && Number.isFinite(inspected.stepCosine[0]));
  });

  test('of a paused run is of the iteration that comes next, which a step then does', () => {
    const ports = served({
      prepare: (fake) => {
        once(fake, afterRows, control('pause'));
        fake.asleep.push(() => fake.post(capture(1)));
        fake.asleep.push(() => fake.post(control('step')));
        fake.asleep.push(() => fake.post(capture(2)));
      },
    });
    const [first, second] = ports.of('captured').map(({ capture: { iteration } }) => iteration);
    const rows = ports.of('progress').reduce((sum, { firstIteration }) => Math.max(sum, firstIteration), 0);
    assert.equal(first, rows, 'the last row is that of the captured iteration');
    assert.equal(second, first + 1);
  });

  test('of a run that is over is the network as it ended, as often as it is asked for', () => {
    const ports = served({
      settings: { maxEpochs: 0.2 },
      prepare: (fake) => {
        fake.asleep.push(() => fake.post(capture(1)));
        fake.asleep.push(() => fake.post(capture(2)));
      },
    });
    const [one, two] = ports.of('captured');
    assert.equal(one.capture.iteration, ports.of('ended')[0].iterations);
    assert.deepEqual(two.capture, one.capture);
  });
});

suite('the excerpt of a run', () => {
  const excerpt: WorkerRequest = { type: 'excerpt', runId: RUN_ID };

  test('is sent on request, and no more when the run is over and its text is gone', () => {
    const ports = served({
      settings: { maxEpochs: 0.2 },
      prepare: (fake) => {
        once(fake, (event) => event.type === 'started', excerpt);
        fake.asleep.push(() => fake.post(excerpt));
      },
    });
    assert.equal(ports.of('excerpt').length, 1);
  });
});

suite('vitals of a run', () => {
  test('come twice a second of the clock, each after the row of its iteration', () => {
    const ports = served({ settings: { maxEpochs: 3 }, stepMs: 20 });
    const vitals = ports.measured('vitals');
    assert.ok(vitals.length > 2);
    for (const measured of vitals) {
      const at = ports.events.findIndex((event) => measuredIn(event, 'vitals').includes(measured));
      const rows = ports.events.slice(0, at).findLast((event) => event.type === 'progress');
      assert.ok(rows?.type === 'progress' && rows.firstIteration <= measured.iteration);
    }
    const [one, two] = vitals.map(({ iteration }) => iteration);
    assert.ok(two - one > 5 && two - one < 26, `${one}, ${two}`);
  });

  test('are taken of the last iteration, however soon it came after the others', () => {
    const ports = served({ settings: { maxEpochs: 0.2 }, stepMs: 0 });
    const measured = ports.measured('vitals').map(({ iteration }) => iteration);
    assert.deepEqual(measured, [measured[0], ports.of('ended')[0].iterations - 1]);
  });
});
