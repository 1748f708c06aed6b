import type { RunHistory } from '../../history/history.ts';
import type { Network } from '../../network/network.ts';
import type { StoredRun } from '../../protocol/storedRun.ts';
import type { Baselines, Tape } from '../../protocol/study.ts';
import type { StoredCheckpoint } from '../format/checkpointFile.ts';
import type { RunProgress } from '../format/runProgress.ts';
import type { ValidRecord } from './validRecords.ts';

/** What of a run is exported: all its records for what must be complete, its history for what is drawn. */
export interface ExportedRun {
  readonly run: StoredRun;
  /** That of its settings: all its names and tables go by it. */
  readonly network: Network;
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

/** What some formats are made of besides what a run recorded. */
export interface Needed {
  /** The network. */
  readonly checkpoint: StoredCheckpoint;
  /** A window to show unrolled, or why there is none. */
  readonly tape: Tape | { readonly absent: string };
}

export type Need = keyof Needed;

/** What a format is given that has these needs. */
export type Given<N extends Need = never> = Pick<Needed, N> & {
  /** That of the run, where its text may lie. */
  readonly folder: string;
  /** ISO 8601. */
  readonly madeAt: string;
};

export interface Made {
  readonly files: readonly ExportFile[];
  /** What a person must know, a sentence each. */
  readonly notes?: readonly string[];
}
