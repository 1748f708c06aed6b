import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SignId, VitalSign } from '../../../../src/history/health/sign.ts';
import { vitalSigns } from '../../../../src/history/health/signs.ts';
import { healthOf } from '../../../../src/history/health/health.ts';
import type { Summary } from '../../../../src/history/health/summary.ts';
import { RunHistory } from '../../../../src/history/history.ts';
import type { NotFinite } from '../../../../src/protocol/run.ts';
import { DEFAULT_SETTINGS } from '../../../../src/protocol/settings.ts';
import { description, FACTS } from '../../panel/fixtures.ts';
import { METRIC_NAMES, NETWORK } from '../../../tanh.ts';

/** So many iterations with a norm, a clip factor and a loss. */
function historyOf(
  iterations: number,
  {
    norm = () => 1,
    clip = () => 1,
    loss = () => 1,
  }: Partial<Record<'norm' | 'clip' | 'loss', (i: number) => number>> = {},
): RunHistory {
  const history = new RunHistory(NETWORK);
  const rows = new Float32Array(iterations * METRIC_NAMES.length);
  for (let i = 0; i < iterations; i++) rows.set([loss(i), norm(i), clip(i)], i * METRIC_NAMES.length);
  history.metrics.addRows(rows);
  return history;
}

function signOf(history: RunHistory, id: SignId, change: Parameters<typeof description>[0] = {}): VitalSign {
  const sign = vitalSigns({ history, description: description(change) }, 'nats').find((one) => one.id === id);
  assert.ok(sign);
  return sign;
}

function summaryOf(history: RunHistory, notFinite?: NotFinite): Summary {
  return healthOf({ history, description: description(), notFinite }, undefined, 'nats').summary;
}

const MEMORY = {
  iteration: 9,
  horizonOnePercent: 23,
  horizonOneOverE: 5,
  decayRate: -0.2,
  tanhFactor: 0.7,
  lyapunov: -0.2,
  spectralRadius: 1.04,
  sigmaMax: 2,
};

describe('vital signs', () => {
  it('count the clipped among the last hundred iterations only', () => {
    const history = historyOf(1000, { clip: (i) => (i < 900 || i >= 992 ? 0.5 : 1) });
    const sign = signOf(history, 'gradient');
    assert.equal(sign.second, 0.08);
    assert.match(sign.word, /^clipped 8\s%$/);
    assert.equal(sign.condition, 'ok');
  });

  it('say that clipping is off instead of counting', () => {
    const sign = signOf(historyOf(10), 'gradient', { settings: { ...DEFAULT_SETTINGS, clipNorm: 0 } });
    assert.equal(sign.second, undefined);
    assert.equal(sign.word, 'no clipping');
    assert.equal(sign.usual, undefined);
  });

  it('see a norm of 10⁵ that nothing clips, also after iterations of which nothing is known', () => {
    const settings = { ...DEFAULT_SETTINGS, clipNorm: 0 };
    const history = historyOf(50);
    history.metrics.skipRows(5);
    history.metrics.addRows(
      Float32Array.from({ length: METRIC_NAMES.length }, (_, column) => (column === 1 ? 1e5 : 1)),
    );
    const { condition, word } = signOf(history, 'gradient', { settings });
    assert.deepEqual([condition, word], ['alarm', 'exploded']);
  });

  it('take the gap at the iteration that was validated', () => {
    const history = historyOf(400, { loss: (i) => (i < 200 ? 2 : 1) });
    history.add({ type: 'validation', value: { iteration: 100, lossNats: 2.25, characters: 9 } });
    const sign = signOf(history, 'gap');
    assert.ok(Math.abs(sign.value - 0.25) < 1e-6, String(sign.value));
    assert.equal(sign.text, '+0.250 nats');
  });

  it('show horizon and ρ as they were measured last, and a horizon beyond the window as such', () => {
    const history = historyOf(10);
    assert.equal(signOf(history, 'horizon').condition, 'unknown');
    history.add({ type: 'memoryPoint', value: MEMORY });
    assert.deepEqual([signOf(history, 'horizon').text, signOf(history, 'horizon').value], ['23 steps', 23]);
    assert.deepEqual([signOf(history, 'radius').text, signOf(history, 'radius').value], ['1.04', 1.04]);
    history.add({ type: 'memoryPoint', value: { ...MEMORY, horizonOnePercent: null } });
    const beyond = signOf(history, 'horizon');
    assert.deepEqual([beyond.text, beyond.value, beyond.word], ['> 49 steps', Infinity, 'whole window']);
    assert.deepEqual(beyond.series.values, [23, 50]);
  });

  it('alarm where no error passes, and the summary does not call that healthy', () => {
    const history = historyOf(200);
    history.add({
      type: 'memoryPoint',
      value: { ...MEMORY, horizonOnePercent: 0, horizonOneOverE: 0, decayRate: null, lyapunov: null },
    });
    const signs = vitalSigns({ history, description: description() }, 'nats');
    assert.deepEqual(
      signs.filter(({ condition }) => condition === 'alarm').map(({ id }) => id),
      ['horizon', 'radius'],
    );
    assert.equal(summaryOf(history).text, 'No error passes: the units are saturated');
  });

  it('read saturation and updates from the newest vitals', () => {
    const history = historyOf(10);
    history.add({ type: 'vitals', value: { iteration: 4, updateToWeight: 1e-3, saturation: 0.06 } });
    history.add({ type: 'vitals', value: { iteration: 8, updateToWeight: 2e-3, saturation: 0.1 } });
    assert.equal(signOf(history, 'update').value, 2e-3);
    assert.match(signOf(history, 'saturation').text, /^10\s%$/);
    assert.deepEqual(signOf(history, 'saturation').series, { iterations: [4, 8], values: [0.06, 0.1] });
  });

  it('of a ReLU run call three quarters of units that are off usual, and mark nine tenths as the end of what is', () => {
    const history = historyOf(200);
    history.add({ type: 'vitals', value: { iteration: 8, updateToWeight: 1e-3, saturation: 0.75 } });
    const settings = { ...DEFAULT_SETTINGS, cell: 'relu' } as const;
    const { word, usual } = signOf(history, 'saturation', { settings });
    assert.deepEqual([word, usual], ['usual', { from: 0, to: 0.9 }]);
    assert.equal(signOf(history, 'saturation').word, 'much');
    const nothing = { ...MEMORY, horizonOnePercent: 0, lyapunov: null };
    history.add({ type: 'memoryPoint', value: nothing });
    assert.equal(signOf(history, 'horizon', { settings }).evidence, 'No error passes: the units are off');
    assert.match(signOf(history, 'radius', { settings }).evidence, /the ReLU factor \[a > 0\]/);
  });

  it('say why there is no gap in a run without validation', () => {
    const sign = signOf(historyOf(10), 'gap', { facts: { ...FACTS, validationCharacters: 0 } });
    assert.equal(sign.word, 'no validation');
  });

  it('keep curves short and with their newest point, however long the run', () => {
    const history = historyOf(20_000);
    for (let i = 0; i < 3000; i++)
      history.add({ type: 'vitals', value: { iteration: i, updateToWeight: 1e-3, saturation: i / 3000 } });
    const { series } = signOf(history, 'saturation');
    assert.equal(series.values.length, 60);
    assert.deepEqual([series.iterations[0], series.iterations.at(-1)], [0, 2999]);
    assert.ok(signOf(history, 'gradient').series.values.length <= 60);
  });
});

