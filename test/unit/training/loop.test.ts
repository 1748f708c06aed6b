import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { TrainingLoop } from '../../../src/training/loop.ts';
import {
  control,
  FakeClock,
  FakePorts,
  rowsOf,
  RUN_ID,
  smallRun,
  startRequest,
  measuredIn,
  toldBy,
} from './helpers.ts';
import { afterRows, allRows, served } from './served.ts';
import { METRIC_NAMES } from '../../tanh.ts';

suite('a run that nobody disturbs', () => {
  test('starts, sends every row in order, validates, samples and finishes', () => {
    const ports = served({});
    assert.deepEqual(
      ports.events.slice(0, 2).map((event) => event.type),
      ['started', 'state'],
    );
    assert.deepEqual(allRows(ports), rowsOf(smallRun(), 100));
    const types = ports.events.slice(-3).flatMap(toldBy);
    assert.deepEqual(types, ['validation', 'sample', 'ended']);
    const [ended] = ports.of('ended');
    assert.deepEqual([ended.reason, ended.iterations], ['finished', 100]);
    // 30 characters an iteration, each of which takes 1 ms of the clock.
    assert.equal(ended.charactersPerSecond, 30_000);
  });

  test('counts the time and characters of iterations, and the epochs', () => {
    const last = served({}).of('progress').at(-1);
    const { iterationsPerEpoch } = smallRun().facts;
    assert.deepEqual([last?.elapsedMs, last?.characters, last?.epoch], [100, 3000, 100 / iterationsPerEpoch]);
  });

  test('validates after the same iterations whatever the clock says, and at the end', () => {
    const at = (stepMs: number) =>
      served({ stepMs })
        .measured('validation')
        .map(({ iteration }) => iteration);
    const { iterationsPerEpoch } = smallRun().facts;
    assert.equal(iterationsPerEpoch, 59);
    // A quarter of 59 is 14.75: multiples of it, 20 apart at least.
    assert.deepEqual(at(1), [30, 59, 89, 100]);
    assert.deepEqual(at(700), at(1));
  });

  test('sends rows and inspections at most 15 times a second', () => {
    const ports = served({ start: { maxIterations: 200 }, settings: { validationFraction: 0 } });
    const elapsedMs = ports.of('progress').map((event) => event.elapsedMs);
    const inspections = ports.measured('inspection').length;
    assert.ok(inspections > 2);
    assert.ok(inspections < 200 / 2);
    assert.equal(elapsedMs.at(-1), 200);
    // The clock is read two or three times an iteration, so that 67 ms are 20 iterations and more.
    elapsedMs.slice(2, -1).forEach((ms, index) => assert.ok(ms - elapsedMs[index + 1] >= 20));
  });

  test('rests from inspecting while that takes long, but inspects the first iteration and the last', () => {
    // Between two looks at this clock 100 ms pass: 200 ms an iteration, and after an inspection of 100 ms a rest of seconds.
    const ports = served({ stepMs: 100, start: { maxIterations: 10 }, settings: { validationFraction: 0 } });
    const inspected = ports.measured('inspection').map((event) => event.iteration);
    assert.deepEqual(inspected, [0, 9]);
  });

  test('measures step cosines more seldom than step norms, unless they are asked for', () => {
    const withCosines = (inspection: 'display' | 'complete'): boolean[] =>
      served({ stepMs: 1, start: { maxIterations: 400, inspection }, settings: { validationFraction: 0 } })
        .measured('inspection')
        .map(({ stepCosine }) => !stepCosine.some(isNaN));
    const atDisplay = withCosines('display');
    assert.equal(atDisplay[0] && atDisplay.at(-1), true);
    const seldom = atDisplay.filter((has) => has).length;
    assert.ok(seldom < atDisplay.length, `${seldom} of ${atDisplay.length}`);
    assert.ok(withCosines('complete').every((has) => has));
  });

  test('sends the row of an iteration before its inspection', () => {
    let rows = 0;
    for (const event of served({}).events) {
      if (event.type === 'progress') rows += event.rows.length / METRIC_NAMES.length;
      for (const { iteration } of measuredIn(event, 'inspection')) assert.equal(iteration, rows - 1);
    }
  });

  test('samples after the first iteration and then every two seconds of training', () => {
    const at = (stepMs: number): number[] =>
      served({ stepMs, start: { maxIterations: 300 } })
        .measured('sample')
        .map(({ iteration }) => iteration);
    // 20 ms an iteration: 100 iterations; writing a sample takes 20 ms of this clock, which calls for no longer rest.
    assert.deepEqual(at(20), [1, 101, 201, 300]);
    // Where it takes 100 ms, which may be 2 % of the time, the next one comes after 5 s.
    assert.deepEqual(at(100), [1, 51, 101, 151, 201, 251, 300]);
  });

  test('sends nothing under another run id, and refuses nothing', () => {
    const ports = served({});
    assert.ok(ports.events.every((event) => event.runId === RUN_ID));
    assert.deepEqual(ports.of('refused'), []);
  });
});

suite('a run that cannot go on', () => {
  test('is refused with a message and a remedy before it starts', () => {
    const ports = served({ settings: { batchSize: 500 } });
    assert.deepEqual(
      ports.events.map((event) => event.type),
      ['refused'],
    );
    assert.deepEqual(ports.of('refused')[0].remedy?.setting, 'batchSize');
  });

  test('pauses where a number is not finite and says where; resuming tries the next window', () => {
    const run = smallRun({}, { maxIterations: 100 });
    const ports = new FakePorts();
    const { W_ao } = run.kernels.parameters;
    const [value] = W_ao;
    ports.onEvent = (event) => {
      if (afterRows(event)) W_ao[0] = Infinity;
    };
    ports.asleep.push(() => ports.post(control('resume')));
    ports.asleep.push(() => {
      ports.onEvent = () => undefined;
      W_ao[0] = value;
      ports.post(control('resume'));
    });
    new TrainingLoop(run, startRequest(), ports, new FakeClock(1)).run();
    const [first, second] = ports.of('state').flatMap((event) => (event.notFinite ? [event] : []));
    const at = ports.of('progress')[2].firstIteration;
    assert.deepEqual(
      [first, second].map(({ state, notFinite }) => [state, notFinite?.iteration, notFinite?.quantity]),
      [
        ['paused', at, 'loss'],
        ['paused', at + 1, 'loss'],
      ],
    );
    assert.match(first.notFinite?.message ?? '', /Iteration \d+: .* time step \d+\..*W_ao.*learning rate or clipping/);
    const rows = allRows(ports);
    assert.deepEqual(
      rows.flatMap((row, iteration) => (Number.isFinite(row[0]) ? [] : [iteration])),
      [at, at + 1],
    );
    assert.deepEqual([rows.length, ports.of('ended')[0].reason], [100, 'finished']);
  });

  test('pauses where the validation loss is not finite', () => {
    const run = smallRun({}, { maxIterations: 30 });
    const ports = new FakePorts();
    ports.onEvent = (event) => {
      const isLast = measuredIn(event, 'inspection').some(({ iteration }) => iteration === 29);
      if (isLast) run.kernels.parameters.b_o[0] = NaN;
    };
    new TrainingLoop(run, startRequest(), ports, new FakeClock(1)).run();
    const paused = ports.of('state').at(-1);
    assert.deepEqual([paused?.state, paused?.notFinite?.quantity], ['paused', 'loss']);
    assert.match(paused?.notFinite?.message ?? '', /validation loss after 30 iterations is not finite \(NaN\)/);
    assert.deepEqual(ports.measured('validation'), []);
  });
});
