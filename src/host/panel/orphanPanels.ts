import * as vscode from 'vscode';
import { PANEL_TYPE } from './panel.ts';
import type { Panels } from './panels.ts';
import type { Session } from '../session/session.ts';
import type { ShownRun, ShownRuns } from './shownRuns.ts';

/**
 * Where the process of the extensions ended and a new one took its place, VS Code leaves its panels open with nobody behind them:
 * they show the past as if it went on, and nothing can be pressed. Panels with the runs as they are now take their place.
 * @param find a run from its folder; undefined where there is none any more.
 */
export async function replaceOrphans(
  panels: Panels,
  shown: ShownRuns,
  find: (run: ShownRun) => Promise<Session | undefined>,
): Promise<void> {
  // A window that is loaded anew has another id; its panels come back by themselves.
  const before = (await shown.before).filter(({ sessionId }) => sessionId === vscode.env.sessionId);
  if (before.length === 0) return;
  const orphans = vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(PANEL_TYPE));
  if (orphans.length === 0) return;
  for (const [at, run] of before.entries()) {
    const column = (orphans[at] ?? orphans[0]).group.viewColumn;
    const session = await find(run);
    if (session !== undefined) panels.showAt(session, column);
  }
  await vscode.window.tabGroups.close(orphans, true);
}
