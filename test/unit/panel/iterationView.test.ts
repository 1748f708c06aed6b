import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  followedEdge,
  iterationAt,
  panned,
  shareAt,
  shownRange,
  stretched,
  WHOLE_RUN,
  zoomed,
  type IterationView,
} from '../../../src/panel/state/iterationView.ts';

fc.configureGlobal({ seed: 4174 });

const iterations = fc.integer({ min: 0, max: 10_000_000 });
const share = fc.double({ min: 0, max: 1, noNaN: true });

/** A view as a person could have made it: zoomed twice into a run. */
const views = fc
  .tuple(iterations, share, share, share, share, fc.boolean())
  .map(([n, a, b, c, d, logarithmic]): { n: number; view: IterationView; logarithmic: boolean } => ({
    n,
    logarithmic,
    view: stretched(stretched(WHOLE_RUN, n, a, b, logarithmic), n, c, d, logarithmic),
  }));

describe('the window of iterations', () => {
  it('shows the newest iteration with at most 5 % of room behind it', () => {
    fc.assert(
      fc.property(iterations, (n) => {
        const edge = followedEdge(n);
        assert.ok(edge >= n - 1);
        assert.ok(edge <= Math.max(10, n * 1.05 + 1));
      }),
    );
  });

  it('has the validation after the last iteration in sight', () => {
    fc.assert(fc.property(iterations, (n) => assert.ok(followedEdge(n) >= n)));
    assert.equal(followedEdge(20), 20);
    assert.equal(shownRange({ mode: 'follow', last: 100 }, 300).to, 300);
  });

  it('follows the last so many iterations when asked to', () => {
    const range = shownRange({ mode: 'follow', last: 1000 }, 20_000);
    assert.deepEqual(range, { from: 19_000, to: 20_000 });
    assert.equal(shownRange({ mode: 'follow', last: 1000 }, 300).from, 0);
  });

  it('is filled by the last so many iterations however long the run is', () => {
    fc.assert(
      fc.property(iterations, fc.integer({ min: 100, max: 10_000 }), (n, last) => {
        const { from, to } = shownRange({ mode: 'follow', last }, n);
        assert.ok(to >= n - 1);
        assert.ok(n - 1 - from >= Math.min(n - 1, 0.94 * last), `${from} to ${to} of ${n}`);
      }),
    );
  });

  it('stays inside the run and wide enough, whatever is zoomed and moved', () => {
    fc.assert(
      fc.property(
        views,
        share,
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        fc.double({ min: -3, max: 3, noNaN: true }),
        ({ n, view, logarithmic }, at, factor, shift) => {
          for (const next of [view, zoomed(view, n, at, factor, logarithmic), panned(view, n, shift, logarithmic)]) {
            const { from, to } = shownRange(next, n);
            assert.ok(from >= 0, `from ${from}`);
            assert.ok(to <= followedEdge(n) + 1e-6, `to ${to} of ${n}`);
            assert.ok(to - from >= 10 - 1e-6, `${from} to ${to}`);
          }
        },
      ),
    );
  });

  it('keeps the iteration under the pointer in place while zooming', () => {
    const view: IterationView = { mode: 'range', from: 2000, to: 6000 };
    for (const logarithmic of [false, true]) {
      const before = iterationAt(shownRange(view, 10_000), 0.25, logarithmic);
      const after = iterationAt(shownRange(zoomed(view, 10_000, 0.25, 0.5, logarithmic), 10_000), 0.25, logarithmic);
      assert.ok(Math.abs(before - after) < 1e-6);
    }
  });

  it('keeps its width while it is moved', () => {
    const moved = shownRange(panned({ mode: 'range', from: 100, to: 300 }, 1000, 0.5, false), 1000);
    assert.deepEqual([moved.from, moved.to], [200, 400]);
  });

  it('returns to the whole run when zoomed out as far as it goes', () => {
    assert.deepEqual(zoomed({ mode: 'range', from: 100, to: 900 }, 1000, 0.5, 10, false), WHOLE_RUN);
  });

  it('finds the place of an iteration and the iteration at a place', () => {
    fc.assert(
      fc.property(views, share, ({ n, view, logarithmic }, at) => {
        const range = shownRange(view, n);
        const found = shareAt(range, iterationAt(range, at, logarithmic), logarithmic);
        assert.ok(Math.abs(found - at) < 1e-6, `${found} for ${at}`);
      }),
    );
  });
});
