import type { LevelPoints } from '../common/bucketRing.ts';
import type { RunEvent, RunEventType, ValueOf } from '../protocol/events.ts';
import type { HistorySnapshot } from '../protocol/snapshot.ts';
import type { HistoryColumn, Metrics } from './metrics.ts';
import { RunEvents, type Events } from './runEvents.ts';
import { RunMetrics } from './runMetrics.ts';

/** What is read of a history, whoever holds it. */
export interface ReadableHistory extends Metrics, Events {}

/** The history of a run as the host owns it and the panel mirrors it, in bounded memory. */
export class RunHistory implements ReadableHistory {
  readonly metrics: RunMetrics;
  readonly #events: RunEvents;

  /** @throws {RangeError} where the parts of a snapshot contradict each other. */
  constructor(snapshot?: HistorySnapshot) {
    this.metrics = new RunMetrics(snapshot?.metrics);
    this.#events = new RunEvents(snapshot?.events);
  }

  snapshot(): HistorySnapshot {
    return { metrics: this.metrics.snapshot(), events: this.#events.snapshot() };
  }

  add(event: RunEvent): void {
    this.#events.add(event);
  }

  of<K extends RunEventType>(type: K): readonly ValueOf<K>[] {
    return this.#events.of(type);
  }

  get iterations(): number {
    return this.metrics.iterations;
  }

  newest(column: HistoryColumn): number {
    return this.metrics.newest(column);
  }

  points(column: HistoryColumn, from: number, to: number, maxPoints: number): LevelPoints {
    return this.metrics.points(column, from, to, maxPoints);
  }
}
