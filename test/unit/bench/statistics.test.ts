import assert from 'node:assert/strict';
import { test } from 'node:test';
import { median, percentile, ratioOfPairs, spread } from '../../bench/statistics.ts';

test('the median is the value in the middle, whatever the order', () => {
  assert.equal(median([100, 1, 3]), 3);
  assert.equal(median([10, 9, 1, 2]), 5.5);
  assert.equal(median([7]), 7);
});

test('the median sorts by size, not by spelling, and leaves its argument as it is', () => {
  const values = [9, 100, 20];
  assert.equal(median(values), 20);
  assert.deepEqual(values, [9, 100, 20]);
});

test('a spread holds the median between the least and the greatest', () => {
  assert.deepEqual(spread([4, 1, 2]), { median: 2, least: 1, greatest: 4, count: 3 });
});

test('nothing has no median, and what is not a number is refused instead of sorted somewhere', () => {
  assert.throws(() => median([]), RangeError);
  assert.throws(() => spread([1, NaN, 2]), /NaN was measured/);
  assert.throws(() => spread([1, Infinity]), /Infinity was measured/);
});

test('a percentile has its share of the values below it, and is never beyond the greatest', () => {
  // 100 down to 1, so that sorting shows, by size and not by spelling.
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  assert.equal(percentile(values, 0.95), 96);
  assert.equal(percentile(values, 0.5), 51);
  assert.equal(percentile(values, 1), 100);
  assert.equal(percentile([7], 0.99), 7);
  assert.throws(() => percentile([], 0.5), RangeError);
});

test('the ratio is the median over pairs, so that a slow spell that meets both of a pair changes nothing', () => {
  // In the last two of five rounds the machine is ten times as slow; the ratio of each pair stays 2.
  const ours = [200, 220, 180, 20, 22];
  const peer = [100, 110, 90, 10, 11];
  assert.deepEqual(ratioOfPairs(ours, peer), { median: 2, least: 2, greatest: 2, count: 5 });
  assert.equal(ratioOfPairs([10, 30, 80], [10, 10, 10]).median, 3);
});

test('measurements without a partner are refused', () => {
  assert.throws(() => ratioOfPairs([1, 2], [1]), /2 values have 1 partners/);
  assert.throws(() => ratioOfPairs([1], [0]), RangeError);
});
