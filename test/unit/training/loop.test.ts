import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { METRIC_NAMES } from '../../../src/protocol/run.ts';
import type { WorkerEvent, WorkerRequest } from '../../../src/protocol/worker.ts';
import { TrainingLoop } from '../../../src/training/loop.ts';
import { serve } from '../../../src/training/serve.ts';
import { control, FakeClock, FakePorts, MEMORY_BYTES, rowsOf, RUN_ID, smallRun, startRequest } from './helpers.ts';

type Start = Parameters<typeof startRequest>;

interface Options {
  readonly settings?: Start[0];
  readonly start?: Start[1];
  readonly stepMs?: number;
  readonly prepare?: (ports: FakePorts, clock: FakeClock) => void;
}

/** Serves one run on fake ports until it sleeps and nothing more happens. */
function served({ settings, start, stepMs = 1, prepare }: Options): FakePorts {
  const ports = new FakePorts();
  const clock = new FakeClock(stepMs);
  ports.post(startRequest(settings, { maxIterations: 100, ...start }));
  prepare?.(ports, clock);
  serve(ports, clock, MEMORY_BYTES);
  return ports;
}

/** Posts requests at the first event for which `when` holds. */
function once(ports: FakePorts, when: (event: WorkerEvent) => boolean, ...requests: WorkerRequest[]): void {
  let done = false;
  ports.onEvent = (event) => {
    if (done || !when(event)) return;
    done = true;
    ports.post(...requests);
  };
}

const afterRows = (event: WorkerEvent) => event.type === 'progress' && event.firstIteration > 0;

/** All rows that were sent, in one array; fails where one is missing or comes twice. */
function allRows(ports: FakePorts): Float64Array[] {
  const rows: Float64Array[] = [];
  for (const event of ports.of('progress')) {
    assert.equal(event.firstIteration, rows.length);
    for (let at = 0; at < event.rows.length; at += METRIC_NAMES.length) {
      rows.push(event.rows.slice(at, at + METRIC_NAMES.length));
    }
  }
  return rows;
}

function states(ports: FakePorts): string[] {
  return ports.of('state').map((event) => event.state);
}

const options = { prompt: 'The', length: 12, temperature: 1, topK: 0 };
const generate = (requestId: number, prompt = 'The'): WorkerRequest => {
  return { type: 'generate', runId: RUN_ID, requestId, options: { ...options, prompt } };
};

suite('a run that nobody disturbs', () => {
  test('starts, sends every row in order, validates, samples and finishes', () => {
    const ports = served({});
    assert.deepEqual(
      ports.events.slice(0, 2).map((event) => event.type),
      ['started', 'state'],
    );
    assert.deepEqual(allRows(ports), rowsOf(smallRun(), 100));
    const types = ports.events.slice(-3).map((event) => event.type);
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
        .of('validation')
        .map((event) => event.validation.iteration);
    const { iterationsPerEpoch } = smallRun().facts;
    assert.equal(iterationsPerEpoch, 59);
    // A quarter of 59 is 14.75: multiples of it, 20 apart at least.
    assert.deepEqual(at(1), [30, 59, 89, 100]);
    assert.deepEqual(at(700), at(1));
  });

  test('sends rows and inspections at most 15 times a second', () => {
    const ports = served({ start: { maxIterations: 200 }, settings: { validationFraction: 0 } });
    const elapsedMs = ports.of('progress').map((event) => event.elapsedMs);
    const inspections = ports.of('inspection').length;
    assert.ok(inspections > 2);
    assert.ok(inspections < 200 / 2);
    assert.equal(elapsedMs.at(-1), 200);
    // The clock is read two or three times an iteration, so that 67 ms are 20 iterations and more.
    elapsedMs.slice(2, -1).forEach((ms, index) => assert.ok(ms - elapsedMs[index + 1] >= 20));
  });

  test('rests from inspecting while that takes long, but inspects the first iteration and the last', () => {
    // Between two looks at this clock 100 ms pass: 200 ms an iteration, and 400 ms of rest after an inspection of 100 ms.
    const ports = served({ stepMs: 100, start: { maxIterations: 10 }, settings: { validationFraction: 0 } });
    const inspected = ports.of('inspection').map((event) => event.inspection.iteration);
    assert.deepEqual([inspected[0], inspected.at(-1)], [0, 9]);
    assert.ok(inspected.length >= 4 && inspected.length <= 6, inspected.join());
  });

  test('sends the row of an iteration before its inspection', () => {
    let rows = 0;
    for (const event of served({}).events) {
      if (event.type === 'progress') rows += event.rows.length / METRIC_NAMES.length;
      if (event.type === 'inspection') assert.equal(event.inspection.iteration, rows - 1);
    }
  });

  test('samples after the first iteration and then every two seconds of training', () => {
    const at = served({ stepMs: 100 })
      .of('sample')
      .map((event) => event.sample.iteration);
    // 100 ms an iteration: 20 iterations; writing a sample takes 100 ms of this clock, which calls for no longer rest.
    assert.deepEqual(at, [1, 21, 41, 61, 81, 100]);
  });

  test('sends nothing under another run id, and refuses nothing', () => {
    const ports = served({});
    assert.ok(ports.events.every((event) => event.runId === RUN_ID));
    assert.deepEqual(ports.of('refused'), []);
  });
});

