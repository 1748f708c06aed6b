import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lossesAt } from '../../../src/host/run/checkpointLosses.ts';
import { historyOf } from '../panel/fixtures.ts';

test('a checkpoint is told with the losses of its network', () => {
  // Smoothed, a loss that has not changed yet is what it is: the network of checkpoint 11 has done iterations 0 to 10.
  const history = historyOf(30, (iteration) => (iteration <= 10 ? 2 : 1));
  assert.equal(lossesAt(history, 0), '');
  assert.equal(lossesAt(historyOf(0), 10), '');
  assert.equal(lossesAt(history, 11), 'training loss 2.000 nats');
  assert.match(lossesAt(history, 12), /^training loss 1\.\d{3} nats$/);
  history.add({ type: 'validation', value: { iteration: 10, lossNats: 1.25, characters: 100 } });
  history.add({ type: 'validation', value: { iteration: 20, lossNats: 1.125, characters: 100 } });
  assert.match(lossesAt(history, 20), /^validation loss 1\.125 nats · training loss/);
  assert.match(lossesAt(history, 15), /^validation loss 1\.250 nats at iteration 10 · training loss/);
});
