import type * as vscode from 'vscode';
import type { RunLibrary } from '../../runs/library.ts';

/** What the view *RNN Runs* needs of the rest of the extension. */
export interface RunHost {
  /** Where runs are kept. */
  libraries(): readonly RunLibrary[];
  /** Those in which room is made without being asked. */
  usedLibraries(): readonly RunLibrary[];
  /** Whether a run of a library was made by this extension. */
  isMade(library: RunLibrary, runId: string): boolean;
  /** Something about some run changed: it began, ended, was named, was opened, has a new best validation loss. */
  readonly onDidChange: vscode.Event<unknown>;
  /** Shows the run in a panel. */
  open(runId: string): Promise<void>;
  /** Goes on with a run that is paused in this window, or from its last checkpoint with one that nobody owns. */
  resume(runId: string): Promise<void>;
  /** Begins a new run from a checkpoint of this one. */
  fork(runId: string): Promise<void>;
  /** Shows 2 to 8 runs side by side. */
  compare(runIds: readonly string[]): Promise<void>;
  /** Writes text with the network of one of its checkpoints. */
  sample(runId: string): Promise<void>;
  export(runId: string): Promise<void>;
  /** Stops a run of this window; resolves when its folder has no owner any more, of a run that has ended already too. */
  stop(runId: string): Promise<void>;
  /** An empty name takes the name away. */
  rename(runId: string, name: string): Promise<void>;
  pin(runId: string, isPinned: boolean): Promise<void>;
  /** Whether this window trains the run, or has it paused. */
  isUnderWay(runId: string): boolean;
  /** Whether this window shows the run: it is not cleaned up then. */
  isShown(runId: string): boolean;
}
