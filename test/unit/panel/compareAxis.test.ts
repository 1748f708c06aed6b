import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fineTicks } from '../../../src/panel/charts/logarithmicAxis.ts';
import { lossAxis, normAxis } from '../../../src/panel/compare/axes.ts';
import { placeAt, positions, shareOf, xScale } from '../../../src/panel/compare/xAxis.ts';
import { DEFAULT_SETTINGS } from '../../../src/protocol/settings.ts';
import { comparedRun } from './compareFixtures.ts';

const small = comparedRun({ settings: { ...DEFAULT_SETTINGS, sequenceLength: 10, batchSize: 2 } });

test('an iteration stands for T·B characters', () => {
  assert.deepEqual(positions(small, 'characters', [0, 1, 50]), [0, 20, 1000]);
});

test('times between two readings of the clock are interpolated, from the start to the end of the run', () => {
  const run = comparedRun({ iterations: 40, elapsedMs: 300, clock: Float64Array.of(10, 100, 20, 120) });
  assert.deepEqual(positions(run, 'time', [0, 5, 10, 15, 20, 30, 40]), [0, 50, 100, 110, 120, 210, 300]);
  assert.deepEqual(positions(run, 'time', [40, 5]), [300, 50]);
});

test('a run without a clock has no place on the axis of time', () => {
  const run = comparedRun({ elapsedMs: 0, clock: new Float64Array(0), iterations: 0 });
  assert.deepEqual(positions(run, 'time', [3]), [NaN]);
});

for (const logarithmic of [false, true]) {
  for (const kind of ['iteration', 'characters', 'time'] as const) {
    test(`a ${logarithmic ? 'logarithmic' : 'linear'} axis of ${kind} leads from places to shares and back`, () => {
      const scale = xScale(kind, [small, comparedRun({ elapsedMs: 90_000, iterations: 4321 })], logarithmic, 800);
      for (const place of [0, 1000, scale.to]) {
        const share = shareOf(scale, place);
        assert.ok(share >= -1e-9 && (place > scale.to || share <= 1 + 1e-9), `${place} lies at ${share}`);
        assert.ok(Math.abs(placeAt(scale, share) - place) < 1e-6 * Math.max(1, place));
      }
      assert.ok(scale.axis.ticks.length >= 2);
      assert.ok(scale.axis.ticks.every(({ value }) => value >= scale.axis.min && value <= scale.axis.max));
    });
  }
}

test('the axis reaches the end of the longest run, and little further', () => {
  const scale = xScale('iteration', [small, comparedRun({ iterations: 1234 })], false, 800);
  assert.ok(scale.to >= 1234 && scale.to <= 1234 * 1.05, String(scale.to));
});

test('an axis of time has its ticks at whole seconds and minutes', () => {
  const scale = xScale('time', [comparedRun({ iterations: 100, elapsedMs: 400_000 })], false, 800);
  assert.deepEqual(
    scale.axis.ticks.map(({ label }) => label),
    ['0:00', '1:00', '2:00', '3:00', '4:00', '5:00', '6:00'],
  );
});

test('a spike does not stretch the linear axis of losses, and is told', () => {
  const axis = lossAxis([...Array.from({ length: 50 }, (_, i) => 1 + i / 50), 80], false, 200);
  assert.ok(axis.max < 10, String(axis.max));
  assert.equal(axis.cutAbove, 80);
});

test('a logarithmic axis has ticks within a part of a decade', () => {
  const axis = lossAxis([1.1, 1.9, 2.4], true, 200);
  assert.ok(axis.ticks.length >= 3);
  assert.ok(axis.min < 1.1 && axis.max > 2.4);
});

test('ticks over many decades are whole powers of ten', () => {
  assert.deepEqual(fineTicks({ min: 1e-4, max: 1 }, 6), [1e-4, 1e-3, 1e-2, 0.1, 1]);
  assert.deepEqual(fineTicks({ min: 1e-4, max: 1 }, 3), [1e-4, 0.01, 1]);
});

test('norms that are 0 or not finite do not move their axis', () => {
  const axis = normAxis([[0, 1e-3, NaN, Infinity, 2]], 200);
  assert.ok(axis.min > 9e-4 && axis.max < 3);
});
