import * as vscode from 'vscode';
import { l10n } from '../../common/l10n.ts';
import { DisposableStore } from '../../common/disposable.ts';
import { RunCleaner } from './cleanUp.ts';
import { runPrompts } from './prompts.ts';
import { RunCommands } from './runCommands.ts';
import type { RunHost } from './runHost.ts';
import type { Node, RunNode } from './runNodes.ts';
import { RunSelection, runsIn } from './runSelection.ts';
import { RunTree } from './runTree.ts';
import { readRunsSettings } from '../run/runsSettings.ts';
import { refuseFor, warn } from '../message.ts';

const RUNS_VIEW = 'rnnInspector.runs';
const POLL_MS = 5000;
/** The first clean-up waits until VS Code is up. */
const FIRST_CLEAN_UP_MS = 20_000;
const CLEAN_UP_MS = 10 * 60 * 1000;

/** The view *RNN Runs* with its commands, and the clean-up of old runs. */
export function registerRuns(
  context: vscode.ExtensionContext,
  host: RunHost,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const owned = new DisposableStore();
  const report = (error: unknown): void => log.error(error instanceof Error ? error : String(error));
  const tree = owned.add(new RunTree(host, report));
  const view = owned.add(
    vscode.window.createTreeView(RUNS_VIEW, { treeDataProvider: tree, canSelectMany: true, showCollapseAll: true }),
  );
  const selection = owned.add(new RunSelection(view, () => tree.runs));
  owned.add(refreshWhileVisible(view, tree));
  const prompts = runPrompts((folder) => host.isUnderWay(folder));
  const actions = new RunCommands(host, prompts, () => tree.refresh());
  const command = (name: string, run: (...values: unknown[]) => Promise<unknown>): void => {
    owned.add(
      vscode.commands.registerCommand(`${RUNS_VIEW}.${name}`, async (...values: unknown[]) => {
        try {
          await run(...values);
        } catch (error) {
          report(error);
          refuseFor(error);
        }
      }),
    );
  };

  /** What a command is for: what the menu was opened on, else what is selected in the view, else what the person picks. */
  const chosen = async (values: readonly unknown[], question: string, many = false): Promise<readonly RunNode[]> => {
    const given = runsOf(values);
    if (given.length > 0) return given;
    if (selection.runs.length > 0) return selection.runs;
    await tree.refresh();
    const selected = await selection.known();
    if (selected.length > 0) return selected;
    if (tree.runs.length > 0) return prompts.pick(tree.runs, question, many);
    prompts.tell(l10n.t('There are no runs yet. "Train RNN on file" makes the first.'));
    return [];
  };
  const forOne = (name: string, question: string, work: (run: RunNode) => Promise<unknown>): void =>
    command(name, async (...values) => {
      const [run] = await chosen(values, question);
      if (run !== undefined) await work(run);
    });
  const forMany = (name: string, question: string, work: (runs: readonly RunNode[]) => Promise<unknown>): void =>
    command(name, async (...values) => {
      const runs = await chosen(values, question, true);
      if (runs.length > 0) await work(runs);
    });

  forOne('open', l10n.t('Open which run?'), (run) => actions.open(run));
  forOne('resume', l10n.t('Resume which run?'), ({ summary }) => host.resume(summary.folder));
  // It asks, since another program owns the run.
  forOne('takeOver', l10n.t('Take over which run?'), ({ summary }) => host.resume(summary.folder));
  forOne('fork', l10n.t('Fork which run?'), ({ summary }) => host.fork(summary.folder));
  forOne('rename', l10n.t('Rename which run?'), (run) => actions.rename(run));
  forMany('pin', l10n.t('Pin which runs?'), (runs) => actions.pin(runs, true));
  forMany('unpin', l10n.t('Unpin which runs?'), (runs) => actions.pin(runs, false));
  forMany('compare', l10n.t('Compare which runs?'), (runs) => actions.compare(runs));
  // No command of the palette: the panel of a run gives its folder.
  command('compareWith', async (folder) => {
    await tree.refresh();
    const others = tree.runs.filter(({ summary }) => summary.folder !== folder);
    if (others.length === 0) {
      prompts.tell(l10n.t('There is no other run yet to compare this one with.'));
      return;
    }
    const picked = await prompts.pick(others, l10n.t('Compare with which runs?'), true);
    const own = tree.runs.filter(({ summary }) => summary.folder === folder);
    if (picked.length > 0) await actions.compare([...own, ...picked]);
  });
  forOne('sample', l10n.t('Sample from which run?'), ({ summary }) => host.sample(summary.folder));
  forOne('export', l10n.t('Export which run?'), ({ summary }) => host.export(summary.folder));
  forMany('delete', l10n.t('Delete which runs?'), (runs) => actions.delete(runs));
  forOne('reveal', l10n.t('Show the folder of which run?'), async ({ summary }) =>
    vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(summary.folder)),
  );
  forOne('copyPath', l10n.t('Copy the path of which run?'), async ({ summary }) =>
    vscode.env.clipboard.writeText(summary.folder),
  );
  command('undoDelete', () => actions.undoDelete());
  command('refresh', () => tree.refresh());

  owned.add(keepClean(context, host, log, report));
  return owned;
}

