import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dead, saturation } from '../../../../src/history/health/functionSigns.ts';
import { RunHistory } from '../../../../src/history/history.ts';
import { networkOf } from '../../../../src/network/network.ts';
import type { FunctionVitals } from '../../../../src/protocol/events.ts';
import type { RunSettings } from '../../../../src/protocol/settings.ts';
import { sourceOf } from './series.ts';

const LSTM = { cell: 'lstm', layers: 4, sequenceLength: 64, batchSize: 32 } as const;

/** A run with one measurement a reading. */
function runOf(
  settings: Pick<RunSettings, 'cell' | 'layers'> & Partial<RunSettings>,
  readings: readonly Readonly<Record<string, FunctionVitals>>[],
  saturation = 0.5,
) {
  const history = new RunHistory(networkOf(settings));
  readings.forEach((functions, iteration) =>
    history.add({ type: 'vitals', value: { iteration, updateToWeight: 1e-3, saturation, functions } }),
  );
  return sourceOf(history, settings);
}

describe('saturation', () => {
  it('of several functions is the number that is judged, of the worst of them and by its name', () => {
    const readings = (...shares: number[]) =>
      Object.fromEntries(
        shares.map((saturated, index) => [index === 0 ? 'g' : `g.${index + 1}`, { saturated, dead: 0 }]),
      );
    const sign = saturation(runOf(LSTM, [readings(0.5, 0.6, 0.4, 0.3), readings(0.5, 0.6, 0.8, 0.96)], 0.71));
    assert.match(sign.text, /^g, layer 4: 96\s%$/);
    assert.deepEqual([sign.value, sign.condition, sign.word], [0.96, 'ok', 'high']);
    assert.deepEqual(sign.series.values, [0.6, 0.96]);
  });

  it('of a run that does not say them one by one is that of all', () => {
    assert.match(saturation(runOf(LSTM, [{}], 0.71)).text, /^71\s%$/);
  });

  it('of one function has no name', () => {
    assert.match(
      saturation(runOf({ cell: 'gru', layers: 1 }, [{ n: { saturated: 0.7, dead: 0 } }], 0.7)).text,
      /^70\s%$/,
    );
  });
});

describe('dead units beside gates', () => {
  it('are not judged in the first iterations, in which many begin so', () => {
    const run = runOf(LSTM, [{ g: { saturated: 0.9, dead: 0.65 } }]);
    assert.deepEqual([dead(run, true).condition, dead(run, true).word], ['unknown', 'too early']);
    assert.equal(dead(run, false).condition, 'watch');
    const tanh = runOf({ ...LSTM, cell: 'tanh', layers: 1 }, [{ a: { saturated: 0.9, dead: 0.2 } }]);
    assert.equal(dead(tanh, true).condition, 'watch');
  });

  it('are none of a network that has nothing but gates, in plain words', () => {
    const run = runOf({ ...LSTM, cell: 'mingru', layers: 1 }, [{ z: { saturated: 1, dead: 1 } }]);
    assert.deepEqual([dead(run, false).text, dead(run, false).word], ['–', 'does not apply']);
  });
});
