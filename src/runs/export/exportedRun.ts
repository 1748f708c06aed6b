import type { RunHistory } from '../../history/history.ts';
import type { StoredRun } from '../../protocol/storedRun.ts';
import type { Baselines } from '../../protocol/study.ts';
import type { RunProgress } from '../reading/runProgress.ts';
import type { ValidRecord } from './validRecords.ts';

/** What of a run is exported: all its records for what must be complete, its history for what is drawn. */
export interface ExportedRun {
  readonly run: StoredRun;
  /** All records that hold, in order, from the first on every time it is called: a million iterations need not be in memory. */
  records(): Iterable<ValidRecord> | AsyncIterable<ValidRecord>;
  /** The same run thinned. */
  readonly history: RunHistory;
  readonly progress: RunProgress;
  /** All iterations from here on are known one by one; of most before only means, minima and maxima. 0: all are. */
  readonly wholeFrom: number;
  readonly baselines?: Baselines | undefined;
  /** What of its records could not be used, for a person. */
  readonly problems?: readonly string[];
}

/** A file of an export: its name within the export, and its content in parts that are made as they are asked for. */
export interface ExportFile {
  readonly name: string;
  readonly chunks: AsyncIterable<string | Uint8Array>;
}
