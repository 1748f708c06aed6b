import type { Inspection, Sample } from '../../../../src/protocol/run.ts';
import { DEFAULT_SETTINGS } from '../../../../src/protocol/settings.ts';
import type { StoredRun } from '../../../../src/protocol/storedRun.ts';
import { packEvents } from '../../../../src/protocol/eventBatches.ts';
import type { RunEvent } from '../../../../src/protocol/events.ts';
import type { WorkerEvent } from '../../../../src/protocol/worker.ts';
import { MAGIC } from '../../../../src/runs/format/recordFrames.ts';
import { RecordDecoder } from '../../../../src/runs/format/recordDecoder.ts';
import { encodeRecord, type RowsRecord, type RunRecord } from '../../../../src/runs/format/records.ts';
import { METRIC_NAMES, PARAMETER_NAMES, STEP_QUANTITIES } from '../../../tanh.ts';

export const RUN_ID = 'run-1';

export function runFixture(change: Partial<StoredRun> = {}): StoredRun {
  return {
    format: 'rnn-gradient-inspector-run',
    version: 1,
    runId: RUN_ID,
    isPinned: false,
    source: 'inspector',
    // As the network of `checkpointFixture` has them.
    settings: { ...DEFAULT_SETTINGS, hiddenSize: 2, sequenceLength: 4, batchSize: 2 },
    versions: { node: '24.9.0' },
    createdAt: '2026-01-02T03:04:05.000Z',
    changedAt: '2026-01-02T03:04:05.000Z',
    state: 'running',
    iterations: 0,
    elapsedMs: 0,
    ...change,
  };
}

/** Rows whose loss is the iteration, so that a row in a wrong place shows. */
export function rowsOf(
  firstIteration: number,
  count: number,
): RowsRecord & { readonly rows: Float64Array<ArrayBuffer> } {
  const rows = new Float64Array(count * METRIC_NAMES.length);
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < METRIC_NAMES.length; column++) {
      rows[row * METRIC_NAMES.length + column] = firstIteration + row + column / 100;
    }
  }
  const end = firstIteration + count;
  const clock = { epoch: end / 100, characters: end * 10, elapsedMs: end * 2 };
  return { type: 'rows', firstIteration, ...clock, columns: METRIC_NAMES, rows };
}

/** A record of a file in which nothing says what columns there are. */
export function decodeRecord(kind: number, payload: Uint8Array): ReturnType<RecordDecoder['decode']> {
  return new RecordDecoder().decode(kind, payload);
}

export function progressOf(firstIteration: number, count: number): Extract<WorkerEvent, { type: 'progress' }> {
  const { columns: _, ...rows } = rowsOf(firstIteration, count);
  return { ...rows, type: 'progress', runId: RUN_ID };
}

/** An event as it comes from training. */
export function measuredOf(event: RunEvent, runId = RUN_ID): WorkerEvent {
  return { type: 'measured', runId, events: packEvents([event]) };
}

export function inspectionOf(iteration: number, T = 3): Inspection {
  return {
    iteration,
    stepNorm: new Float32Array(STEP_QUANTITIES.length * T).fill(iteration),
    stepCosine: new Float32Array(PARAMETER_NAMES.length * T).fill(NaN),
    inputs: new Int32Array(T).fill(1),
    targets: new Int32Array(T).fill(2),
  };
}

export function sampleOf(iteration: number): Sample {
  return {
    iteration,
    prompt: 'NaN "',
    temperature: 0.8,
    topK: 0,
    characters: ['a', '\n', '😀'],
    probability: Float32Array.of(0.1, NaN, 1 / 3),
  };
}

/** One record of every type, those with an iteration of this one. */
export function recordsOf(iteration: number): RunRecord[] {
  return [
    rowsOf(iteration, 4),
    { type: 'inspection', value: inspectionOf(iteration) },
    { type: 'validation', value: { iteration, lossNats: 1.5, characters: 100 } },
    { type: 'vitals', value: { iteration, updateToWeight: 1e-3, saturation: 0.25 } },
    {
      type: 'memoryPoint',
      value: {
        iteration,
        horizonOnePercent: null,
        horizonOneOverE: 4,
        decayRate: -0.5,
        tanhFactor: 0.75,
        lyapunov: null,
        spectralRadius: 1.25,
        sigmaMax: 2,
      },
    },
    { type: 'sample', value: sampleOf(iteration) },
    {
      type: 'baselines',
      baselines: {
        uniformNats: 4,
        ngramNats: [3, 2.5],
        orders: 2,
        fittedCharacters: 10,
        trainingCharacters: 20,
        measuredCharacters: 5,
        progress: 1,
      },
    },
  ];
}

export function framesOf(records: readonly RunRecord[]): Uint8Array[] {
  return records.map((record) => {
    const frame = encodeRecord(record);
    if (frame === undefined) throw new Error(`a record of type ${record.type} has no form`);
    return frame;
  });
}

export function fileOf(records: readonly RunRecord[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.concat([MAGIC, ...framesOf(records)]));
}
