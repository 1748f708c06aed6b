import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { curveSpan, updateRows } from '../../../src/panel/views/updatePoints.ts';

const POINTS = [0, 10, 20, 30, 40].map((iteration) => ({ iteration, updateToWeight: 1e-3 * (iteration + 1) }));

describe('the size of updates over a range', () => {
  it('is drawn with one point beyond each end, so that the line reaches the edges', () => {
    const between = (from: number, to: number): number[] =>
      POINTS.slice(...curveSpan(POINTS, { from, to })).map(({ iteration }) => iteration);
    assert.deepEqual(between(0, 50), [0, 10, 20, 30, 40]);
    assert.deepEqual(between(12, 28), [10, 20, 30]);
    assert.deepEqual(between(13, 17), [10, 20]);
    assert.deepEqual(between(41, 60), [40]);
  });

  it('is saved as what lies in the range alone', () => {
    assert.deepEqual(
      updateRows(POINTS, { from: 10, to: 25 }).map(([iteration]) => iteration),
      [10, 20],
    );
  });
});
