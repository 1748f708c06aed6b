import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onInterruption } from '../../../src/cli/interruption.ts';

test('the first Ctrl-C interrupts, the same one passed on by npm does nothing, a second one exits', () => {
  let nowMs = 1000;
  const calls: string[] = [];
  const before = process.listenerCount('SIGINT');
  const release = onInterruption(
    () => calls.push('interrupt'),
    () => calls.push('exit'),
    () => nowMs,
  );
  process.emit('SIGINT');
  nowMs += 20;
  process.emit('SIGINT');
  assert.deepEqual(calls, ['interrupt']);
  nowMs += 2000;
  process.emit('SIGTERM');
  assert.deepEqual(calls, ['interrupt', 'exit']);
  release();
  assert.equal(process.listenerCount('SIGINT'), before);
});
