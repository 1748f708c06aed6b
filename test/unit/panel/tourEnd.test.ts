import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { resultText } from '../../../src/panel/views/tour/tourEnd.ts';

suite('the end of the tour', () => {
  test('says how many stops were predicted at once, and how many were passed over', () => {
    assert.equal(resultText({ predicted: 3, settled: 21 }, 21), 'The end of the tour: predicted 3 of 21 at once.');
    assert.equal(
      resultText({ predicted: 1, settled: 20 }, 21),
      'The end of the tour: predicted 1 of 20 at once, 1 of 21 stops passed over.',
    );
  });
});
