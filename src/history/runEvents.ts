import { packEvents, unpackEvents } from '../protocol/eventBatches.ts';
import { kindOf, type RunEvent, type RunEventType, type ValueOf } from '../protocol/events.ts';
import type { EventsSnapshot } from '../protocol/snapshot.ts';
import { keptBy, type Kept } from './kept.ts';

/** The events of a run, whoever holds them. */
export interface Events {
  /** Those of a type in order of iteration, as many of them as its row in the list of events says; the newest is always last. */
  of<K extends RunEventType>(type: K): readonly ValueOf<K>[];
}

type AnyValue = ValueOf<RunEventType>;

/** The events of a run in bounded memory. */
export class RunEvents implements Events {
  readonly #kept = new Map<RunEventType, Kept<AnyValue>>();

  /** @throws {RangeError} where the parts of a snapshot contradict each other. */
  constructor(snapshot: EventsSnapshot = []) {
    for (const { events, pace } of snapshot) {
      const list = unpackEvents([events]).map(({ value }) => value);
      this.#kept.set(events.type, keptBy(kindOf<RunEventType>(events.type).memory, list, pace));
    }
  }

  snapshot(): EventsSnapshot {
    return [...this.#kept].flatMap(([type, { list, pace }]) =>
      packEvents(list.map((value) => ({ type, value }) as RunEvent)).map((events) => ({
        events,
        ...(pace && { pace }),
      })),
    );
  }

  of<K extends RunEventType>(type: K): readonly ValueOf<K>[] {
    const list: readonly unknown[] = this.#kept.get(type)?.list ?? NONE;
    return list as readonly ValueOf<K>[];
  }

  add({ type, value }: RunEvent): void {
    let kept = this.#kept.get(type);
    if (kept === undefined) this.#kept.set(type, (kept = keptBy(kindOf<RunEventType>(type).memory)));
    kept.add(value);
  }
}

const NONE: readonly never[] = [];
