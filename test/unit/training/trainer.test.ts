import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Capture } from '../../../src/protocol/study.ts';
import type { WorkerEvent } from '../../../src/protocol/worker.ts';
import { Trainer } from '../../../src/training/trainer.ts';
import { control, rowsOf, RUN_ID, smallRun, startRequest } from './helpers.ts';
import { METRIC_NAMES } from '../../tanh.ts';

const WORKER = fileURLToPath(new URL('../../../src/training/worker.ts', import.meta.url));
/** Beside it lies what the threads run that help. */
const BUNDLE = fileURLToPath(new URL('../../../dist/worker.cjs', import.meta.url));

const TRAINER = new URL('../../../src/training/trainer.ts', import.meta.url).href;

/** A trainer whose events are kept, and which can be waited for. */
class Followed {
  readonly events: WorkerEvent[] = [];
  readonly failures: string[] = [];
  readonly trainer: Trainer;
  #check: () => void = () => undefined;

  constructor(workerPath = WORKER, isPatient = false) {
    const listeners = {
      event: (event: WorkerEvent) => {
        this.events.push(event);
        this.#check();
      },
      failed: (reason: string) => {
        this.failures.push(reason);
        this.#check();
      },
    };
    this.trainer = new Trainer(workerPath, listeners, { isPatient });
  }

  has(type: WorkerEvent['type']): boolean {
    return this.events.some((event) => event.type === type);
  }

