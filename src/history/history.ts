import type { LevelPoints } from '../common/bucketRing.ts';
import type { Network } from '../network/network.ts';
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

  /**
   * @param from the network of a run that begins, or what there is of one already.
   * @throws {RangeError} where the parts of a snapshot contradict each other.
   */
  constructor(from: Pick<Network, 'parameterNames'> | HistorySnapshot) {
    const snapshot = 'metrics' in from ? from : undefined;
    this.metrics = new RunMetrics('metrics' in from ? from.metrics : from);
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

  has(column: HistoryColumn): boolean {
    return this.metrics.has(column);
  }

  newest(column: HistoryColumn): number {
    return this.metrics.newest(column);
  }

  points(column: HistoryColumn, from: number, to: number, maxPoints: number): LevelPoints {
    return this.metrics.points(column, from, to, maxPoints);
  }
}
