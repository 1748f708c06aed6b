import type { LevelPoints } from '../../common/bucketRing.ts';
import { unpackInspections, unpackSamples } from '../../protocol/batches.ts';
import { RunHistory, type HistoryColumn } from '../../history/history.ts';
import type { IncrementMessage, RunDescription, RunStatus, SnapshotMessage } from '../../protocol/panel.ts';
import type { Inspection, MemoryPoint, Sample, Validation, Vitals } from '../../protocol/run.ts';
import type { HistorySnapshot } from '../../protocol/snapshot.ts';
import { MetricTable, type Metrics } from './metricTable.ts';

/** What the views need of a history. */
export interface RunRecord extends Metrics {
  /** Evenly thinned, in order of iteration, the newest always last. */
  readonly inspections: readonly Inspection[];
  readonly validations: readonly Validation[];
  readonly vitals: readonly Vitals[];
  readonly memoryPoints: readonly MemoryPoint[];
  readonly samples: readonly Sample[];
}

/** A run as the panel knows it. */
export interface MirroredRun {
  readonly description: RunDescription;
  readonly status: RunStatus;
  readonly history: RunRecord;
}

/** The panel's copy of a history: metrics as they are sent, all else kept and thinned as the host does it. */
class MirroredHistory implements RunRecord {
  readonly #metrics: MetricTable;
  readonly #events: RunHistory;

  /** @throws {RangeError} where the parts of the snapshot contradict each other. */
  constructor(snapshot: HistorySnapshot) {
    this.#metrics = new MetricTable(snapshot.metrics);
    this.#events = RunHistory.fromSnapshot({ ...snapshot, metrics: new RunHistory().snapshot().metrics });
  }

  get iterations(): number {
    return this.#metrics.iterations;
  }

  newest(column: HistoryColumn): number {
    return this.#metrics.newest(column);
  }

  points(column: HistoryColumn, from: number, to: number, maxPoints: number): LevelPoints {
    return this.#metrics.points(column, from, to, maxPoints);
  }

  get inspections(): readonly Inspection[] {
    return this.#events.inspections;
  }

  get validations(): readonly Validation[] {
    return this.#events.validations;
  }

  get vitals(): readonly Vitals[] {
    return this.#events.vitals;
  }

  get memoryPoints(): readonly MemoryPoint[] {
    return this.#events.memoryPoints;
  }

  get samples(): readonly Sample[] {
    return this.#events.samples;
  }

  /** @throws {RangeError} where the parts of the increment contradict each other. */
  take(message: IncrementMessage): void {
    this.#metrics.take(message.iterations, message.levels);
    for (const inspection of unpackInspections(message.inspections)) this.#events.addInspection(inspection);
    for (const validation of message.validations) this.#events.addValidation(validation);
    for (const vitals of message.vitals) this.#events.addVitals(vitals);
    for (const point of message.memoryPoints) this.#events.addMemoryPoint(point);
    for (const sample of unpackSamples(message.samples)) this.#events.addSample(sample);
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
    this.#run = run === null ? undefined : { ...run, history: new MirroredHistory(run.history) };
  }

  /**
   * Returns false where the increment does not continue what is here, so that a snapshot is needed.
   * @throws {RangeError} where the parts of the increment contradict each other.
   */
  takeIncrement(message: IncrementMessage): boolean {
    const run = this.#run;
    if (run?.description.runId !== message.runId || message.firstIteration !== run.history.iterations) return false;
    const { history } = run;
    history.take(message);
    const { facts, imported } = message;
    const description = { ...run.description, ...(facts && { facts }), ...(imported && { imported }) };
    this.#run = { description, status: message.status, history };
    return true;
  }
}
