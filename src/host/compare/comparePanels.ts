import * as vscode from 'vscode';
import * as v from 'valibot';
import { l10n } from '../../common/l10n.ts';
import { DisposableStore } from '../../common/disposable.ts';
import { InputError } from '../../common/inputError.ts';
import { ComparisonPageState, MOST_COMPARED } from '../../protocol/compare.ts';
import type { CompareIntents, CompareSource } from './compareSource.ts';
import { ComparePanel } from './comparePanel.ts';

export type { CompareSource } from './compareSource.ts';

const COMPARE_TYPE = 'rnnInspector.compare';

/** All comparisons of this window, and their return after *Reload Window*. */
export class ComparePanels implements vscode.Disposable, vscode.WebviewPanelSerializer {
  readonly #panels = new Set<ComparePanel>();
  readonly #owned = new DisposableStore();
  readonly #extensionUri: vscode.Uri;
  readonly #source: CompareSource;
  readonly #intents: CompareIntents;

  constructor(extensionUri: vscode.Uri, source: CompareSource, intents: CompareIntents) {
    this.#extensionUri = extensionUri;
    this.#source = source;
    this.#intents = intents;
    this.#owned.add(vscode.window.registerWebviewPanelSerializer(COMPARE_TYPE, this));
  }

  /**
   * Compares runs in a panel: the one that has just these, or a new one.
   * @throws {InputError} for fewer than two different runs, and for more than can be told apart.
   */
  show(folders: readonly string[]): ComparePanel {
    const different = [...new Set(folders)];
    if (different.length < 2) {
      throw new InputError(
        l10n.t('A comparison needs two runs or more; {count} was chosen. Choose another one.', {
          count: different.length,
        }),
      );
    }
    if (different.length > MOST_COMPARED) {
      throw new InputError(
        l10n.t('A comparison has room for {most} runs; {count} were chosen. Choose fewer.', {
          most: MOST_COMPARED,
          count: different.length,
        }),
      );
    }
    const shown = [...this.#panels].find((panel) => hasSame(panel.folders, different));
    if (shown !== undefined) {
      shown.webviewPanel.reveal();
      return shown;
    }
    const column = vscode.ViewColumn.Active;
    return this.#adopt(vscode.window.createWebviewPanel(COMPARE_TYPE, l10n.t('Compare'), column), different);
  }

  async deserializeWebviewPanel(webviewPanel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const parsed = v.safeParse(ComparisonPageState, state);
    if (!parsed.success) {
      this.#intents.report(`The state of a comparison cannot be read: ${v.summarize(parsed.issues)}`);
    }
    this.#adopt(webviewPanel, parsed.success ? await this.#foldersIn(parsed.output) : []);
  }

  dispose(): void {
    this.#owned.dispose();
    for (const panel of this.#panels) panel.dispose();
  }

  async #foldersIn(state: ComparisonPageState): Promise<readonly string[]> {
    return 'folders' in state ? state.folders : this.#source.foldersOf(state.runIds);
  }

  #adopt(webviewPanel: vscode.WebviewPanel, folders: readonly string[]): ComparePanel {
    const panel = new ComparePanel(webviewPanel, this.#extensionUri, folders, this.#source, this.#intents);
    this.#panels.add(panel);
    webviewPanel.onDidDispose(() => {
      this.#panels.delete(panel);
      panel.dispose();
      this.#source.keepOnly([...this.#panels].flatMap(({ folders }) => folders));
    });
    return panel;
  }
}

function hasSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((folder) => others.includes(folder));
}
