import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  allowedCell,
  furthestScroll,
  leftOf,
  numberEvery,
  READABLE_CELL,
  scrollToReveal,
  startingCell,
  stepAt,
  stepsHidden,
  stepsInSight,
  zoomedTape,
  type TapeSpan,
} from '../../../src/panel/charts/tapeLayout.ts';

fc.configureGlobal({ seed: 4174 });

const spans = fc
  .record({
    T: fc.integer({ min: 1, max: 512 }),
    width: fc.integer({ min: 60, max: 2000 }),
    zoom: fc.double({ min: 0.2, max: 8, noNaN: true }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ T, width, zoom, share }): TapeSpan => {
    const cell = allowedCell(startingCell(T, width) * zoom, T, width);
    return { T, width, cell, scroll: share * furthestScroll({ T, width, cell }) };
  });

describe('the cells of the tape', () => {
  it('start wide enough to be read, and fill the width where all of them can', () => {
    assert.equal(startingCell(512, 1000), READABLE_CELL);
    assert.equal(startingCell(30, 1000), 1000 / 30);
    assert.equal(startingCell(50, 1000), 20);
  });

  it('are found under a pointer where they are drawn', () => {
    fc.assert(
      fc.property(spans, fc.nat(), (span, seed) => {
        const { from, to } = stepsInSight(span);
        const t = from + (seed % (to - from));
        const middle = leftOf(t, span) + span.cell / 2;
        if (middle >= 0 && middle < span.width) assert.equal(stepAt(middle, span), t);
      }),
    );
    assert.equal(stepAt(-1, { cell: 10, scroll: 5, width: 100, T: 50 }), undefined);
    assert.equal(stepAt(99, { cell: 10, scroll: 0, width: 100, T: 5 }), undefined);
  });

  it('are drawn only in sight, and all of those', () => {
    assert.deepEqual(stepsInSight({ cell: 10, scroll: 25, width: 50, T: 512 }), { from: 2, to: 8 });
    assert.deepEqual(stepsInSight({ cell: 10, scroll: 0, width: 500, T: 3 }), { from: 0, to: 3 });
  });

  it('come wholly into sight when they are chosen, wherever the tape was', () => {
    fc.assert(
      fc.property(spans, fc.nat(), (span, seed) => {
        const t = seed % span.T;
        const scroll = scrollToReveal(t, span);
        const left = leftOf(t, { ...span, scroll });
        assert.ok(scroll >= 0 && scroll <= furthestScroll(span) + 1e-9);
        if (span.cell <= span.width) assert.ok(left >= -1e-6 && left + span.cell <= span.width + 1e-6, `${left}`);
      }),
    );
  });

  it('do not move when the chosen one is in sight with its neighbours', () => {
    const span = { cell: 10, scroll: 100, width: 300, T: 100 };
    assert.equal(scrollToReveal(20, span), 100);
    assert.equal(scrollToReveal(38, span), 110);
  });

  it('are counted where they are out of sight, at each end', () => {
    const span = { cell: 20, width: 200, T: 50 };
    assert.deepEqual(stepsHidden({ ...span, scroll: 600 }), { earlier: 30, later: 10 });
    assert.deepEqual(stepsHidden({ ...span, scroll: 0 }), { earlier: 0, later: 40 });
    assert.deepEqual(stepsHidden({ ...span, scroll: 800 }), { earlier: 40, later: 0 });
    assert.deepEqual(stepsHidden({ ...span, T: 8, scroll: 0 }), { earlier: 0, later: 0 });
  });

  it('stay under the pointer while the tape is zoomed', () => {
    const span = { cell: 20, scroll: 1000, width: 500, T: 512 };
    const zoomed = zoomedTape(span, 1.5, 250);
    assert.equal(zoomed.cell, 30);
    assert.equal((zoomed.scroll + 250) / zoomed.cell, (span.scroll + 250) / span.cell);
  });

  it('become no narrower than the whole tape in sight', () => {
    const zoomed = zoomedTape({ cell: 20, scroll: 1000, width: 512, T: 512 }, 0.001, 0);
    assert.equal(zoomed.cell, 1);
    assert.equal(zoomed.scroll, 0);
  });

  it('carry as many numbers as fit', () => {
    assert.equal(numberEvery(40, 34), 1);
    assert.equal(numberEvery(26, 34), 2);
    assert.equal(numberEvery(1, 34), 50);
  });
});
