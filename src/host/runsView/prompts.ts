import { l10n } from '../../common/l10n.ts';
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
        title: l10n.t('Rename run'),
        prompt: l10n.t('The name of the run. Without one, it goes by its settings.'),
        value: summary.run?.name ?? '',
        placeHolder: label,
        validateInput: (text) =>
          text.trim().length <= MAX_RUN_NAME
            ? undefined
            : l10n.t('The name has {count} characters; up to {most} are kept.', {
                count: text.trim().length,
                most: MAX_RUN_NAME,
              }),
      });
    },
    async mayStop(runs, deleted) {
      const stop =
        deleted === 1 ? l10n.t('Stop and Delete') : l10n.t('Stop and Delete {count} Runs', { count: deleted });
      const subject =
        runs.length === 1
          ? l10n.t('The run {run} on {file} is under way.', { run: runs[0].label, file: runs[0].file.label })
          : l10n.t('{count} of the runs are under way.', { count: runs.length });
      const detail = l10n.t('It is stopped before it is deleted. Deleting can be undone.');
      const answer = await ask(subject, detail, stop);
      return answer === stop;
    },
    async mayDeletePinned(runs, deleted) {
      const button = deleted === 1 ? l10n.t('Delete') : l10n.t('Delete {count} Runs', { count: deleted });
      const subject =
        runs.length === 1
          ? l10n.t('The run {run} on {file} is pinned.', { run: runs[0].label, file: runs[0].file.label })
          : l10n.t('{count} of the runs are pinned.', { count: runs.length });
      return (await ask(subject, l10n.t('Deleting can be undone for an hour.'), button)) === button;
    },
    async offerUndo(message) {
      const undo = l10n.t('Undo');
      return (await tell(message, undo)) === undo;
    },
    tell: (message) => void tell(message),
    warn: (message) => void warn(message),
  };
}
