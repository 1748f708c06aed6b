import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { DEFAULT_SETTINGS, parseSettings } from '../../../../src/protocol/settings.ts';
import type { StoredRun } from '../../../../src/protocol/storedRun.ts';
import type { StartRequest, WorkerEvent } from '../../../../src/protocol/worker.ts';
import { CheckpointFolder } from '../../../../src/runs/disk/checkpoints.ts';
import { RunRecorder } from '../../../../src/runs/recording/recorder.ts';
import { readRunFile } from '../../../../src/runs/format/runFile.ts';
import { RandomStream } from '../../../../src/common/random.ts';
import { sampleText } from '../../../../src/text/sampleText.ts';
import { Trainer } from '../../../../src/training/trainer.ts';
import { amount } from '../../../run/amount.ts';
import { BUNDLES } from '../../kernels/built.ts';
import { runFixture } from '../format/recordFixtures.ts';
import { assertBeginsWith, checkpointsIn, rowsIn } from './killedRuns.ts';
import { METRIC_NAMES } from '../../../tanh.ts';

const WORKER = join(BUNDLES, 'worker.cjs');
const LANES = 2;
const KILLS_PER_LANE = amount(200, 6, 'killed training threads') / LANES;
const CHECKPOINT_SECONDS = 0.02;
/** The thread is killed after so many of its events at most. */
const MOST_EVENTS = 48;
const settings = parseSettings({ hiddenSize: 32, sequenceLength: 16, batchSize: 4, kernels: 'simd', maxEpochs: 1e6 });

let folder: string;
let path: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'killed-worker-'));
  path = join(folder, 'text.txt');
  await writeFile(path, sampleText().slice(0, 20_000));
});
after(() => rm(folder, { recursive: true }));

function newRun(runId: string): StoredRun {
  return runFixture({ runId, settings: { ...DEFAULT_SETTINGS, ...settings }, state: 'starting' });
}

/** One life of a training thread: goes on from the newest checkpoint, until it is killed or has ended. */
async function live(run: string, { events = Infinity, maxIterations = Number.MAX_SAFE_INTEGER }): Promise<void> {
  const at = join(folder, run);
  const newest = await new CheckpointFolder(at).newestReadable();
  const stored = await readRunFile(at);
  const done = newest?.checkpoint.iteration ?? 0;
  const recorder = await RunRecorder.continueAt(at, stored, done, { onProblem: (message) => assert.fail(message) });
  const request: StartRequest = {
    type: 'start',
    runId: run,
    name: 'text.txt',
    file: { path },
    settings,
    checkpointSeconds: CHECKPOINT_SECONDS,
    maxIterations,
    ...(newest?.vocabulary && {
      from: { checkpoint: newest.checkpoint, vocabulary: newest.vocabulary, mode: 'exact', isPaused: false },
    }),
  };
  const received: WorkerEvent[] = [];
  const trainer = await new Promise<Trainer>((resolve, reject) => {
    const started = new Trainer(WORKER, {
      event: (event) => {
        if (received.length >= events) return;
        received.push(event);
        recorder.receive(event);
        if (received.length >= events || event.type === 'ended') resolve(started);
      },
      failed: reject,
    });
    started.post(request);
  });
  trainer.dispose();
  assert.ok(await recorder.close());
  assertLittleIsLost(received, done, newest?.checkpoint.elapsedMs ?? 0);
  const taken = received.flatMap((event) => (event.type === 'checkpoint' ? [event.checkpoint.iteration] : []));
  assert.equal((await checkpointsIn(at))[0] ?? 0, Math.max(done, ...taken), 'the newest checkpoint is on the disk');
}

/** Of the rows after the newest checkpoint, only those that came last may be of more time than lies between two checkpoints. */
function assertLittleIsLost(received: readonly WorkerEvent[], iteration: number, elapsedMs: number): void {
  let saved = { iteration, elapsedMs };
  let unsaved: number[] = [];
  for (const event of received) {
    if (event.type === 'progress') unsaved.push(event.elapsedMs);
    if (event.type !== 'checkpoint' || event.checkpoint.iteration < saved.iteration || event.reason === 'best')
      continue;
    saved = event.checkpoint;
    unsaved = [];
  }
  const lost = unsaved.slice(0, -1).map((ms) => ms - saved.elapsedMs);
  assert.ok(
    lost.every((ms) => ms <= 1000 * CHECKPOINT_SECONDS),
    `${Math.max(...lost)} ms of training are lost`,
  );
}

/** Lives that end at random; then what is left, to an iteration that is known then. */
async function killAgainAndAgain(run: string, seed: number): Promise<Float64Array> {
  const at = join(folder, run);
  const recorder = await RunRecorder.create(at, newRun(run), { onProblem: (message) => assert.fail(message) });
  assert.ok(await recorder.close());
  const random = RandomStream.seeded(seed, 'sampling');
  for (let kill = 0; kill < KILLS_PER_LANE; kill++) {
    await live(run, { events: 1 + Math.floor(random.uniform() * MOST_EVENTS) });
  }
  const [newest = 0] = await checkpointsIn(at);
  await live(run, { maxIterations: newest + 50 });
  const rows = await rowsIn(at);
  assert.equal((await readRunFile(at)).iterations, newest + 50);
  return rows;
}

test(`${LANES * KILLS_PER_LANE} killed training threads leave no unreadable checkpoint and change no loss`, async (context) => {
  const lanes = await Promise.all(Array.from({ length: LANES }, (_, lane) => killAgainAndAgain(`lane-${lane}`, lane)));
  const longest = Math.max(...lanes.map(({ length }) => length));
  const whole = await RunRecorder.create(join(folder, 'whole'), newRun('whole'), { onProblem: () => undefined });
  assert.ok(await whole.close());
  await live('whole', {
    maxIterations: lanes.map(({ length }) => length / METRIC_NAMES.length).reduce((a, b) => Math.max(a, b)),
  });
  const uninterrupted = await rowsIn(join(folder, 'whole'));
  assert.equal(uninterrupted.length, longest);
  for (const rows of lanes) assertBeginsWith(uninterrupted, rows);
  context.diagnostic(`${lanes.map(({ length }) => length / METRIC_NAMES.length).join(' and ')} iterations`);
});
