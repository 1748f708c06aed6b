import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { VitalSign } from '../../../../src/history/health/sign.ts';
import { horizon, radius } from '../../../../src/history/health/memorySigns.ts';
import { RunHistory } from '../../../../src/history/history.ts';
import { networkOf } from '../../../../src/network/network.ts';
import type { MemoryPoint } from '../../../../src/protocol/events.ts';
import type { RunSettings } from '../../../../src/protocol/settings.ts';
import { sourceOf } from './series.ts';

const POINT: MemoryPoint = {
  iteration: 9,
  horizonOnePercent: 3,
  horizonOneOverE: 2,
  decayRate: -0.5,
  tanhFactor: 0.7,
  lyapunov: -0.25,
  spectralRadius: 1.5,
  sigmaMax: 2,
};
const LSTM = { cell: 'lstm', layers: 2, sequenceLength: 64 } as const;

function read(
  sign: typeof horizon,
  points: readonly Partial<MemoryPoint>[],
  settings: Partial<RunSettings> = {},
): VitalSign {
  const { cell = 'tanh', layers = 1 } = settings;
  const history = new RunHistory(networkOf({ cell, layers }));
  points.forEach((point, iteration) => history.add({ type: 'memoryPoint', value: { ...POINT, iteration, ...point } }));
  return sign(sourceOf(history, settings));
}

describe('the horizon', () => {
  it('of several states is that of the one that lives longest, by its name and layer', () => {
    const horizons = { a: 5, c: 20, 'a.2': 3, 'c.2': 34 };
    const sign = read(horizon, [{ horizons: { ...horizons, 'c.2': 10 } }, { horizons }], LSTM);
    assert.deepEqual([sign.text, sign.value, sign.condition, sign.word], ['c, layer 2: 34 steps', 34, 'ok', 'of 63']);
    assert.equal(sign.of, 'c.2');
    assert.deepEqual(sign.series.values, [20, 34]);
  });

  it('of a state that is not under 1 % within the window is longer than all that are', () => {
    const sign = read(horizon, [{ horizons: { a: 5, c: null } }], { ...LSTM, layers: 1 });
    assert.deepEqual([sign.text, sign.word], ['c: > 63 steps', 'whole window']);
  });

  it('of layers of Elman is that of their pre-activations, as the pictures of the memory have it', () => {
    const layers = { cell: 'tanh', layers: 2, sequenceLength: 64 } as const;
    assert.equal(read(horizon, [{ horizons: { h: 5, 'h.2': 8 } }], layers).text, 'h, layer 2: 8 steps');
  });

  it('of one state, and of a run that says one alone, is told without a name', () => {
    assert.equal(read(horizon, [{ horizonOnePercent: 23 }]).text, '23 steps');
    assert.equal(read(horizon, [{ horizonOnePercent: 23 }], LSTM).text, '23 steps');
    assert.equal(read(horizon, [{ horizonOnePercent: 23, horizons: { other: 7 } }], LSTM).text, '23 steps');
  });

  it('that is short asks for gates where there are none, and for biases that keep where there are', () => {
    const short = [{ horizonOnePercent: 3 }];
    assert.match(
      read(horizon, short).evidence,
      /5-gram looks\. Gates carry errors farther: try the cell lstm, gru\b.* or \w+$/,
    );
    assert.match(read(horizon, short, LSTM).evidence, /5-gram looks\. With initialBias chrono the gates keep/);
    assert.match(read(horizon, short, { ...LSTM, initialBias: 'chrono' }).evidence, /5-gram looks$/);
  });
});

describe('what becomes of errors in the long run', () => {
  it('is told by the spectral radius where they go back by one weight, and by the exponent past gates', () => {
    assert.deepEqual([read(radius, [{}]).text, read(radius, [{}]).usual], ['1.50', { from: 1, to: 1 }]);
    const gated = read(radius, [{ lyapunov: -1 }, {}], LSTM);
    assert.deepEqual([gated.text, gated.value, gated.series.values], ['−0.250', -0.25, [-1, -0.25]]);
    assert.deepEqual(gated.usual, { from: 0, to: 0 });
    assert.doesNotMatch(JSON.stringify(gated), /tanh|W_/);
    assert.deepEqual([read(radius, [{ lyapunov: null }], LSTM).text], ['–']);
  });
});