/** A menu of the view gives the node it was opened on, and all that are selected if that is one of them. */
function runsOf([node, selected]: readonly unknown[]): readonly RunNode[] {
  const given = Array.isArray(selected) ? (selected as unknown[]) : node === undefined ? [] : [node];
  return runsIn(given.filter(isNode));
}

function isNode(value: unknown): value is Node {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false;
  return (value.type === 'run' && 'summary' in value) || (value.type === 'file' && 'runs' in value);
}

/** What other windows and programs do to the runs shows while somebody looks. */
function refreshWhileVisible(view: vscode.TreeView<Node>, tree: RunTree): vscode.Disposable {
  const owned = new DisposableStore();
  const refresh = async (): Promise<void> => {
    await tree.refresh();
    // VS Code takes no undefined here under exact optional properties.
    view.message = tree.problem ?? '';
  };
  let timer: NodeJS.Timeout | undefined;
  const follow = (): void => {
    clearInterval(timer);
    timer = undefined;
    if (!view.visible) return;
    void refresh();
    timer = setInterval(() => void refresh(), POLL_MS);
  };
  owned.add({ dispose: () => clearInterval(timer) });
  owned.add(view.onDidChangeVisibility(follow));
  follow();
  return owned;
}

function keepClean(
  context: vscode.ExtensionContext,
  host: RunHost,
  log: vscode.LogOutputChannel,
  report: (error: unknown) => void,
): vscode.Disposable {
  const openSettings = l10n.t('Open Settings');
  const showRuns = l10n.t('Show Runs');
  const showSizeSetting = (): void => {
    const query = `@ext:${context.extension.id} runs.maxSizeMB`;
    void vscode.commands.executeCommand('workbench.action.openSettings', query);
  };
  const cleaner = new RunCleaner(host, () => readRunsSettings(undefined).maxBytes, {
    removed: (message, undo) => {
      log.info(message);
      const undoes = l10n.t('Undo');
      void warn(message, undoes, openSettings).then((answer) => {
        if (answer === undoes) undo().then(undefined, refuseFor);
        if (answer === openSettings) showSizeSetting();
      });
    },
    exceeded: (message) => {
      log.warn(message);
      void warn(message, showRuns, openSettings).then((answer) => {
        if (answer === showRuns) void vscode.commands.executeCommand(`${RUNS_VIEW}.focus`);
        if (answer === openSettings) showSizeSetting();
      });
    },
    failed: report,
  });
  const first = setTimeout(() => void cleaner.cleanUp(), FIRST_CLEAN_UP_MS);
  const timer = setInterval(() => void cleaner.cleanUp(), CLEAN_UP_MS);
  return {
    dispose: () => {
      clearTimeout(first);
      clearInterval(timer);
    },
  };
}
