import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { WorkerRequest } from '../../../src/protocol/worker.ts';
import { control, rowsOf, RUN_ID, smallRun, measuredIn, toldBy } from './helpers.ts';
import { afterRows, allRows, once, served, states } from './served.ts';
import { METRIC_NAMES } from '../../tanh.ts';

const options = { prompt: 'The', length: 12, temperature: 1, topK: 0 };
const generate = (requestId: number, prompt = 'The'): WorkerRequest => {
  return { type: 'generate', runId: RUN_ID, requestId, options: { ...options, prompt } };
};

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
    assert.equal(ports.measured('inspection').at(-1)?.iteration, rowsAtRequest - 1);
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
    const inspected = ports.measured('inspection').map((event) => event.iteration);
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
          sentWhilePaused = fake.events.flatMap(toldBy);
          fake.post(control('resume'));
        });
      },
    });
    assert.equal(sentWhilePaused.filter((type) => type === 'state').length, 2);
    assert.ok(!sentWhilePaused.includes('validation'));
    assert.deepEqual(
      ports.measured('validation').map((event) => event.characters),
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
        once(fake, (event) => measuredIn(event, 'inspection').some(({ iteration }) => iteration > 5), control('stop'));
        const post = fake.onEvent;
        fake.onEvent = (event) => {
          post(event);
          if (event.type === 'ended') rowsAtRequest = allRows(fake).length;
        };
      },
    });
    const [ended] = ports.of('ended');
    assert.deepEqual([ended.reason, ended.iterations], ['stopped', rowsAtRequest]);
    assert.equal(ports.measured('inspection').at(-1)?.iteration, rowsAtRequest - 1);
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
    const samples = ports.measured('sample').map(({ prompt }) => prompt);
    assert.ok(samples.length >= 2);
    assert.ok(samples.every((prompt) => prompt === 'The goose'));
  });
});
