import * as v from 'valibot';
import * as vscode from 'vscode';
import { RunId } from '../../protocol/run.ts';
import { PANEL_TYPE } from '../panel.ts';
import type { Panels } from '../panels.ts';
import type { Session } from '../session.ts';

/** Which runs the panels of a window show. A window that is loaded anew is another one, with a `sessionId` of its own. */
const KEY = 'rnnInspector.shownRuns';
const Shown = v.object({ sessionId: v.string(), runIds: v.array(RunId) });

/**
 * Where the process of the extensions ended and a new one took its place, VS Code leaves its panels open with nobody behind them:
 * they show the past as if it went on, and nothing can be pressed. Panels with the runs as they are now take their place.
 * @param find a run from its folder; undefined where there is none any more.
 */
export async function replaceOrphans(
  panels: Panels,
  memory: vscode.Memento,
  find: (runId: string) => Promise<Session | undefined>,
): Promise<void> {
  const { sessionId } = vscode.env;
  const before = v.safeParse(Shown, memory.get(KEY));
  panels.onDidChangeShown((runIds) => void memory.update(KEY, { sessionId, runIds: [...runIds] }));
  if (!before.success || before.output.sessionId !== sessionId) return;
  const orphans = vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(PANEL_TYPE));
  if (orphans.length === 0) return;
  for (const [at, runId] of before.output.runIds.entries()) {
    const column = (orphans[at] ?? orphans[0]).group.viewColumn;
    const session = await find(runId);
    if (session !== undefined) panels.showAt(session, column);
  }
  await vscode.window.tabGroups.close(orphans, true);
}
