import type * as vscode from 'vscode';
import type { CharacterScores, Tape } from '../../protocol/study.ts';
import type { Session } from '../session/session.ts';

/** What the editor needs of a run: which file it is on, what its symbols are, and whether it goes on. */
export type StudiedSession = Pick<Session, 'uri' | 'description' | 'status' | 'onDidChange'>;

/** What the editor knows of a run that is inspected; there is one for each session. */
export interface EditorStudy {
  readonly session: StudiedSession;
  /** Whether there is a panel of the run: without, its file is shown as any other. */
  readonly isShown: boolean;
  readonly onDidChangeShown: vscode.Event<boolean>;
  /** What the panel inspects now; undefined before the first. */
  readonly tape: Tape | undefined;
  readonly onDidChangeTape: vscode.Event<Tape>;
  /**
   * The network's view of a text as it is now, or as it ended.
   * @param before what stands before the text, which the network reads first; empty at the beginning of the file.
   * Rejects with a message for the person.
   */
  score(before: string, text: string): Promise<CharacterScores>;
  /** The time step that is chosen in the panel. */
  readonly step: number | undefined;
  /** A person chose a time step in the panel: `step` is it already. What is chosen from here is not said again. */
  readonly onDidChooseStep: vscode.Event<number | undefined>;
  /** Shows a time step in the panel: from then on `step` is it. */
  chooseStep(t: number): void;
}