suite('pause, step and resume', () => {
  test('pause stands still: nothing is computed or sent until the next request', () => {
    let before = 0;
    const ports = served({
      prepare: (fake) => {
        once(fake, afterRows, control('pause'));
        fake.asleep.push(() => (before = fake.events.length));
        // Waking up without a request changes nothing.
        fake.asleep.push(() => assert.equal(fake.events.length, before));
      },
    });
    assert.deepEqual(states(ports), ['running', 'paused']);
    assert.equal(ports.events.at(-1)?.type, 'state');
    assert.equal(ports.events.length, before);
    assert.deepEqual(ports.of('ended'), []);
  });

  test('pause acts within one iteration and inspects the last one', () => {
    let rowsAtRequest = 0;
    const ports = served({
      prepare: (fake) => {
        once(fake, afterRows, control('pause'));
        const post = fake.onEvent;
        fake.onEvent = (event) => {
          if (rowsAtRequest === 0 && afterRows(event)) rowsAtRequest = allRows(fake).length;
          post(event);
        };
      },
    });
    assert.equal(allRows(ports).length, rowsAtRequest);
    assert.equal(ports.of('inspection').at(-1)?.inspection.iteration, rowsAtRequest - 1);
  });

  test('step adds exactly one row, with its inspection, and pauses again', () => {
    const counts: number[] = [];
    const ports = served({
      settings: { validationFraction: 0 },
      prepare: (fake) => {
        once(fake, afterRows, control('pause'));
        for (let step = 0; step < 3; step++) {
          fake.asleep.push(() => {
            counts.push(allRows(fake).length);
            fake.post(control('step'));
          });
        }
        fake.asleep.push(() => counts.push(allRows(fake).length));
      },
    });
    assert.deepEqual(
      counts,
      counts.map((_, index) => counts[0] + index),
    );
    assert.deepEqual(states(ports), ['running', 'paused', 'paused', 'paused', 'paused']);
    const inspected = ports.of('inspection').map((event) => event.inspection.iteration);
    assert.deepEqual(
      inspected.slice(-3),
      [0, 1, 2].map((index) => counts[0] + index),
    );
  });

  test('two steps asked for at once are two iterations', () => {
    const counts: number[] = [];
    served({
      prepare: (fake) => {
        once(fake, afterRows, control('pause'));
        fake.asleep.push(() => counts.push(allRows(fake).length) && fake.post(control('step'), control('step')));
        fake.asleep.push(() => counts.push(allRows(fake).length));
      },
    });
    assert.equal(counts[1], counts[0] + 2);
  });

  test('step while running pauses after one more iteration', () => {
    let rowsAtRequest = 0;
    const ports = served({
      prepare: (fake) => {
        once(fake, afterRows, control('step'));
        fake.asleep.push(() => (rowsAtRequest = fake.of('progress')[1].firstIteration));
      },
    });
    const [, second] = ports.of('progress');
    assert.equal(allRows(ports).length, rowsAtRequest + second.rows.length / METRIC_NAMES.length + 1);
    assert.deepEqual(states(ports), ['running', 'paused']);
  });

  test('a run that was paused, stepped and resumed gives the same rows as one that was not', () => {
    const ports = served({
      prepare: (fake) => {
        once(fake, afterRows, control('pause'));
        fake.asleep.push(() => fake.post(control('step')));
        fake.asleep.push(() => fake.post(generate(1)));
        fake.asleep.push(() => fake.post(control('resume')));
      },
    });
    assert.deepEqual(allRows(ports), rowsOf(smallRun(), 100));
    assert.deepEqual(states(ports), ['running', 'paused', 'paused', 'running']);
    assert.equal(ports.of('ended')[0].reason, 'finished');
  });

  test('pause acts in the middle of a validation, which is finished after resuming', () => {
    // 1,000 characters to validate in windows of 30: the validation at the end takes 34 pieces of work.
    const settings = { validationFraction: 0.5 };
    let sentWhilePaused: string[] = [];
    const ports = served({
      settings,
      start: { maxIterations: 1 },
      prepare: (fake) => {
        let polls = 0;
        const receive = fake.receive.bind(fake);
        fake.receive = () => {
          if (++polls === 40) fake.post(control('pause'));
          return receive();
        };
        fake.asleep.push(() => {
          sentWhilePaused = fake.events.map((event) => event.type);
          fake.post(control('resume'));
        });
      },
    });
    assert.equal(sentWhilePaused.filter((type) => type === 'state').length, 2);
    assert.ok(!sentWhilePaused.includes('validation'));
    assert.deepEqual(
      ports.of('validation').map((event) => event.validation.characters),
      [999],
    );
    assert.equal(ports.of('ended')[0].reason, 'finished');
  });

  test('a step to the last iteration leads to the end', () => {
    const ports = served({
      start: { maxIterations: 3 },
      prepare: (fake) => {
        fake.post(control('pause'));
        for (let step = 0; step < 3; step++) fake.asleep.push(() => fake.post(control('step')));
      },
    });
    assert.equal(allRows(ports).length, 3);
    assert.equal(ports.of('ended')[0].reason, 'finished');
  });

  test('requests for another run are not heard', () => {
    const ports = served({ prepare: (fake) => once(fake, afterRows, control('stop', 'another')) });
    assert.equal(ports.of('ended')[0].reason, 'finished');
  });
});

