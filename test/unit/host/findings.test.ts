import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { SessionChange } from '../../../src/host/session/session.ts';
import { findingIn, lateRecordIn } from '../../../src/host/run/findings.ts';
import type { RunEvent } from '../../../src/protocol/events.ts';
import type { Baselines } from '../../../src/protocol/study.ts';

const eventOf = (type: RunEvent['type']): Extract<SessionChange, { type: 'event' }> => ({
  type: 'event',
  event: { type, value: { iteration: 7 } } as unknown as RunEvent,
});

function baselinesOf(fitted: number): SessionChange {
  const baselines = { orders: 3, ngramNats: new Float64Array(fitted) } as unknown as Baselines;
  return { type: 'study', change: { baselines } };
}

suite('what of a change of a session belongs into the folder of its run', () => {
  test('while its training thread writes what it measures, is what the study found', () => {
    const point = eventOf('memoryPoint');
    assert.equal(findingIn(point), point.event);
    for (const type of ['inspection', 'validation', 'vitals', 'sample'] as const) {
      assert.equal(findingIn(eventOf(type)), undefined, type);
    }
  });

  test('after its end, is text that a person had written besides, and nothing that training measures', () => {
    for (const type of ['memoryPoint', 'sample'] as const) {
      const change = eventOf(type);
      assert.equal(lateRecordIn(change), change.event, type);
    }
    for (const type of ['inspection', 'validation', 'vitals'] as const) {
      assert.equal(lateRecordIn(eventOf(type)), undefined, type);
    }
  });

  test('are the baselines once they are whole', () => {
    for (const recordIn of [findingIn, lateRecordIn]) {
      assert.equal(recordIn(baselinesOf(2)), undefined);
      assert.equal(recordIn(baselinesOf(3))?.type, 'baselines');
    }
  });
});
