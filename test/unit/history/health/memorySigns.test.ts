import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { VitalSign } from '../../../../src/history/health/sign.ts';
import { horizon, radius } from '../../../../src/history/health/memorySigns.ts';
import { RunHistory } from '../../../../src/history/history.ts';
import { networkOf } from '../../../../src/network/network.ts';
import type { FunctionVitals, MemoryPoint } from '../../../../src/protocol/events.ts';
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
  functions?: Readonly<Record<string, FunctionVitals>>,
): VitalSign {
  const { cell = 'tanh', layers = 1 } = settings;
  const history = new RunHistory(networkOf({ cell, layers }));
  points.forEach((point, iteration) => history.add({ type: 'memoryPoint', value: { ...POINT, iteration, ...point } }));
  if (functions !== undefined)
    history.add({ type: 'vitals', value: { iteration: 0, updateToWeight: 1e-3, saturation: 0, functions } });
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

  it('of several beyond the window is that of the one that was measured to live longest', () => {
    const point = { horizons: { a: 5, c: null, 'a.2': 3, 'c.2': null } };
    assert.equal(read(horizon, [{ ...point, longestLived: 'c.2' }], LSTM).text, 'c, layer 2: > 63 steps');
    assert.equal(read(horizon, [point], LSTM).text, 'c, layer 1: > 63 steps');
  });

  it('of a memory that has run away is no praise and no alarm, and says that hardly any error gets into it', () => {
    const point = { horizons: { a: 5, c: 9, 'a.2': 3, 'c.2': null }, longestLived: 'c.2' };
    const signWith = (saturated: number): VitalSign =>
      read(horizon, [point], LSTM, { 's.2': { saturated, dead: saturated } });
    const away = signWith(0.9);
    assert.deepEqual([away.condition, away.word, away.evidence], ['unknown', 's mostly ±1', '']);
    assert.match(
      away.note ?? '',
      /^Errors last, but 90\s% of the numbers s⁽²⁾ stand at ±1: their memory c⁽²⁾ .* by f⁽²⁾ alone\. .* hardly written or read$/,
    );
    const usual = signWith(0.8);
    assert.deepEqual([usual.condition, usual.word, usual.note], ['ok', 'whole window', undefined]);
    assert.equal(
      read(horizon, [{ horizonOnePercent: 3 }], LSTM, { s: { saturated: 0.9, dead: 0 } }).condition,
      'watch',
    );
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
