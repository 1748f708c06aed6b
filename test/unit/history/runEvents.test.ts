import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as v from 'valibot';
import { RunEvents } from '../../../src/history/runEvents.ts';
import { isRunEvent, RUN_EVENT_TYPES, type RunEvent } from '../../../src/protocol/events.ts';
import { EventsSnapshot } from '../../../src/protocol/snapshot.ts';
import { recordsOf } from '../runs/format/recordFixtures.ts';

/** One event of every type, at an iteration. */
const eventsOf = (iteration: number): RunEvent[] => recordsOf(iteration).filter(isRunEvent);

function add(events: RunEvents, from: number, to: number): void {
  for (let iteration = from; iteration < to; iteration++) for (const event of eventsOf(iteration)) events.add(event);
}

suite('the events of a run in memory', () => {
  test('stay few of every type, however many come, and the newest is always there, last', () => {
    const events = new RunEvents();
    add(events, 0, 10_000);
    for (const type of RUN_EVENT_TYPES) {
      const iterations = events.of(type).map(({ iteration }) => iteration);
      assert.ok(iterations.length >= 200 && iterations.length <= 4096, `${iterations.length} of ${type}`);
      assert.equal(iterations.at(-1), 9999, type);
      assert.ok(
        iterations.every((iteration, index) => index === 0 || iteration > iterations[index - 1]),
        type,
      );
    }
  });

  test('are none of a type of which none came', () => {
    const events = new RunEvents();
    events.add({ type: 'vitals', value: { iteration: 3, updateToWeight: 1, saturation: 0 } });
    assert.deepEqual(
      RUN_EVENT_TYPES.map((type) => events.of(type).length),
      RUN_EVENT_TYPES.map((type) => (type === 'vitals' ? 1 : 0)),
    );
  });

  test('go on from a snapshot as if they had never been one, whenever it was made', () => {
    // The numbers of events at which one is kept, left out, or half of them go.
    for (const cut of [0, 1, 200, 1024, 1025, 1026, 1027, 2049, 4096, 4097]) {
      const whole = new RunEvents();
      add(whole, 0, cut);
      const again = new RunEvents(v.parse(EventsSnapshot, structuredClone(whole.snapshot())));
      for (const end of [cut, cut + 1, cut + 1100]) {
        for (const events of [whole, again]) add(events, Math.max(cut, end - 1099), end);
        for (const type of RUN_EVENT_TYPES) assert.deepEqual(again.of(type), whole.of(type), `${type} at ${cut}`);
      }
    }
  });
});
