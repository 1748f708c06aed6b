import type { LevelPoints } from '../../common/bucketRing.ts';
import type { ReadableHistory } from '../../history/history.ts';
import type { HistoryColumn } from '../../history/metrics.ts';
import { RunEvents } from '../../history/runEvents.ts';
import { unpackEvents } from '../../protocol/eventBatches.ts';
import type { RunEventType, ValueOf } from '../../protocol/events.ts';
import type { IncrementMessage, RunDescription, RunStatus, SnapshotMessage } from '../../protocol/panel.ts';
import type { HistorySnapshot } from '../../protocol/snapshot.ts';
import { MetricTable } from './metricTable.ts';
import type { Network } from '../../network/network.ts';
import { networkOfRun } from '../network/shownNetwork.ts';

/** A run as the panel knows it. */
export interface MirroredRun {
  readonly description: RunDescription;
  /** By which every table of its history is read. */
  readonly network: Network;
  readonly status: RunStatus;
  readonly history: ReadableHistory;
}

/** The panel's copy of a history: metrics as they are sent, all else kept and thinned as the host does it. */
class MirroredHistory implements ReadableHistory {
  readonly #metrics: MetricTable;
  readonly #events: RunEvents;

  /** @throws {RangeError} where the parts of the snapshot contradict each other. */
  constructor(snapshot: HistorySnapshot) {
    this.#metrics = new MetricTable(snapshot.metrics);
    this.#events = new RunEvents(snapshot.events);
  }

  get iterations(): number {
    return this.#metrics.iterations;
  }

  has(column: HistoryColumn): boolean {
    return this.#metrics.has(column);
  }

  newest(column: HistoryColumn): number {
    return this.#metrics.newest(column);
  }

  points(column: HistoryColumn, from: number, to: number, maxPoints: number): LevelPoints {
    return this.#metrics.points(column, from, to, maxPoints);
  }

  of<K extends RunEventType>(type: K): readonly ValueOf<K>[] {
    return this.#events.of(type);
  }

  /** @throws {RangeError} where the parts of the increment contradict each other. */
  take(message: IncrementMessage): void {
    this.#metrics.take(message.iterations, message.levels);
    for (const event of unpackEvents(message.events)) this.#events.add(event);
  }
}

/** The panel's copy of the host's run: a snapshot, then increments. */
export class RunMirror {
  #run: (MirroredRun & { readonly history: MirroredHistory }) | undefined;

  get run(): MirroredRun | undefined {
    return this.#run;
  }

  /** @throws {RangeError} where the parts of the history contradict each other. */
  takeSnapshot(message: SnapshotMessage): void {
    const { run } = message;
    if (run === null) this.#run = undefined;
    else {
      const { description, status } = run;
      this.#run = {
        description,
        network: networkOfRun(description),
        status,
        history: new MirroredHistory(run.history),
      };
    }
  }

  /**
   * Returns false where the increment does not continue what is here, so that a snapshot is needed.
   * @throws {RangeError} where the parts of the increment contradict each other.
   */
  takeIncrement(message: IncrementMessage): boolean {
    const run = this.#run;
    if (run?.description.runId !== message.runId || message.firstIteration !== run.history.iterations) return false;
    const { history, network } = run;
    history.take(message);
    const { facts, imported } = message;
    const description = { ...run.description, ...(facts && { facts }), ...(imported && { imported }) };
    this.#run = { description, network, status: message.status, history };
    return true;
  }
}
