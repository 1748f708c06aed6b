import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import { DEFAULT_SETTINGS } from '../../src/protocol/settings.ts';
import { RunRecorder } from '../../src/runs/recording/recorder.ts';
import { folderBytes } from './longRun.ts';
import { measuredOf } from '../unit/runs/format/recordFixtures.ts';
import { METRIC_NAMES, PARAMETER_NAMES, STEP_QUANTITIES } from '../tanh.ts';
import { runFixture } from '../unit/runs/format/recordFixtures.ts';

/** Writes the run of a network that does a hundred thousand iterations a second, as fast as it can be written. */

export interface CompactionCosts {
  readonly iterations: number;
  /** How often the file was written anew. */
  readonly compactions: number;
  /** Milliseconds of the longest of them, and the longest time for which one held up the event loop. */
  readonly longestMs: number;
  readonly longestBlockMs: number;
  readonly mostMetricsBytes: number;
  readonly folderBytes: number;
}

const RUN_ID = 'tiny-network';
const T = 5;
const ROWS_PER_EVENT = 7000;
const EVENTS_PER_WRITE = 15;

export async function compactionCosts(folder: string, iterations: number): Promise<CompactionCosts> {
  const recorder = await RunRecorder.create(
    folder,
    runFixture({ runId: RUN_ID, settings: { ...DEFAULT_SETTINGS, hiddenSize: 3, sequenceLength: T, batchSize: 1 } }),
    {
      onProblem: (message) => {
        throw new Error(message);
      },
    },
  );
  const delay = monitorEventLoopDelay({ resolution: 1 });
  let [compactions, longestMs, longestBlockMs, mostMetricsBytes, size] = [0, 0, 0, 0, 0];
  for (let first = 0, event = 1; first < iterations; first += ROWS_PER_EVENT, event++) {
    const end = first + ROWS_PER_EVENT;
    const rows = Float64Array.from({ length: ROWS_PER_EVENT * METRIC_NAMES.length }, (_, i) => 1 + (i % 1000) / 1000);
    recorder.receive({
      type: 'progress',
      runId: RUN_ID,
      firstIteration: first,
      rows,
      epoch: end / 1000,
      characters: end * T,
      elapsedMs: end / 100,
    });
    recorder.receive(measuredOf({ type: 'inspection', value: inspectionOf(end - 1) }, RUN_ID));
    if (event % EVENTS_PER_WRITE !== 0) continue;
    await recorder.flush();
    mostMetricsBytes = Math.max(mostMetricsBytes, (await stat(join(folder, 'metrics'))).size);
    delay.reset();
    delay.enable();
    // What the writing of the records itself took is none of it.
    await turn();
    const startMs = performance.now();
    await recorder.settle();
    const ms = performance.now() - startMs;
    delay.disable();
    const shrunk = (await stat(join(folder, 'metrics'))).size;
    if (shrunk < size) {
      compactions++;
      longestMs = Math.max(longestMs, ms);
      longestBlockMs = Math.max(longestBlockMs, delay.max / 1e6);
    }
    size = shrunk;
  }
  if (!(await recorder.close())) throw new Error(`${folder} could not be written`);
  return {
    iterations,
    compactions,
    longestMs,
    longestBlockMs,
    mostMetricsBytes,
    folderBytes: await folderBytes(folder),
  };
}

function inspectionOf(iteration: number) {
  return {
    iteration,
    stepNorm: new Float32Array(STEP_QUANTITIES.length * T).fill(1),
    stepCosine: new Float32Array(PARAMETER_NAMES.length * T).fill(NaN),
    inputs: new Int32Array(T),
    targets: new Int32Array(T),
  };
}
