import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkOf, type Network } from '../../../src/network/network.ts';
import { roleNorms } from '../../../src/panel/compare/roleNorms.ts';
import { jointCurve } from '../../../src/panel/compare/series.ts';
import { curveColumnsOf } from '../../../src/protocol/compare.ts';
import { comparedRun } from './compareFixtures.ts';

/** A run of two points: of the parameters that are named, the norms of the last one are given; all other numbers are 0. */
function shownRun(network: Network, last: Readonly<Record<string, number>>) {
  const mean = curveColumnsOf(network).flatMap((column) => [0, last[column.replace('gradNorm_', '')] ?? 0]);
  return {
    run: comparedRun({ curves: { iteration: Float64Array.of(0, 9), mean: Float32Array.from(mean) } }),
    network,
  };
}

test('a role has the root of the sum of the squares over its gates: 1, 2, 4 and 10 are 11 together', () => {
  const lstm = networkOf({ cell: 'lstm', layers: 1 });
  const shown = shownRun(lstm, {
    gradNorm: 12,
    W_xi: 3,
    W_xf: 4,
    W_ai: 1,
    W_af: 2,
    W_ag: 4,
    W_aq: 10,
    b_f: 0.5,
    W_ao: 5,
    b_o: 12,
  });
  assert.deepEqual(roleNorms(shown), [
    { layer: null, all: 12, byRole: { input: 5, recurrent: 11, bias: 0.5, output: 13 } },
  ]);
});

test('several layers have a row each, and together the root of the sum of the squares over them', () => {
  const gru = networkOf({ cell: 'gru', layers: 2 });
  const shown = shownRun(gru, { gradNorm: 9, W_ar: 2, W_an: 3, 'W_az.2': 6, 'W_xr.2': 8, b_o: 1 });
  assert.deepEqual(roleNorms(shown), [
    { layer: null, all: 9, byRole: { input: 8, recurrent: 7, bias: 0, output: 1 } },
    { layer: 1, all: Math.sqrt(13), byRole: { input: 0, recurrent: Math.sqrt(13), bias: 0, output: undefined } },
    { layer: 2, all: 10, byRole: { input: 8, recurrent: 6, bias: 0, output: undefined } },
  ]);
});

test('a network without recurrent weights has none, and one that did nothing yet no numbers', () => {
  const mingru = networkOf({ cell: 'mingru', layers: 1 });
  const [row] = roleNorms(shownRun(mingru, { W_xz: 3, W_xn: 4 }));
  assert.deepEqual([row.byRole.input, row.byRole.recurrent], [5, undefined]);
  const empty = {
    run: comparedRun({ curves: { iteration: new Float64Array(0), mean: new Float32Array(0) } }),
    network: mingru,
  };
  assert.deepEqual(roleNorms(empty)[0].all, undefined);
});

test('a curve of several columns has that root at every point, and is not there where a column is not', () => {
  const lstm = networkOf({ cell: 'lstm', layers: 1 });
  const shown = shownRun(lstm, { W_ai: 3, W_af: 4 });
  assert.deepEqual(jointCurve(shown, ['gradNorm_W_ai', 'gradNorm_W_af']), { x: Float64Array.of(0, 9), y: [0, 5] });
  assert.deepEqual(jointCurve(shown, ['gradNorm_W_ai', 'gradNorm_W_ah']), { x: [], y: [] });
});
