import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newestWithin } from '../../../src/common/newest.ts';

const within = (items: number[], most: number, mostBytes: number): number[] =>
  newestWithin(items, (bytes) => bytes, { most, mostBytes });

test('the newest are kept: by number, by bytes, and the last one whatever its size', () => {
  assert.deepEqual(within([1, 2, 3, 4], 3, 100), [2, 3, 4]);
  assert.deepEqual(within([1, 2, 3, 4], 9, 7), [3, 4]);
  assert.deepEqual(within([1, 2, 3, 4], 9, 8), [3, 4]);
  assert.deepEqual(within([1, 2, 3, 4], 9, 9), [2, 3, 4]);
  assert.deepEqual(within([1, 200], 9, 7), [200]);
  assert.deepEqual(within([200, 1], 9, 7), [1]);
  assert.deepEqual(within([], 3, 7), []);
});
