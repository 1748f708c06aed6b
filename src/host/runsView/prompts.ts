import * as vscode from 'vscode';
import { MAX_RUN_NAME } from '../../common/limits.ts';
import type { RunNode } from './runNodes.ts';
import { runDescription, standingOf } from './runWords.ts';
import { ask, tell, warn } from '../message.ts';

/** What the commands ask and tell a person; tests answer in their place. */
export interface RunPrompts {
  /** Chooses among all runs, where a command came without one. */
  pick(runs: readonly RunNode[], question: string, many: boolean): Promise<readonly RunNode[]>;
  /** @returns undefined where the person dismissed the question; an empty name takes the name away. */
  askName(run: RunNode): Promise<string | undefined>;
  /** Whether runs under way may be stopped to be deleted. */
  mayStop(runs: readonly RunNode[], deleted: number): Promise<boolean>;
  /** Whether runs that were pinned to stay may be deleted. */
  mayDeletePinned(runs: readonly RunNode[], deleted: number): Promise<boolean>;
  /** Tells what was done; whether it shall be undone. */
  offerUndo(message: string): Promise<boolean>;
  tell(message: string): void;
  warn(message: string): void;
}

/** @param isUnderWay whether this window trains the run. */
export function runPrompts(isUnderWay: (folder: string) => boolean): RunPrompts {
  return {
    async pick(runs, placeHolder, many) {
      const choices = runs.map((run) => ({
        label: run.label,
        description: run.file.label,
        detail: runDescription(run.summary, standingOf(run.summary, isUnderWay(run.summary.folder)), Date.now(), run),
        run,
      }));
      const options = { placeHolder, matchOnDescription: true, matchOnDetail: true };
      if (many) {
        const picked = await vscode.window.showQuickPick(choices, { ...options, canPickMany: true });
        return (picked ?? []).map(({ run }) => run);
      }
      const picked = await vscode.window.showQuickPick(choices, options);
      return picked === undefined ? [] : [picked.run];
    },
    async askName({ summary, label }) {
      return vscode.window.showInputBox({
        title: 'Rename run',
        prompt: 'The name of the run. Without one, it goes by its settings.',
        value: summary.run?.name ?? '',
        placeHolder: label,
        validateInput: (text) =>
          text.trim().length <= MAX_RUN_NAME
            ? undefined
            : `The name has ${text.trim().length} characters; up to ${MAX_RUN_NAME} are kept.`,
      });
    },
    async mayStop(runs, deleted) {
      const stop = deleted === 1 ? 'Stop and Delete' : `Stop and Delete ${deleted} Runs`;
      const subject =
        runs.length === 1
          ? `The run ${runs[0].label} on ${runs[0].file.label} is under way.`
          : `${runs.length} of the runs are under way.`;
      const answer = await ask(subject, 'It is stopped before it is deleted. Deleting can be undone.', stop);
      return answer === stop;
    },
    async mayDeletePinned(runs, deleted) {
      const button = deleted === 1 ? 'Delete' : `Delete ${deleted} Runs`;
      const subject =
        runs.length === 1
          ? `The run ${runs[0].label} on ${runs[0].file.label} is pinned.`
          : `${runs.length} of the runs are pinned.`;
      return (await ask(subject, 'Deleting can be undone for an hour.', button)) === button;
    },
    async offerUndo(message) {
      return (await tell(message, 'Undo')) === 'Undo';
    },
    tell: (message) => void tell(message),
    warn: (message) => void warn(message),
  };
}
