import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { unpackEvents } from '../../src/protocol/eventBatches.ts';
import type { Tab } from '../../src/protocol/panel.ts';
import { metricNamesOf, type RunFacts } from '../../src/protocol/run.ts';
import { sizesOf } from '../../src/protocol/measures.ts';
import type { Capture } from '../../src/protocol/study.ts';
import type { WorkerEvent } from '../../src/protocol/worker.ts';
import { Trainer } from '../../src/training/trainer.ts';
import { networkOfCase, settingsOf } from './cases.ts';
import { Looking } from './oursLooking.ts';
import type { Looked, MemoryUsed, OursRequest, Ran, Started, ValidationAt } from './oursProtocol.ts';
import type { FollowedNetwork } from '../../src/host/study/follower.ts';

/**
 * The trainer as the extension runs it, in a process of its own: `node oursProcess.ts WORKER`, where WORKER is the bundle of
 * the training thread. It answers the requests of oursProtocol.ts and ends with its input.
 */

const RUN_ID = 'bench';
type StartOurs = Extract<OursRequest, { command: 'start' }>;
type Progress = Extract<WorkerEvent, { type: 'progress' }>;

/** One run, paused but for the pieces that are asked for. */
class MeasuredRun implements FollowedNetwork {
  readonly #trainer: Trainer;
  #facts: RunFacts | undefined;
  #progress: Progress | undefined;
  #validations: ValidationAt[] = [];
  /** Wall time of the pieces that are over, and when the one under way began. */
  #activeMs = 0;
  #pieceStartedMs = 0;
  #listener: ((event: WorkerEvent) => void) | undefined;
  #reject: ((error: Error) => void) | undefined;
  #failure: Error | undefined;
  #isRunning = true;
  /** Of a row of metrics, which the network decides. */
  #columns: readonly string[] = [];
  readonly #studyPath: string;
  #looking: Looking | undefined;
  #captured: ((capture: Capture) => void) | undefined;

