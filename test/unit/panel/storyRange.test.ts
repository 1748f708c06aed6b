import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { storyRange } from '../../../src/panel/charts/storyRange.ts';

fc.configureGlobal({ seed: 4174 });

const range = (count: number, value: (i: number) => number): number[] =>
  Array.from({ length: count }, (_, i) => value(i));
/** A training loss that falls from 3.9 to 0.3 within some iterations. */
const training = range(600, (i) => 0.3 + 3.6 * Math.exp(-i / 30));
const of = (
  told: readonly (readonly number[])[],
  references: readonly number[] = [],
): ReturnType<typeof storyRange> => {
  const all = [...training, ...told.flat()];
  return storyRange(all, all, [training, ...told], references);
};

describe('the range of the loss chart', () => {
  it('holds a validation loss that rises all the way, however few its points are', () => {
    const validation = range(20, (i) => (i < 3 ? 2 - i / 2 : 1 + (i - 3) / 4));
    const { min, max, cutAbove } = of([validation]);
    assert.ok(max >= 5 && max < 6, `max ${max}`);
    assert.ok(min <= 0.3);
    assert.equal(cutAbove, undefined);
  });

  it('holds one that rose and came back a little', () => {
    const validation = range(20, (i) => 1 + (i < 15 ? i / 3 : 5 - (i - 15) / 2));
    assert.ok(of([validation]).max >= 17 / 3);
  });

  it('is not stretched by a spike at the start of it, and names the spike', () => {
    const validation = range(20, (i) => (i === 0 ? 1e6 : 0.4));
    const { max, cutAbove } = of([validation], [3.9]);
    assert.ok(max < 6, `max ${max}`);
    assert.equal(cutAbove, training.length);
  });

  it('is not stretched by a start that lasts for some points', () => {
    const smoothed = training.map((loss, i) => loss + 1e5 * Math.exp(-i / 4));
    const { max, cutAbove } = storyRange(smoothed, smoothed, [smoothed], [3.9]);
    assert.ok(max < 8, `max ${max}`);
    assert.equal(cutAbove, 0);
  });

  it('is not stretched by a moment that passed', () => {
    const validation = range(20, (i) => (i === 10 ? 1e4 : 0.4));
    assert.ok(of([validation], [3.9]).max < 6);
  });

  it('holds a loss that diverges in its last iterations', () => {
    const smoothed = training.map((loss, i) => (i < 580 ? loss : loss + 2 * (i - 579)));
    const { max, cutAbove } = storyRange(smoothed, smoothed, [smoothed], [3.9]);
    assert.ok(max >= 40, `max ${max}`);
    assert.equal(cutAbove, undefined);
  });

  it('of a loss that is no number any more holds what was before it went away', () => {
    const gone = training.map((loss, i) => (i < 590 ? loss : i < 597 ? 10 ** (i - 588) : NaN));
    const { max, cutAbove } = storyRange(gone, gone, [gone], [3.9]);
    assert.ok(max < 40, `max ${max}`);
    assert.equal(cutAbove, 596);
  });

  it('is a range where there is nothing, or nothing that is finite', () => {
    assert.deepEqual(storyRange([], [], [[], []], []), { min: 0, max: 1, cutAbove: undefined });
    const { min, max } = storyRange([NaN], [NaN], [[NaN, Infinity]], [4]);
    assert.ok(min <= 4 && max >= 4 && max > min && Number.isFinite(max));
  });

  it('holds the newest of every line and the references, whatever came before', () => {
    const loss = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
    const line = fc.array(fc.oneof(loss, fc.constantFrom(NaN, Infinity)), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(line, line, loss, (one, other, reference) => {
        const all = [...one, ...other];
        const { min, max } = storyRange(all, all, [one, other], [reference]);
        assert.ok(max > min);
        for (const value of [one.at(-1) ?? NaN, other.at(-1) ?? NaN, reference].filter(Number.isFinite)) {
          assert.ok(min <= value && value <= max, `${value} is not within ${min} and ${max}`);
        }
      }),
    );
  });
});
