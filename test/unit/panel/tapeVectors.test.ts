import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  divergingColor,
  divergingPixelAt,
  groundOf,
  luminance,
  type Ground,
} from '../../../src/panel/charts/divergingScale.ts';
import {
  cellAt,
  movedMatrix,
  paintMatrix,
  revealedCell,
  wholeMatrix,
  zoomedMatrix,
} from '../../../src/panel/charts/tapeMatrix.ts';
import {
  indexShownAt,
  largestDifference,
  largestMagnitude,
  norm,
  stripColumns,
} from '../../../src/panel/charts/tapeStrip.ts';

fc.configureGlobal({ seed: 4174 });
const GROUNDS: readonly Ground[] = ['light', 'dark'];

describe('the colours of signed values', () => {
  it('become lighter or darker from zero towards both ends, away from the ground', () => {
    for (const ground of GROUNDS) {
      const away = ground === 'dark' ? 1 : -1;
      for (const sign of [-1, 1]) {
        const steps = Array.from({ length: 21 }, (_, i) => luminance(divergingColor((sign * i) / 20, ground)) * away);
        for (let i = 1; i < steps.length; i++) assert.ok(steps[i] > steps[i - 1], `${ground} ${sign * i}`);
      }
    }
  });

  it('are blue below zero and orange above it', () => {
    for (const ground of GROUNDS) {
      for (const position of [0.3, 0.6, 1]) {
        const [red, , blue] = divergingColor(position, ground);
        assert.ok(red > blue + 20);
        const [otherRed, , otherBlue] = divergingColor(-position, ground);
        assert.ok(otherBlue > otherRed + 20);
      }
    }
  });

  it('are the same as pixels, and none for what is no number', () => {
    const [red, green, blue] = divergingColor(-1, 'dark');
    assert.equal(divergingPixelAt(-1, 'dark'), ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0);
    assert.equal(divergingPixelAt(-7, 'dark'), divergingPixelAt(-1, 'dark'));
    assert.equal(divergingPixelAt(NaN, 'dark'), 0);
  });

  it('go with the ground that the theme has', () => {
    assert.equal(groundOf('rgb(31, 31, 31)'), 'dark');
    assert.equal(groundOf('rgb(255, 255, 255)'), 'light');
  });
});

describe('a vector as a strip', () => {
  it('has one value a column where there is room', () => {
    assert.deepEqual([...stripColumns([3, -1, 2], 3)], [3, -1, 2]);
  });

  it('shows the value farthest from zero where several share a column, and hides no number that is not one', () => {
    assert.deepEqual([...stripColumns([1, -5, 2, 0.5], 2)], [-5, 2]);
    assert.equal(indexShownAt([1, NaN, 9], 0, 1), 1);
  });

  it('shows every value in some column, and the largest one always', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 1, max: 300 }),
        (values, columns) => {
          const shown = stripColumns(values, Math.min(columns, values.length));
          assert.equal(largestMagnitude(shown), largestMagnitude(values));
        },
      ),
    );
  });

  it('has a norm that neither overflows nor vanishes', () => {
    assert.equal(norm([3, 4]), 5);
    assert.ok(Math.abs(norm([3e-200, 4e-200]) / 5e-200 - 1) < 1e-15);
    assert.ok(Math.abs(norm([3e200, -4e200]) / 5e200 - 1) < 1e-15);
    assert.equal(norm([]), 0);
    assert.ok(Number.isNaN(norm([NaN])));
  });

  it('says how far it is from another one', () => {
    assert.equal(largestDifference([1, 2, 3], [1, 2.5, 2.75]), 0.5);
    assert.ok(Number.isNaN(largestDifference([1, NaN], [1, 0])));
  });
});

describe('a matrix as a picture', () => {
  const matrix = { rows: 20, columns: 30, values: Float64Array.from({ length: 600 }, (_, i) => Math.sin(i)) };

  it('has a pixel for every cell, in rows from the top', () => {
    const small = { rows: 2, columns: 3, values: [1, -1, 0, 0.5, -0.5, NaN] };
    const pixels = new Uint32Array(6);
    paintMatrix(pixels, 3, 2, small, wholeMatrix(small), 1, 'dark');
    assert.deepEqual(
      [...pixels],
      small.values.map((value) => divergingPixelAt(value, 'dark')),
    );
  });

  it('keeps the value farthest from zero of the cells that share a pixel', () => {
    const wide = { rows: 1, columns: 4, values: [0.1, -0.9, 0.2, 0.3] };
    const pixels = new Uint32Array(2);
    paintMatrix(pixels, 2, 1, wide, wholeMatrix(wide), 1, 'light');
    assert.deepEqual([...pixels], [divergingPixelAt(-0.9, 'light'), divergingPixelAt(0.3, 'light')]);
  });

  it('zooms around a cell and never leaves the matrix', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0.3, max: 3, noNaN: true }), fc.nat(19), fc.nat(29)), { maxLength: 12 }),
        (zooms) => {
          let span = wholeMatrix(matrix);
          for (const [factor, row, column] of zooms) {
            span = zoomedMatrix(revealedCell(span, matrix, row, column), matrix, factor, row, column);
            assert.ok(span.fromRow >= 0 && span.toRow <= 20 && span.fromRow < span.toRow);
            assert.ok(span.fromColumn >= 0 && span.toColumn <= 30 && span.fromColumn < span.toColumn);
            assert.ok(row >= span.fromRow && row < span.toRow && column >= span.fromColumn && column < span.toColumn);
          }
        },
      ),
    );
  });

  it('moves only as far as it reaches', () => {
    const span = { fromRow: 5, toRow: 15, fromColumn: 0, toColumn: 10 };
    assert.deepEqual(movedMatrix(span, matrix, 100, -3), { fromRow: 10, toRow: 20, fromColumn: 0, toColumn: 10 });
  });

  it('tells the cell under a pointer', () => {
    const span = { fromRow: 5, toRow: 15, fromColumn: 10, toColumn: 30 };
    assert.deepEqual(cellAt(span, 0.05, 0.99), { row: 5, column: 29 });
    assert.deepEqual(cellAt(span, 1, 1), { row: 14, column: 29 });
  });
});
