import * as vscode from 'vscode';
import { parseRunsSettings, RUNS_SETTING_NAMES, type RunsSettings } from '../../protocol/runsSettings.ts';

/**
 * How runs on a file are kept. In restricted mode VS Code itself leaves out what the workspace says.
 * @throws {InputError} for a value of the wrong type or out of range.
 */
export function readRunsSettings(resource: vscode.Uri | undefined): RunsSettings {
  const configuration = vscode.workspace.getConfiguration('rnnInspector.runs', resource ?? null);
  return parseRunsSettings(
    Object.fromEntries(RUNS_SETTING_NAMES.map((name) => [name, configuration.get<unknown>(name)])),
  );
}
