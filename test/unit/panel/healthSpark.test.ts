import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sparkPath, sparkRange, sparkY } from '../../../src/panel/views/health/spark.ts';

function series(values: readonly number[]) {
  return { series: { iterations: values.map((_, i) => 10 * i), values }, logarithmic: false, usual: undefined };
}

describe('a sparkline', () => {
  it('is scaled to the newer half of the run, so that an early spike does not hide it', () => {
    const range = sparkRange(series([1000, 900, 5, 3, 2, 1]));
    assert.ok(range.low < 1 && range.low > 0.5, `from ${range.low}`);
    assert.ok(range.high > 3 && range.high < 4, `to ${range.high}`);
    assert.equal(sparkY(1000, range, false, 20), 0);
  });

  it('takes in what is usual where it lies near, and leaves it out where it would flatten the curve', () => {
    const near = sparkRange({ ...series([1, 1, 1, 2]), usual: { from: 2.5, to: 2.5 } });
    assert.ok(near.high >= 2.5);
    const far = sparkRange({ ...series([1, 1, 1, 2]), usual: { from: 100, to: 100 } });
    assert.ok(far.high < 3);
    const decade = sparkRange({
      ...series([1e-2, 1e-2, 3e-3, 2e-3]),
      logarithmic: true,
      usual: { from: 1e-3, to: 1e-3 },
    });
    assert.ok(decade.low < Math.log10(2e-3) && decade.high < -2);
  });

  it('gives a level run a level line in the middle', () => {
    const flat = series([7, 7, 7, 7]);
    const range = sparkRange(flat);
    assert.ok(range.low < 7 && range.high > 7);
    assert.equal(sparkPath(flat, range, 30, 20), 'M0.0 10.0L10.0 10.0L20.0 10.0L30.0 10.0');
  });

  it('places points by their iteration and leaves a gap where a value is not finite', () => {
    const { low, high } = { low: 0, high: 10 };
    const sign = { series: { iterations: [0, 10, 20, 40], values: [0, 10, NaN, 5] }, logarithmic: false };
    assert.equal(sparkPath(sign, { low, high }, 40, 20), 'M0.0 20.0L10.0 0.0M40.0 10.0');
  });

  it('is empty without values', () => {
    assert.equal(sparkPath(series([]), sparkRange(series([])), 40, 20), '');
    assert.deepEqual(sparkRange(series([NaN, NaN])), { low: 0, high: 1 });
  });
});
