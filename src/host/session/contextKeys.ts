import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposable.ts';
import type { Sessions } from './sessions.ts';

/** Keeps the context keys `rnnInspector.state` (the current run's state, or `none`) and `rnnInspector.isResumable` true for the manifest's `when` clauses. */
export function keepContextKeys(sessions: Sessions): vscode.Disposable {
  const owned = new DisposableStore();
  let shown: string | undefined;
  let wasResumable: boolean | undefined;
  const update = (): void => {
    const session = sessions.current;
    const state = session === undefined ? 'none' : session.status.restored ? 'restored' : session.status.state;
    const isResumable = session?.status.resumable !== undefined;
    if (isResumable !== wasResumable) {
      wasResumable = isResumable;
      void vscode.commands.executeCommand('setContext', 'rnnInspector.isResumable', isResumable);
    }
    if (state === shown) return;
    shown = state;
    void vscode.commands.executeCommand('setContext', 'rnnInspector.state', state);
  };
  owned.add(sessions.onDidChangeCurrent(update));
  owned.add(sessions.onDidChange(update));
  update();
  return owned;
}
