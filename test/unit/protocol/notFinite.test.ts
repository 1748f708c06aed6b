import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { MAX_COLUMN_NAME } from '../../../src/common/limits.ts';
import { networkOf } from '../../../src/network/network.ts';
import { NotFinite } from '../../../src/protocol/run.ts';

const found = (quantity: unknown): boolean =>
  v.safeParse(NotFinite, { iteration: 1, quantity, timeStep: null, message: 'It overflows.' }).success;

test('what is not finite may be any quantity of any network, by a name of no more than its length', () => {
  for (const quantity of ['loss', 'W_xh', 'dh', ...networkOf({ cell: 'lstm', layers: 2 }).stepQuantities]) {
    assert.equal(found(quantity), true, quantity);
  }
  assert.equal(found('x'.repeat(MAX_COLUMN_NAME)), true);
  for (const wrong of ['x'.repeat(MAX_COLUMN_NAME + 1), 7, null]) assert.equal(found(wrong), false, String(wrong));
});
