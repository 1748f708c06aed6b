import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Coalesced } from '../../../src/host/coalesced.ts';

/** Work that a test ends by hand. */
function scene(): { asked: Coalesced; begun: () => number; end: () => Promise<void> } {
  const waiting: (() => void)[] = [];
  let begun = 0;
  const asked = new Coalesced(() => {
    begun++;
    return new Promise((resolve) => waiting.push(resolve));
  });
  const end = async (): Promise<void> => {
    waiting.shift()?.();
    await new Promise(setImmediate);
  };
  return { asked, begun: () => begun, end };
}

test('work that is asked for while it is under way is done once more, however often it was asked for', async () => {
  const { asked, begun, end } = scene();
  asked.ask();
  asked.ask();
  asked.ask();
  assert.equal(begun(), 1);
  await end();
  assert.equal(begun(), 2);
  await end();
  assert.equal(begun(), 2);
});

test('work that has ended begins anew when it is asked for', async () => {
  const { asked, begun, end } = scene();
  asked.ask();
  await end();
  asked.ask();
  assert.equal(begun(), 2);
});
