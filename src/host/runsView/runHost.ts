import type * as vscode from 'vscode';
import type { RunLibrary } from '../../runs/disk/library.ts';

/**
 * What the view *RNN Runs* needs of the rest of the extension. A run is named by its folder, that is by its place and its id: in another
 * place there may be another run of the same id.
 */
export interface RunHost {
  /** Where runs are kept. */
  libraries(): readonly RunLibrary[];
  /** Those in which room is made without being asked. */
  usedLibraries(): Promise<readonly RunLibrary[]>;
  /** Tells which runs of a library were made by this extension, by their ids. */
  madeIn(library: RunLibrary): Promise<(runId: string) => boolean>;
  /** Something about some run changed: it began, ended, was named, was opened, has a new best validation loss. */
  readonly onDidChange: vscode.Event<unknown>;
  /** Shows the run in a panel. */
  open(folder: string): Promise<void>;
  /** Goes on with a run that is paused in this window, or from its last checkpoint; where another program owns it, the person is asked. */
  resume(folder: string): Promise<void>;
  /** Begins a new run from a checkpoint of this one. */
  fork(folder: string): Promise<void>;
  /** Shows 2 to 8 runs side by side. */
  compare(folders: readonly string[]): Promise<void>;
  /** Writes text with the network of one of its checkpoints. */
  sample(folder: string): Promise<void>;
  export(folder: string): Promise<void>;
  /** Stops a run of this window; resolves when its folder has no owner any more, of a run that has ended already too. */
  stop(folder: string): Promise<void>;
  /** An empty name takes the name away. */
  rename(folder: string, name: string): Promise<void>;
  pin(folder: string, isPinned: boolean): Promise<void>;
  /** Whether this window trains the run, or has it paused. */
  isUnderWay(folder: string): boolean;
  /** Whether this window shows the run: it is not cleaned up then. */
  isShown(folder: string): boolean;
}
