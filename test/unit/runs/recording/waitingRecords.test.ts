import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WaitingRecords } from '../../../../src/runs/recording/waitingRecords.ts';

const frame = (name: number): Uint8Array => new Uint8Array(10).fill(name);
const namesOf = (waiting: WaitingRecords): number[] => waiting.take().map((item) => item.frame[0]);

test('where memory runs short the oldest measurements go first, rows last, and the rest stays in order', () => {
  const waiting = new WaitingRecords(40);
  assert.equal(waiting.add(frame(1), 'row'), 0);
  assert.equal(waiting.add(frame(2), 'measurement'), 0);
  assert.equal(waiting.add(frame(3), 'row'), 0);
  assert.equal(waiting.add(frame(4), 'measurement'), 0);
  assert.equal(waiting.add(frame(5), 'row'), 1);
  assert.equal(waiting.add(frame(6), 'row'), 1);
  assert.equal(waiting.add(frame(7), 'row'), 1);
  assert.deepEqual(namesOf(waiting), [3, 5, 6, 7]);
});

test('what could not be written comes back before what came since, within the same memory', () => {
  const waiting = new WaitingRecords(40);
  for (const name of [1, 2, 3]) waiting.add(frame(name), 'row');
  const taken = waiting.take();
  assert.equal(waiting.add(frame(4), 'measurement'), 0);
  assert.equal(waiting.add(frame(5), 'row'), 1);
  assert.equal(waiting.putBack(taken), 0);
  assert.deepEqual(namesOf(waiting), [1, 2, 3, 5]);
  waiting.done();
  assert.equal(waiting.add(frame(6), 'row'), 0);
  assert.deepEqual(namesOf(waiting), [6]);
});
