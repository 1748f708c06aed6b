import { networkOf } from '../../../src/network/network.ts';
import { curveColumnsOf, type ComparedRun } from '../../../src/protocol/compare.ts';
import { DEFAULT_SETTINGS } from '../../../src/protocol/settings.ts';

/** A run of 100 iterations, 1 ms each, whose curves all are 1. */
export function comparedRun(change: Partial<ComparedRun> = {}): ComparedRun {
  return {
    folder: 'run-a',
    runId: 'run-a',
    fileName: 'text.txt',
    settings: DEFAULT_SETTINGS,
    state: 'finished',
    text: {
      sha256: 'a'.repeat(64),
      vocabularyId: 'abc',
      symbols: 3,
      trainingCharacters: 900,
      validationCharacters: 100,
    },
    iterations: 100,
    elapsedMs: 100,
    curves: {
      iteration: Float64Array.from({ length: 100 }, (_, i) => i),
      mean: new Float32Array(100 * curveColumnsOf(networkOf(DEFAULT_SETTINGS)).length).fill(1),
    },
    validations: new Float64Array(0),
    clock: Float64Array.of(50, 50),
    horizons: new Float64Array(0),
    ...change,
  };
}
