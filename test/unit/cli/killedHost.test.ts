import assert from 'node:assert/strict';
import { watch } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { RandomStream } from '../../../src/common/random.ts';
import { CheckpointFolder } from '../../../src/runs/disk/checkpoints.ts';
import { readRun } from '../../../src/runs/reading/runReader.ts';
import { sampleText } from '../../../src/text/sampleText.ts';
import { amount } from '../../run/amount.ts';
import { assertBeginsWith, checkpointsIn, rowsIn } from '../runs/recording/killedRuns.ts';
import { copyHeadless, Headless, headless } from './headless.ts';
import { METRIC_NAMES } from '../../tanh.ts';

const LANES = 2;
const KILLS_PER_LANE = amount(100, 4, 'killed processes') / LANES;
const CHECKPOINT_SECONDS = '0.02';
/** After the first checkpoint of a process. */
const KILLED_AFTER_MS = { least: 10, most: 250 };
const SMALL = ['hiddenSize=32', 'sequenceLength=16', 'batchSize=4', 'kernels=simd', 'maxEpochs=1e6'];
const SETTINGS = SMALL.flatMap((setting) => ['--set', setting]);

let folder: string;
let text: string;
before(async () => {
  folder = await copyHeadless();
  text = join(folder, 'sample.txt');
  await writeFile(text, sampleText().slice(0, 20_000));
});
after(() => rm(folder, { recursive: true }));

async function succeeds(...argv: string[]): Promise<void> {
  const { code, stderr } = await headless(folder, ...argv);
  assert.equal(code, 0, stderr);
}

/** Goes on with the run in a process of its own, and kills that some time after its first checkpoint. */
async function resumeAndKill(run: string, afterMs: number): Promise<void> {
  const checkpoint = new Promise<void>((resolve) => {
    const watcher = watch(join(run, 'checkpoints'), (_, name) => {
      if (name?.endsWith('.safetensors') !== true) return;
      watcher.close();
      resolve();
    });
  });
  const options = ['--iterations', '1000000', '--checkpoint-every', CHECKPOINT_SECONDS, '--inspect', 'display'];
  const child = new Headless(folder, ['resume', run, ...options]);
  const outcome = child.outcome();
  const ended = await Promise.race([checkpoint, outcome]);
  assert.equal(ended, undefined, child.stderr);
  await setTimeout(afterMs);
  child.process.kill('SIGKILL');
  await outcome;
}

/** @returns milliseconds of training that the newest checkpoint lacks, of those in the file of metrics. */
async function lostMs(run: string): Promise<number> {
  await checkpointsIn(run);
  const newest = await new CheckpointFolder(run).newestReadable();
  const { progress, problems } = await readRun(run);
  assert.ok(newest !== undefined);
  assert.ok(newest.checkpoint.iteration <= progress.iterations, 'no checkpoint is ahead of the rows');
  for (const problem of problems) assert.match(problem, /are no whole record/);
  return progress.elapsedMs - newest.checkpoint.elapsedMs;
}

interface Lane {
  readonly iterations: number;
  readonly rows: Float64Array;
  readonly mostLostMs: number;
}

async function killAgainAndAgain(lane: number): Promise<Lane> {
  const run = join(folder, `lane-${lane}`);
  await succeeds('train', text, ...SETTINGS, '--iterations', '1', '--out', run);
  const random = RandomStream.seeded(lane, 'sampling');
  let mostLostMs = 0;
  for (let kill = 0; kill < KILLS_PER_LANE; kill++) {
    const { least, most } = KILLED_AFTER_MS;
    await resumeAndKill(run, least + random.uniform() * (most - least));
    mostLostMs = Math.max(mostLostMs, await lostMs(run));
  }
  const iterations = (await checkpointsIn(run))[0] + 50;
  await succeeds('resume', run, '--iterations', String(iterations));
  return { iterations, rows: await rowsIn(run), mostLostMs };
}

test(`${LANES * KILLS_PER_LANE} killed processes leave no unreadable checkpoint and change no loss`, async (context) => {
  const lanes = await Promise.all(Array.from({ length: LANES }, (_, lane) => killAgainAndAgain(lane)));
  const longest = Math.max(...lanes.map(({ iterations }) => iterations));
  const whole = join(folder, 'whole');
  await succeeds('train', text, ...SETTINGS, '--iterations', String(longest), '--out', whole);
  const uninterrupted = await rowsIn(whole);
  assert.equal(uninterrupted.length, longest * METRIC_NAMES.length);
  for (const { rows, iterations, mostLostMs } of lanes) {
    assert.equal(rows.length, iterations * METRIC_NAMES.length);
    assertBeginsWith(uninterrupted, rows);
    context.diagnostic(`${iterations} iterations, at most ${mostLostMs.toFixed(1)} ms of training lost`);
  }
});