  constructor(workerPath: string) {
    this.#studyPath = join(dirname(workerPath), 'study.cjs');
    this.#trainer = new Trainer(workerPath, {
      event: (event) => this.#receive(event),
      failed: (reason) => this.#fail(reason),
    });
  }

  async start({ settings, path, cacheFolder, inspection }: StartOurs): Promise<Started> {
    const startedMs = performance.now();
    this.#pieceStartedMs = startedMs;
    const first = this.#until((event) => event.type === 'progress');
    const parsed = settingsOf(settings);
    this.#columns = metricNamesOf(networkOfCase(settings));
    this.sizes = sizesOf(parsed, 65);
    const request = { settings: parsed, file: { path }, name: path, cacheFolder, inspection };
    this.#trainer.post({ type: 'start', runId: RUN_ID, ...request });
    await first;
    const firstIterationMs = performance.now() - startedMs;
    await this.#pause();
    const { kernels, threads, vocabulary } = this.#facts ?? missingFacts();
    return { kernels, threads, vocabularySize: vocabulary.length, firstIterationMs };
  }

  /** From the word to go, with the characters known from the pause, to the first report after so many seconds. */
  async run(seconds: number): Promise<Ran> {
    const before = this.#progress?.characters ?? 0;
    this.#validations = [];
    this.#pieceStartedMs = performance.now();
    const enoughMs = this.#pieceStartedMs + 1000 * seconds;
    const enough = this.#until((event) => event.type === 'progress' && performance.now() >= enoughMs);
    this.#trainer.post({ type: 'resume', runId: RUN_ID });
    await enough;
    const spentMs = performance.now() - this.#pieceStartedMs;
    const characters = (this.#progress?.characters ?? 0) - before;
    const lossNats = this.#progress?.rows.at(this.#columns.indexOf('lossNats') - this.#columns.length) ?? NaN;
    await this.#pause();
    return { characters, seconds: spentMs / 1000, lossNats, validations: this.#validations };
  }

  readonly isThere = true;

  get isRunning(): boolean {
    return this.#isRunning;
  }

  get iteration(): number {
    const { firstIteration, rows } = this.#progress ?? { firstIteration: 0, rows: [] };
    return firstIteration + rows.length / this.#columns.length;
  }

  /** Of the request to start. */
  sizes = { V: 65, H: 0, T: 0, products: 1 };

  capture(): Promise<Capture> {
    this.#trainer.post({ type: 'capture', runId: RUN_ID, requestId: 1 });
    return new Promise((resolve) => (this.#captured = resolve));
  }

  watch(tab: Tab | null): object {
    this.#started().watch(tab);
    return {};
  }

  async looks(count: number): Promise<{ looked: Looked[] }> {
    this.#pieceStartedMs = performance.now();
    this.#trainer.post({ type: 'resume', runId: RUN_ID });
    const looked: Looked[] = [];
    while (looked.length < count) looked.push(await this.#started().look());
    await this.#pause();
    return { looked };
  }

  #started(): Looking {
    return (this.#looking ??= new Looking(this, this.#studyPath, RUN_ID));
  }

  async #pause(): Promise<void> {
    const paused = this.#until((event) => event.type === 'state' && event.state === 'paused');
    this.#trainer.post({ type: 'pause', runId: RUN_ID });
    await paused;
    this.#activeMs += performance.now() - this.#pieceStartedMs;
  }

  #until(isIt: (event: WorkerEvent) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure);
      this.#reject = reject;
      this.#listener = (event) => {
        if (isIt(event)) resolve();
      };
    });
  }

  #receive(event: WorkerEvent): void {
    if (event.type === 'started') this.#facts = event.facts;
    if (event.type === 'progress') this.#progress = event;
    if (event.type === 'captured') this.#captured?.(event.capture);
    if (event.type === 'state') this.#isRunning = event.state === 'running';
    if (event.type === 'measured') {
      const seconds = (this.#activeMs + performance.now() - this.#pieceStartedMs) / 1000;
      for (const measured of unpackEvents(event.events)) {
        if (measured.type === 'validation') this.#validations.push({ seconds, lossNats: measured.value.lossNats });
      }
    }
    if (event.type === 'refused') this.#fail(event.message);
    if (event.type === 'ended') this.#fail('The run ended while it was measured.');
    if (event.type === 'state' && event.notFinite !== undefined) this.#fail(event.notFinite.message);
    this.#listener?.(event);
  }

  #fail(reason: string): void {
    this.#failure = new Error(reason);
    this.#reject?.(this.#failure);
  }
}

function missingFacts(): never {
  throw new Error('the first iteration came before the facts of the run');
}

/** What this process holds, from Linux where it says so: `maxRSS` there begins with the memory of the process that started this. */
function memoryUsed(startBytes: number): MemoryUsed {
  let peakKilobytes = process.resourceUsage().maxRSS;
  if (process.platform === 'linux') {
    peakKilobytes = Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? peakKilobytes);
  }
  return { startBytes, peakBytes: 1024 * peakKilobytes };
}

const startBytes = process.memoryUsage.rss();
const run = new MeasuredRun(process.argv[2]);

function handle(request: OursRequest): Promise<object> | object {
  switch (request.command) {
    case 'start':
      return run.start(request);
    case 'run':
      return run.run(request.seconds);
    case 'watch':
      return run.watch(request.tab);
    case 'looks':
      return run.looks(request.count);
    case 'memory':
      return memoryUsed(startBytes);
    default:
      return request satisfies never;
  }
}

async function answer(line: string): Promise<void> {
  try {
    const result = await handle(JSON.parse(line) as OursRequest);
    process.stdout.write(`${JSON.stringify(result)}\n`);
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ error: error instanceof Error ? error.message : String(error) })}\n`);
  }
}

createInterface({ input: process.stdin })
  .on('line', (line) => void answer(line))
  .on('close', () => process.exit(0));