describe('the summary', () => {
  it('is one word where all is well', () => {
    assert.deepEqual(summaryOf(historyOf(200)), { condition: 'ok', text: 'Healthy', remark: '', evidence: [] });
  });

  it('adds a few words where all is well and most of the window teaches little', () => {
    const summaryWith = (horizonOnePercent: number): ReturnType<typeof summaryOf> => {
      const history = historyOf(200);
      history.add({ type: 'memoryPoint', value: { ...MEMORY, horizonOnePercent } });
      return summaryOf(history);
    };
    assert.deepEqual([summaryWith(12).text, summaryWith(12).remark], ['Healthy', 'errors reach 12 of 49 steps back']);
    assert.deepEqual([summaryWith(13).text, summaryWith(13).remark], ['Healthy', '']);
  });

  it('begins with what alarms, with the number', () => {
    const history = historyOf(200, { clip: () => 0.5 });
    history.add({ type: 'vitals', value: { iteration: 199, updateToWeight: 1e-3, saturation: 0.97 } });
    const { condition, text, evidence } = summaryOf(history);
    assert.equal(condition, 'alarm');
    assert.match(text, /^97\s% of the activations are saturated$/);
    assert.equal(evidence.length, 2);
    assert.match(evidence[1], /clipped in 100\s% of iterations/);
  });

  it('does not judge a run that has only begun, but tells alarms at once', () => {
    const history = historyOf(20, { clip: () => 0.5 });
    assert.equal(summaryOf(history).text, 'Too early to tell');
    history.add({ type: 'vitals', value: { iteration: 19, updateToWeight: 0.5, saturation: 0 } });
    assert.equal(summaryOf(history).condition, 'alarm');
  });

  it('says of a run that stopped being finite that it diverged, then the reason', () => {
    const message = 'Iteration 200: The loss is not a number at t = 3.';
    const notFinite = { iteration: 200, quantity: 'loss', timeStep: 3, message } as const;
    const { condition, text, evidence } = summaryOf(historyOf(200), notFinite);
    assert.equal(condition, 'alarm');
    assert.equal(
      text,
      'Training has diverged: the loss is not finite from iteration 200 on. Lower learningRate from 0.002 to 0.0002, or clipNorm from 5',
    );
    assert.equal(evidence[1], message.slice(0, -1));
  });
});
