import * as v from 'valibot';
import { type BatchOf, kindOf, RUN_EVENTS, RUN_EVENT_TYPES, type RunEvent, type RunEventType } from './events.ts';

/** The events of one type that travel together. */
export type EventBatch = {
  readonly [K in RunEventType]: { readonly type: K; readonly batch: BatchOf<K> };
}[RunEventType];

export const EventBatch = v.variant(
  'type',
  RUN_EVENT_TYPES.map((type) => v.object({ type: v.literal(type), batch: RUN_EVENTS[type].batch.schema })),
) as unknown as v.GenericSchema<EventBatch>;

/** A batch for each type that there is, each in its own order. */
export function packEvents(events: readonly RunEvent[]): EventBatch[] {
  return RUN_EVENT_TYPES.flatMap((type) => {
    const values = events.filter((event) => event.type === type).map(({ value }) => value);
    return values.length === 0 ? [] : [{ type, batch: kindOf(type).batch.pack(values) } as EventBatch];
  });
}

/** @throws {RangeError} where the parts of a batch contradict each other. */
export function unpackEvents(batches: readonly EventBatch[]): RunEvent[] {
  return batches.flatMap(({ type, batch }) =>
    kindOf(type)
      .batch.unpack(batch)
      .map((value) => ({ type, value }) as RunEvent),
  );
}
