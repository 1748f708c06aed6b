import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { courseText, profileText } from '../../../src/panel/charts/summaries.ts';

const curve = (...values: readonly number[]): { x: number; y: number }[] => values.map((y, x) => ({ x, y }));

describe('a curve in words', () => {
  it('tells its ends, and its lowest point where that is between them', () => {
    assert.equal(courseText('Validation', curve(3, 1, 2)), 'Validation from 3.00, lowest 1.00 to 2.00.');
    assert.equal(courseText('Validation', curve(3, 2, 1)), 'Validation from 3.00 to 1.00.');
  });

  it('leaves out what is no number, and says nothing of a single point', () => {
    assert.equal(courseText('Loss', curve(3, NaN, 2, Infinity)), 'Loss from 3.00 to 2.00.');
    assert.equal(courseText('Loss', curve(3, NaN)), '');
  });
});

describe('norms by time step in words', () => {
  it('tell where they are largest, and both ends once', () => {
    assert.equal(profileText([1, 5, 2]), 'Largest 5.00 at t = 1; 1.00 at t = 0, 2.00 at t = 2.');
    assert.equal(profileText([1, 2, 5]), 'Largest 5.00 at t = 2; 1.00 at t = 0.');
    assert.equal(profileText([7]), 'Largest 7.00 at t = 0.');
    assert.equal(profileText([]), '');
  });
});
