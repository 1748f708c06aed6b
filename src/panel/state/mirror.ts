import { unpackInspections, unpackSamples } from '../../protocol/batches.ts';
import { RunHistory } from '../../protocol/history.ts';
import type { IncrementMessage, RunDescription, RunStatus, SnapshotMessage } from '../../protocol/panel.ts';

/** A run as the panel knows it. */
export interface MirroredRun {
  readonly description: RunDescription;
  readonly status: RunStatus;
  readonly history: RunHistory;
}

/** The panel's copy of the host's run: a snapshot, then increments. */
export class RunMirror {
  #run: MirroredRun | undefined;

  get run(): MirroredRun | undefined {
    return this.#run;
  }

  /** @throws {RangeError} where the parts of the history contradict each other. */
  takeSnapshot(message: SnapshotMessage): void {
    const { run } = message;
    this.#run = run === null ? undefined : { ...run, history: RunHistory.fromSnapshot(run.history) };
  }

  /** Returns false where the increment does not continue what is here, so that a snapshot is needed. */
  takeIncrement(message: IncrementMessage): boolean {
    const run = this.#run;
    if (run?.description.runId !== message.runId || message.firstIteration !== run.history.iterations) return false;
    const { history } = run;
    history.addRows(message.rows);
    for (const inspection of unpackInspections(message.inspections)) history.addInspection(inspection);
    for (const validation of message.validations) history.addValidation(validation);
    for (const sample of unpackSamples(message.samples)) history.addSample(sample);
    const description = message.facts ? { ...run.description, facts: message.facts } : run.description;
    this.#run = { description, status: message.status, history };
    return true;
  }
}
