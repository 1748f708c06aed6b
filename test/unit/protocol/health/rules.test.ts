import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RunHistory } from '../../../src/protocol/history.ts';
import { notLearning } from '../../../src/protocol/health/learning.ts';
import { METRIC_NAMES } from '../../../src/protocol/run.ts';
import type { Baselines } from '../../../src/protocol/study.ts';

const BASELINES: Baselines = {
  uniformNats: Math.log(65),
  ngramNats: [3.3, 2.5],
  orders: 6,
  fittedCharacters: 1000,
  trainingCharacters: 1000,
  measuredCharacters: 100,
  progress: 0.5,
};
const OPTIONS = { baselines: BASELINES, symbols: 65, unit: 'nats' as const };

/** A run whose loss follows a law. */
function run(iterations: number, lossAt: (iteration: number) => number): RunHistory {
  const history = new RunHistory();
  const rows = new Float64Array(iterations * METRIC_NAMES.length);
  for (let i = 0; i < iterations; i++) rows[i * METRIC_NAMES.length] = lossAt(i);
  history.addRows(rows);
  return history;
}

describe('a network that does not learn', () => {
  it('is told by a loss that stands still above that of a 2-gram', () => {
    const evidence = notLearning(
      run(600, () => 3.05),
      OPTIONS,
    );
    assert.match(
      evidence ?? '',
      /^The loss stands still: 3\.050 at iteration 300, now 3\.050 nats.*, and a 2-gram has 2\.500\. Try/,
    );
    assert.match(
      notLearning(
        run(600, () => 3.05),
        { ...OPTIONS, baselines: undefined },
      ) ?? '',
      /3\.050/,
    );
  });

  it('is no matter where the loss still falls, is better than counting, or the run has only begun', () => {
    assert.equal(
      notLearning(
        run(600, (i) => 4 - i / 600),
        OPTIONS,
      ),
      undefined,
    );
    assert.equal(
      notLearning(
        run(600, () => 1.6),
        OPTIONS,
      ),
      undefined,
    );
    assert.equal(
      notLearning(
        run(200, () => 3.05),
        OPTIONS,
      ),
      undefined,
    );
    assert.equal(
      notLearning(
        run(600, () => 2.4),
        { ...OPTIONS, baselines: undefined },
      ),
      undefined,
    );
  });
});
