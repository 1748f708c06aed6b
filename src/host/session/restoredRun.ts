import type * as vscode from 'vscode';
import type { Checkpoint, VocabularyCodes } from '../../protocol/checkpoint.ts';
import type { RunHistory } from '../../history/history.ts';
import type { Imported } from '../../protocol/imported.ts';
import type { RunDescription, RunStatus } from '../../protocol/panel.ts';
import type { Baselines } from '../../protocol/study.ts';
import type { ForkedFrom } from '../../protocol/storedRun.ts';
import type { StartingPoint } from '../../protocol/worker.ts';

/** A run as its folder has it. */
export interface RestoredRun {
  readonly uri: vscode.Uri;
  /** Given by a person. */
  readonly name?: string | undefined;
  /** When it began, milliseconds since 1970. */
  readonly createdMs: number;
  readonly description: RunDescription;
  readonly status: RunStatus;
  readonly history: RunHistory;
  readonly baselines?: Baselines;
}

/** The network of a checkpoint, and what its symbols are. */
export interface LoadedNetwork {
  readonly checkpoint: Checkpoint;
  readonly vocabulary: VocabularyCodes;
}

export interface StartOptions {
  /** The run that goes on, up to the checkpoint that it goes on from. */
  readonly earlier?: RestoredRun;
  /** It only takes over the history of `earlier`: it is a run of its own. */
  readonly isNewRun?: boolean;
  /** The name that it begins with. */
  readonly name?: string | undefined;
  /** What a fork comes from. */
  readonly forkedFrom?: ForkedFrom;
  readonly from?: StartingPoint;
  /** What is known of its network, where that was trained elsewhere; without, what `earlier` knows. */
  readonly imported?: Imported;
  readonly maxIterations?: number;
  /** Seconds between two checkpoints; without, there are none. */
  readonly checkpointSeconds?: number;
}
