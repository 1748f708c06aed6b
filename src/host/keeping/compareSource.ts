import * as vscode from 'vscode';
import { InputError } from '../../common/inputError.ts';
import { readRun } from '../../runs/runReader.ts';
import type { CompareSource } from '../compare/comparePanels.ts';
import type { Session } from '../session.ts';
import type { Stage } from './stage.ts';

/** Compared runs come from the sessions of this window, and else from their folders. */
export function compareSource({ sessions, keeper }: Stage): CompareSource {
  const changed = new vscode.EventEmitter<string>();
  sessions.onDidChange(({ session }) => changed.fire(session.description.runId));
  return {
    onDidChange: changed.event,
    async read(runId) {
      const session = sessions.all.findLast(({ description }) => description.runId === runId);
      const run = keeper.runOf(runId);
      if (session !== undefined && run !== undefined) return ofSession(session, run);
      const found = await keeper.places.find(runId);
      if (found === undefined) throw new InputError(`The run ${runId} is not there any more: it was deleted.`);
      return readRun(found.summary.folder);
    },
  };
}

function ofSession({ history, status }: Session, run: NonNullable<ReturnType<Stage['keeper']['runOf']>>) {
  const { state, elapsedMs } = status;
  return { run: { ...run, state }, history, progress: { elapsedMs } };
}
