import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decadesOf, extremesOf, FollowedScale, type Extremes } from '../../../src/panel/charts/followedScale.ts';

fc.configureGlobal({ seed: 4174 });

const column = (smallest: number, largest = smallest): Extremes => ({ smallest, largest });
const columns = (count: number, of: (i: number) => Extremes): Extremes[] =>
  Array.from({ length: count }, (_, i) => of(i));

describe('the decades of what is on the screen', () => {
  it('end around all columns that are alike', () => {
    assert.deepEqual(decadesOf(columns(50, (i) => column(0.003, 0.2 + i / 100))), { low: -3, high: 0 });
  });

  it('leave out an explosion at the start, so that what came later can be told apart', () => {
    const exploded = columns(100, (i) => (i < 8 ? column(1e6, 1e14) : column(2e-3, 0.4)));
    assert.deepEqual(decadesOf(exploded), { low: -3, high: 0 });
  });

  it('take in an explosion that goes on', () => {
    const exploding = columns(100, (i) => (i < 96 ? column(2e-3, 0.4) : column(1, 2e4)));
    assert.equal(decadesOf(exploding)?.high, 5);
  });

  it('are not moved by a moment, even if it is the newest', () => {
    const spiked = columns(100, (i) => (i < 99 ? column(2e-3, 0.4) : column(1, 2e4)));
    assert.deepEqual(decadesOf(spiked), { low: -3, high: 0 });
  });

  it('are at most eight, counted from the top', () => {
    assert.deepEqual(decadesOf(columns(20, () => column(1e-14, 0.5))), { low: -8, high: 0 });
  });

  it('of numbers without a logarithm there are none', () => {
    assert.equal(extremesOf([0, NaN, Infinity, -1]), undefined);
    assert.deepEqual(extremesOf([0, NaN, 3, 0.5]), column(0.5, 3));
    assert.equal(decadesOf([]), undefined);
  });

  it('are whole, in order, and hold the middle of all columns', () => {
    const positive = fc.double({ min: 1e-30, max: 1e30, noNaN: true });
    const some = fc.tuple(positive, positive).map(([one, other]) => column(Math.min(one, other), Math.max(one, other)));
    fc.assert(
      fc.property(fc.array(some, { minLength: 1, maxLength: 60 }), (shown) => {
        const { low, high } = decadesOf(shown) ?? assert.fail();
        assert.ok(Number.isInteger(low) && Number.isInteger(high) && low < high && high - low <= 8);
        const tops = shown.map(({ largest }) => largest).toSorted((one, other) => one - other);
        assert.ok(tops[tops.length >> 1] <= 10 ** high * (1 + 1e-9));
      }),
    );
  });
});

describe('the scale that follows', () => {
  it('says where it was before it moved, and of what is cut off', () => {
    const scale = new FollowedScale();
    scale.show(columns(10, () => column(1e6, 9e13)));
    assert.deepEqual([scale.ends, scale.before], [{ low: 6, high: 14 }, undefined]);
    scale.show(columns(100, (i) => (i < 10 ? column(1e6, 9e13) : column(0.02, 0.4))));
    assert.deepEqual(
      [scale.ends, scale.before],
      [
        { low: -2, high: 0 },
        { low: 6, high: 14 },
      ],
    );
    assert.ok(scale.isCutAbove && !scale.isCutBelow);
    assert.equal(scale.position(1e10), 1);
    assert.ok(Math.abs(scale.position(0.1) - 0.5) < 1e-12);
    scale.settle();
    assert.equal(scale.before, undefined);
  });

  it('stands still while values move about the end of a decade', () => {
    const scale = new FollowedScale();
    for (const largest of [0.9, 1.1, 0.9, 1.1, 0.9]) scale.show(columns(10, () => column(0.02, largest)));
    assert.deepEqual(
      [scale.ends, scale.before],
      [
        { low: -2, high: 1 },
        { low: -2, high: 0 },
      ],
    );
  });

  it('shrinks once more than a decade at an end is not used', () => {
    const scale = new FollowedScale();
    scale.show(columns(10, () => column(0.02, 50)));
    scale.show(columns(10, () => column(0.02, 5)));
    assert.deepEqual(scale.ends, { low: -2, high: 2 });
    scale.show(columns(10, () => column(0.02, 0.5)));
    assert.deepEqual(scale.ends, { low: -2, high: 0 });
  });

  it('stays where it is held, says what is beyond, and follows again', () => {
    const scale = new FollowedScale();
    const shown = columns(10, () => column(0.02, 50));
    scale.show(shown, { low: -1, high: 1 });
    assert.deepEqual([scale.ends, scale.before], [{ low: -1, high: 1 }, undefined]);
    assert.ok(scale.isCutAbove && scale.isCutBelow);
    scale.show(shown);
    assert.deepEqual(scale.ends, { low: -2, high: 2 });
    assert.ok(!scale.isCutAbove && !scale.isCutBelow);
  });

  it('has a place for every number before it has seen one', () => {
    const scale = new FollowedScale();
    scale.show([]);
    assert.deepEqual(scale.ends, { low: -1, high: 0 });
    assert.equal(scale.position(0), 0);
    assert.ok(Number.isNaN(scale.position(NaN)));
  });
});
