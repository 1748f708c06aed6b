import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { threadsFor } from '../../../src/training/machine.ts';
import { MACHINE } from './helpers.ts';

suite('the threads of the kernels', () => {
  const large = { V: 65, H: 512, T: 128, B: 64 };
  const eight = { ...MACHINE, cores: 8 };

  test('are one less than the cores, at least one', () => {
    assert.deepEqual(
      [1, 2, 8].map((cores) => threadsFor(0, large, { ...MACHINE, cores })),
      [1, 1, 7],
    );
  });

  test('are as many as are asked for', () => {
    assert.equal(threadsFor(3, { V: 2, H: 1, T: 1, B: 1 }, MACHINE), 3);
  });

  test('are fewer for a small network, and no more than streams', () => {
    assert.equal(threadsFor(0, { V: 65, H: 100, T: 25, B: 1 }, eight), 1);
    assert.equal(threadsFor(0, { V: 65, H: 128, T: 50, B: 32 }, eight), 2);
    assert.equal(threadsFor(0, { ...large, B: 3 }, eight), 3);
  });
});
