import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as v from 'valibot';
import { networkOf } from '../../../src/network/network.ts';
import { EventBatch, packEvents, unpackEvents } from '../../../src/protocol/eventBatches.ts';
import { eventLine, isBeyond, isRunEvent, RUN_EVENT_TYPES, type RunEvent } from '../../../src/protocol/events.ts';
import { recordsOf } from '../runs/format/recordFixtures.ts';

/** One event of every type, at an iteration. */
const eventsOf = (iteration: number): RunEvent[] => recordsOf(iteration).filter(isRunEvent);

suite('the list of events', () => {
  test('has an example of every type, by which the tests go', () => {
    assert.deepEqual(new Set(eventsOf(1).map(({ type }) => type)), new Set(RUN_EVENT_TYPES));
  });

  test('packs what travels together by type, in few arrays, and each arrives as it was', () => {
    const sent = [1, 2, 3].flatMap(eventsOf);
    const packed = packEvents(sent);
    assert.equal(packed.length, RUN_EVENT_TYPES.length);
    const received = unpackEvents(v.parse(v.array(EventBatch), structuredClone(packed)));
    for (const type of RUN_EVENT_TYPES) {
      const of = (events: readonly RunEvent[]): RunEvent[] => events.filter((event) => event.type === type);
      assert.deepEqual(of(received), of(sent));
    }
    const arrays = packed.flatMap(({ batch }) => Object.values(batch).filter((field) => ArrayBuffer.isView(field)));
    assert.equal(arrays.length, 5);
  });

  test('refuses a batch whose values are not those of its type', () => {
    const [vitals] = packEvents(eventsOf(1).filter(({ type }) => type === 'vitals'));
    assert.ok(v.is(EventBatch, vitals));
    assert.ok(!v.is(EventBatch, { ...vitals, type: 'validation' }));
    assert.ok(!v.is(EventBatch, { ...vitals, type: 'toString' }));
  });

  test('says what is void where a run goes on from iteration 5: a validation of 5 is of the network that it goes on with', () => {
    for (const type of RUN_EVENT_TYPES) {
      assert.deepEqual(
        [4, 5, 6].map((iteration) => isBeyond(type, iteration, 5)),
        [false, type !== 'validation', true],
        type,
      );
    }
  });

  test('says in a line what kind of event it is, and of which iteration', () => {
    for (const event of eventsOf(7)) {
      const line = eventLine(event, { network: networkOf({ cell: 'tanh', layers: 1 }), symbols: ['a', 'b', 'c'] }) as {
        type: string;
        iteration: number;
      };
      assert.deepEqual(Object.keys(line).slice(0, 2), ['type', 'iteration']);
      assert.deepEqual([line.type, line.iteration], [event.type, 7]);
    }
  });
});