  /** Resolves as soon as the condition holds, which is looked at after every event. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#check = () => {
        if (condition()) resolve();
      };
      this.#check();
    });
  }
}

function isPaused(followed: Followed): boolean {
  return followed.events.some((event) => event.type === 'state' && event.state === 'paused');
}

suite('the training thread', () => {
  test('trains as the run does without a thread, and reports its end', async () => {
    const followed = new Followed();
    followed.trainer.post(startRequest({}, { maxIterations: 60 }));
    await followed.until(() => followed.has('ended'));
    followed.trainer.dispose();
    const rows = followed.events.flatMap((event) => (event.type === 'progress' ? [...event.rows] : []));
    assert.deepEqual(
      rows,
      rowsOf(smallRun(), 60).flatMap((row) => [...row]),
    );
    assert.deepEqual(followed.failures, []);
    assert.equal(followed.events[0].type, 'started');
  });

  test('hears requests while it computes and while it sleeps', async () => {
    const followed = new Followed();
    const { trainer } = followed;
    trainer.post(startRequest({ maxEpochs: 1e6 }));
    await followed.until(() => followed.has('progress'));
    trainer.post(control('pause'));
    await followed.until(() => isPaused(followed));
    const rowsBefore = followed.events.filter((event) => event.type === 'progress').length;
    trainer.post(control('step'));
    await followed.until(() => followed.events.filter((event) => event.type === 'progress').length > rowsBefore);
    const step = followed.events.findLast((event) => event.type === 'progress');
    assert.equal(step?.rows.length, METRIC_NAMES.length);
    trainer.post({
      type: 'generate',
      runId: RUN_ID,
      requestId: 5,
      options: { prompt: 'The', length: 5, temperature: 1, topK: 0 },
    });
    await followed.until(() => followed.has('generated'));
    trainer.post(control('stop'));
    await followed.until(() => followed.has('ended'));
    trainer.dispose();
    assert.deepEqual(followed.failures, []);
  });

  test('gives captures away whole, again and again, of a run that goes on and of one that is over', async () => {
    const followed = new Followed();
    const { trainer } = followed;
    const captures = (): Capture[] =>
      followed.events.flatMap((event) => (event.type === 'captured' ? [event.capture] : []));
    let requestId = 0;
    const captured = async (): Promise<Capture> => {
      trainer.post({ type: 'capture', runId: RUN_ID, requestId: ++requestId });
      await followed.until(() => captures().length === requestId);
      return captures()[requestId - 1];
    };
    trainer.post(startRequest({ maxEpochs: 1e6, optimizer: 'adam' }));
    await followed.until(() => followed.has('progress'));
    trainer.post(control('pause'));
    await followed.until(() => isPaused(followed));
    const [paused, again] = [await captured(), await captured()];
    assert.deepEqual(again, paused);
    trainer.post(control('stop'));
    await followed.until(() => followed.has('ended'));
    for (const capture of [await captured(), await captured()]) assert.deepEqual(capture, paused);
    const run = smallRun({ maxEpochs: 1e6, optimizer: 'adam' });
    rowsOf(run, paused.iteration);
    assert.deepEqual(paused, run.capture());
    trainer.dispose();
    assert.deepEqual(followed.failures, []);
  });

  test('refuses input with a message and a remedy, and that is no failure', async () => {
    const followed = new Followed();
    followed.trainer.post(startRequest({}, { text: 'abc' }));
    await followed.until(() => followed.has('refused'));
    const [refused] = followed.events;
    assert.ok(refused.type === 'refused' && refused.message.includes('too short') && refused.remedy !== undefined);
    assert.deepEqual(followed.failures, []);
  });

  test('is ended by disposing while it sleeps and while it computes, without a word', async () => {
    for (const isAsleep of [true, false]) {
      const followed = new Followed();
      followed.trainer.post(startRequest({ maxEpochs: 1e6 }));
      await followed.until(() => followed.has('progress'));
      if (isAsleep) {
        followed.trainer.post(control('pause'));
        await followed.until(() => isPaused(followed));
      }
      const count = followed.events.length;
      followed.trainer.dispose();
      // A thread that is there no more is told so by a second one that starts and ends meanwhile.
      const second = new Followed();
      second.trainer.post(startRequest({}, { maxIterations: 1 }));
      await second.until(() => second.has('ended'));
      second.trainer.dispose();
      assert.equal(followed.events.length, count);
      assert.deepEqual(followed.failures, []);
    }
  });
});

const why =
  process.platform === 'linux' ? nicenessOf(process.pid) === 19 && 'nothing can be nicer' : 'only Linux has it';
suite('a patient training thread', { skip: why }, () => {
  test('and those that it starts come after others, which the rest of the process does not', async () => {
    const own = nicenessOf(process.pid);
    const before = threadsNicerThan(own);
    const followed = new Followed(BUNDLE, true);
    followed.trainer.post(startRequest({ maxEpochs: 1e6, kernels: 'simd', threads: 2 }));
    await followed.until(() => followed.has('progress'));
    const during = threadsNicerThan(own);
    followed.trainer.dispose();
    assert.equal(nicenessOf(process.pid), own);
    // Itself and the one that helps it.
    assert.ok(during - before >= 2, `${during} of its threads, ${before} before`);
  });
});

/** Fields of `/proc/PID/stat` after the name, which may hold anything, count from 3; niceness is the 19th. */
function nicenessOf(thread: number): number {
  const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
}

function threadsNicerThan(niceness: number): number {
  return readdirSync('/proc/self/task').filter((thread) => {
    try {
      return nicenessOf(Number(thread)) > niceness;
    } catch {
      // It has just ended.
      return false;
    }
  }).length;
}

suite('a training thread that fails', () => {
  let folder: string;
  let programs = 0;
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'trainer-'))));
  after(() => rm(folder, { recursive: true }));

  /** Follows a thread that runs the given program, in which `port` is its port, until it fails. */
  async function failureOf(program: string): Promise<Followed> {
    const path = join(folder, `${programs++}.mjs`);
    await writeFile(path, `import { parentPort as port } from 'node:worker_threads';\n${program}`);
    const followed = new Followed(path);
    followed.trainer.post(startRequest());
    await followed.until(() => followed.failures.length > 0);
    assert.equal(followed.failures.length, 1);
    return followed;
  }

  test('by throwing reports the first line of the error', async () => {
    const { failures } = await failureOf(`throw new Error('it broke\\nat some place');`);
    assert.deepEqual(failures, ['Training failed: it broke']);
  });

  test('by exiting reports the exit code', async () => {
    const { failures } = await failureOf(`process.exit(3);`);
    assert.deepEqual(failures, ['The training thread ended unexpectedly, with exit code 3.']);
  });

  test('by running out of memory says so', async () => {
    const { failures } = await failureOf(`for (const kept = [];;) kept.push(new Float64Array(2 ** 40));`);
    assert.match(failures[0], /^Training ran out of memory \(.*Lower hiddenSize, batchSize or sequenceLength\.$/);
  });

  test('because its program is not there says so', async () => {
    const followed = new Followed(join(folder, 'nothing.cjs'));
    await followed.until(() => followed.failures.length > 0);
    assert.match(followed.failures[0], /^Training failed: Cannot find module/);
  });

  test('by sending what is not understood reports the field', async () => {
    const message = { type: 'ended', runId: RUN_ID, reason: 'bored', iterations: 1, charactersPerSecond: 1 };
    const { failures, events } = await failureOf(
      `port.postMessage(${JSON.stringify(message)}); setInterval(() => {}, 1e6);`,
    );
    assert.match(failures[0], /not understood \(reason: /);
    assert.deepEqual(events, []);
  });

  test('still reports what it sent before, but nothing under another run id', async () => {
    const ended = { type: 'ended', runId: RUN_ID, reason: 'stopped', iterations: 1, charactersPerSecond: 1 };
    const stale = { ...ended, runId: 'another' };
    const { events } = await failureOf(
      `port.postMessage(${JSON.stringify(stale)}); port.postMessage(${JSON.stringify(ended)}); port.once('message', () => { throw new Error('later'); });`,
    );
    assert.deepEqual(events, [ended]);
  });
});

suite('a process with a training thread', () => {
  test('ends by itself once the run is over, although the thread could still write text', async (context) => {
    const folder = await mkdtemp(join(tmpdir(), 'trainer-'));
    context.after(() => rm(folder, { recursive: true }));
    const path = join(folder, 'program.mjs');
    await writeFile(
      path,
      `import { Trainer } from ${JSON.stringify(TRAINER)};
       const trainer = new Trainer(${JSON.stringify(WORKER)}, { event() {}, failed: (reason) => console.log(reason) });
       trainer.post(${JSON.stringify(startRequest({}, { maxIterations: 2 }))});`,
    );
    const child = spawn(process.execPath, [path], { stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.setEncoding('utf8');
    let output = '';
    child.stdout.on('data', (text: string) => (output += text));
    const [code] = (await once(child, 'close')) as [number];
    assert.deepEqual([code, output], [0, '']);
  });
});