suite('stop', () => {
  test('ends a running run before the next iteration, with all its rows', () => {
    let rowsAtRequest = 0;
    const ports = served({
      prepare: (fake) => {
        once(fake, (event) => event.type === 'inspection' && event.inspection.iteration > 5, control('stop'));
        const post = fake.onEvent;
        fake.onEvent = (event) => {
          post(event);
          if (event.type === 'ended') rowsAtRequest = allRows(fake).length;
        };
      },
    });
    const [ended] = ports.of('ended');
    assert.deepEqual([ended.reason, ended.iterations], ['stopped', rowsAtRequest]);
    assert.equal(ports.of('inspection').at(-1)?.inspection.iteration, rowsAtRequest - 1);
    assert.equal(ports.events.at(-1), ended);
  });

  test('ends a paused run, and one that has not begun', () => {
    const paused = served({
      prepare: (fake) => {
        once(fake, afterRows, control('pause'));
        fake.asleep.push(() => fake.post(control('stop')));
      },
    });
    assert.equal(paused.of('ended')[0].reason, 'stopped');
    const early = served({ prepare: (fake) => fake.post(control('stop')) });
    assert.deepEqual([early.of('ended')[0].iterations, early.of('ended')[0].charactersPerSecond], [0, 0]);
    assert.deepEqual(allRows(early), []);
  });

  test('is final: what follows starts nothing any more', () => {
    const ports = served({
      prepare: (fake) => {
        fake.post(control('stop'));
        fake.asleep.push(() => fake.post(control('resume'), control('step'), control('stop'), control('pause')));
      },
    });
    assert.equal(ports.of('ended').length, 1);
    assert.equal(ports.events.at(-1)?.type, 'ended');
  });
});

suite('text on request', () => {
  test('is written while running, while paused and after the end, each request answered once', () => {
    const ports = served({
      prepare: (fake) => {
        once(fake, afterRows, generate(1), generate(2), control('pause'));
        fake.asleep.push(() => fake.post(generate(3)));
        fake.asleep.push(() => fake.post(control('resume')));
        fake.asleep.push(() => fake.post(generate(4)));
      },
    });
    const replies = ports.of('generated');
    assert.deepEqual(
      replies.map((event) => event.requestId),
      [1, 2, 3, 4],
    );
    for (const { result } of replies) {
      assert.ok(result.ok);
      assert.deepEqual([result.sample.prompt, result.sample.characters.length], ['The', 12]);
    }
    assert.equal(ports.events.at(-1), replies[3]);
  });

  test('is refused for a prompt that the network cannot read, naming the character', () => {
    const [reply] = served({ prepare: (fake) => fake.post(generate(7, 'The ß')) }).of('generated');
    assert.equal(reply.requestId, 7);
    assert.match(reply.result.ok ? '' : reply.result.message, /"ß"/);
  });

  test('sampled by itself follows the options given, at once, and keeps them where a prompt cannot be read', () => {
    const sampling = (prompt: string): WorkerRequest => ({
      type: 'sampling',
      runId: RUN_ID,
      options: { ...options, prompt },
    });
    const ports = served({
      prepare: (fake) => {
        fake.post(control('pause'));
        fake.asleep.push(() => fake.post(sampling('The goose')));
        fake.asleep.push(() => fake.post(sampling('ß')));
        fake.asleep.push(() => fake.post(control('resume')));
      },
    });
    const samples = ports.of('sample').map(({ sample }) => sample.prompt);
    assert.ok(samples.length >= 2);
    assert.ok(samples.every((prompt) => prompt === 'The goose'));
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
    new TrainingLoop(run, RUN_ID, ports, new FakeClock(1)).run();
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
      const isLast = event.type === 'inspection' && event.inspection.iteration === 29;
      if (isLast) run.kernels.parameters.b_o[0] = NaN;
    };
    new TrainingLoop(run, RUN_ID, ports, new FakeClock(1)).run();
    const paused = ports.of('state').at(-1);
    assert.deepEqual([paused?.state, paused?.notFinite?.quantity], ['paused', 'loss']);
    assert.match(paused?.notFinite?.message ?? '', /validation loss after 30 iterations is not finite \(NaN\)/);
    assert.deepEqual(ports.of('validation'), []);
  });
});
