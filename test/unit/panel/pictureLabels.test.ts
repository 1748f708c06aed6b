import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { labelPlaces } from '../../../src/common/labelPlaces.ts';

describe('labels beside lines', () => {
  it('stand at their lines where they have room', () => {
    assert.deepEqual(labelPlaces([20, 60, 61 + 39], 10, 0, 200), [20, 60, 100]);
  });

  it('share the distance to their lines where these are close together', () => {
    // Three lines at the same height: one label there, one a height above and one below.
    assert.deepEqual(labelPlaces([50, 50, 50], 10, 0, 200), [40, 50, 60]);
    // 50 and 54 are 6 too close: each gives way by 3.
    assert.deepEqual(labelPlaces([50, 54], 10, 0, 200), [47, 57]);
  });

  it('stay inside, the lowest above the end', () => {
    assert.deepEqual(labelPlaces([198, 199], 10, 0, 200), [185, 195]);
    assert.deepEqual(labelPlaces([1], 10, 0, 200), [5]);
  });

  it('are evenly spaced where there is no room for all', () => {
    assert.deepEqual(labelPlaces([1, 2, 3], 10, 0, 24), [5, 12, 19]);
  });

  it('never cover one another and never leave the chart, wherever the lines are', () => {
    const lines = fc.array(fc.double({ min: 0, max: 300, noNaN: true }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(lines, (unsorted) => {
        const wanted = unsorted.sort((a, b) => a - b);
        const places = labelPlaces(wanted, 14, 0, 300);
        places.forEach((place, index) => {
          assert.ok(place >= 7 - 1e-9 && place <= 293 + 1e-9, `${place} is outside`);
          if (index > 0) assert.ok(place - places[index - 1] >= 14 - 1e-9, `${places.join()} are too close`);
        });
      }),
      { seed: 1 },
    );
  });

  it('move no further than they must: no shift of one label alone comes nearer to its line', () => {
    const wanted = [10, 12, 13, 80, 81, 200];
    const places = labelPlaces(wanted, 14, 0, 300);
    const distance = (at: readonly number[]): number =>
      at.reduce((sum, place, index) => sum + (place - wanted[index]) ** 2, 0);
    for (let index = 0; index < places.length; index++) {
      for (const shift of [-0.5, 0.5]) {
        const moved = places.with(index, places[index] + shift);
        const isAllowed = moved.every((place, i) => place >= 7 && (i === 0 || place - moved[i - 1] >= 14 - 1e-9));
        if (isAllowed) assert.ok(distance(moved) > distance(places), `label ${index} could move by ${shift}`);
      }
    }
  });
});
