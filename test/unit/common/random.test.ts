import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RandomStream } from '../../../src/common/random.ts';

function draws(stream: RandomStream, count: number): number[] {
  return Array.from({ length: count }, () => stream.uniform());
}

test('a seed and a purpose fix the stream, and both make a difference', () => {
  const same = draws(RandomStream.seeded(7, 'sampling'), 5);
  assert.deepEqual(draws(RandomStream.seeded(7, 'sampling'), 5), same);
  assert.notDeepEqual(draws(RandomStream.seeded(8, 'sampling'), 5), same);
  assert.notDeepEqual(draws(RandomStream.seeded(7, 'initialization'), 5), same);
});

test('a stored state continues the stream', () => {
  const stream = RandomStream.seeded(3, 'text');
  draws(stream, 10);
  const continued = RandomStream.fromState(stream.state());
  assert.deepEqual(draws(continued, 10), draws(stream, 10));
});

test('normal numbers have mean 0, variance 1 and kurtosis 3 within four standard errors', () => {
  const stream = RandomStream.seeded(5, 'initialization');
  const count = 40_000;
  const moments = [0, 0, 0, 0];
  for (let index = 0; index < count; index++) {
    const value = stream.normal();
    for (let power = 0; power < 4; power++) moments[power] += value ** (power + 1) / count;
  }
  assert.ok(Math.abs(moments[0]) < 4 / Math.sqrt(count));
  assert.ok(Math.abs(moments[1] - 1) < 4 * Math.sqrt(2 / count));
  assert.ok(Math.abs(moments[3] - 3) < 4 * Math.sqrt(96 / count));
});
