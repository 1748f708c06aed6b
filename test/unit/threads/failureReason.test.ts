import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { failureReason } from '../../../src/threads/failureReason.ts';

suite('the reason of a failure', () => {
  test('is the first line of what was thrown', () => {
    assert.equal(failureReason('Training', new Error('no\n    at somewhere')), 'Training failed: no');
    assert.equal(failureReason('Training', 'a string'), 'Training failed: a string');
    assert.equal(failureReason('Training', new Error('')), 'Training failed: an error without a message');
  });

  test('says when memory ran out: of the heap, and of typed arrays', () => {
    const heap = Object.assign(new Error('Worker terminated due to reaching memory limit: JS heap out of memory'), {
      code: 'ERR_WORKER_OUT_OF_MEMORY',
    });
    assert.match(failureReason('Training', heap), /^Training ran out of memory .*JS heap.* Lower hiddenSize/);
    assert.match(failureReason('Training', new RangeError('Array buffer allocation failed')), /ran out of memory/);
    assert.match(failureReason('Training', new RangeError('Invalid typed array length: 99')), /ran out of memory/);
  });
});
