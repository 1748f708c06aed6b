import type * as vscode from 'vscode';
import type { FromComparison } from '../../protocol/compare.ts';
import type { SourceRun } from './comparedRun.ts';

/** Where compared runs come from: sessions of this window, and folders of runs that others own or that are over. */
export interface CompareSource {
  /** @throws where the run cannot be read; the message is for the person. */
  read(folder: string): Promise<SourceRun>;
  /** A run has something new: its folder. */
  readonly onDidChange: vscode.Event<string>;
  /** The folders of runs that an earlier version compared by their ids. */
  foldersOf(runIds: readonly string[]): Promise<readonly string[]>;
  /** No other runs are compared any more. */
  keepOnly(folders: readonly string[]): void;
}

/** What a comparison asks of the rest of the extension. */
export interface CompareIntents {
  /** Shows a run in a panel of its own. */
  open(folder: string): void;
  /** Asks where to save a picture; resolves with why it could not be, for the person. */
  save(picture: Extract<FromComparison, { type: 'save' }>): Promise<string | undefined>;
  report(message: string): void;
}
