import type * as vscode from 'vscode';
import type { FromComparison } from '../../protocol/compare.ts';
import type { SourceRun } from './comparedRun.ts';

/** Where compared runs come from: sessions of this window, and folders of runs that others own or that are over. */
export interface CompareSource {
  /** @throws where the run cannot be read; the message is for the person. */
  read(runId: string): Promise<SourceRun>;
  /** A run has something new: its id. */
  readonly onDidChange: vscode.Event<string>;
  /** No other runs are compared any more. */
  keepOnly(runIds: readonly string[]): void;
}

/** What a comparison asks of the rest of the extension. */
export interface CompareIntents {
  /** Shows a run in a panel of its own. */
  open(runId: string): void;
  /** Asks where to save a picture; resolves with why it could not be, for the person. */
  save(picture: Extract<FromComparison, { type: 'save' }>): Promise<string | undefined>;
  report(message: string): void;
}
