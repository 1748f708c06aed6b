import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { valueAt } from '../../../src/history/metrics.ts';
import { curveOf, mostPointsFor } from '../../../src/panel/charts/curve.ts';
import { historyOf } from './fixtures.ts';

describe('curves over iterations', () => {
  const history = historyOf(200_000, (iteration) => iteration / 1000);

  it('have at most the points asked for, in order of iteration, on either axis', () => {
    for (const logarithmic of [false, true]) {
      for (const most of [300, 2000]) {
        const { iteration } = curveOf(history, 'lossNats', { from: 0, to: 200_000 }, logarithmic, most);
        assert.ok(iteration.length <= most, `${iteration.length} points`);
        assert.ok(iteration.length > most / 8, `${iteration.length} points`);
        for (let i = 1; i < iteration.length; i++) assert.ok(iteration[i] > iteration[i - 1]);
      }
    }
  });

  it('keep their minimum and maximum around the mean', () => {
    const curve = curveOf(history, 'lossNats', { from: 50_000, to: 150_000 }, false, 500);
    assert.ok(curve.isThinned);
    curve.mean.forEach((mean, i) => {
      assert.ok(curve.minimum[i] <= mean && mean <= curve.maximum[i]);
      assert.ok(Math.abs(mean - curve.iteration[i] / 1000) < 1e-3 * (1 + mean));
    });
  });

  it('show early iterations finely on a logarithmic axis', () => {
    const short = historyOf(3000, (iteration) => iteration);
    const { iteration } = curveOf(short, 'lossNats', { from: 0, to: 3000 }, true, 500);
    assert.deepEqual(iteration.slice(0, 10), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const linear = curveOf(short, 'lossNats', { from: 0, to: 3000 }, false, 500);
    assert.ok(linear.iteration[1] > 1);
  });

  it('give the value of the newest iterations exactly', () => {
    assert.equal(valueAt(history, 'lossNats', 199_999), Math.fround(199.999));
    assert.ok(Number.isNaN(valueAt(historyOf(0), 'lossNats', 0)));
  });

  it('never have more than 2,000 points on screen', () => {
    assert.equal(mostPointsFor(10_000), 2000);
    assert.equal(mostPointsFor(700), 700);
  });
});
