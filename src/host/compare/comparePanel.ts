import * as vscode from 'vscode';
import * as v from 'valibot';
import { l10n } from '../../common/l10n.ts';
import { DisposableStore } from '../../common/disposable.ts';
import { FromComparison, type ToComparison } from '../../protocol/compare.ts';
import { COMPARE_PAGE, panelHtml, preparePanel } from '../panel/panelHtml.ts';
import { ComparisonFeed } from './comparisonFeed.ts';
import type { CompareIntents, CompareSource } from './compareSource.ts';

/** One webview panel that compares runs. */
export class ComparePanel implements vscode.Disposable {
  readonly webviewPanel: vscode.WebviewPanel;
  readonly #owned = new DisposableStore();
  readonly #intents: CompareIntents;
  readonly #feed: ComparisonFeed;
  #isDisposed = false;

  constructor(
    webviewPanel: vscode.WebviewPanel,
    extensionUri: vscode.Uri,
    folders: readonly string[],
    source: CompareSource,
    intents: CompareIntents,
  ) {
    this.webviewPanel = webviewPanel;
    this.#intents = intents;
    this.#feed = new ComparisonFeed(folders, {
      read: (folder) => source.read(folder),
      post: (message) => this.#post(message),
    });
    this.#owned.add({ dispose: () => this.#feed.pause() });
    this.#owned.add(source.onDidChange((folder) => this.#feed.runChanged(folder)));
    const { webview } = webviewPanel;
    preparePanel(webviewPanel, extensionUri);
    this.#owned.add(webview.onDidReceiveMessage((message: unknown) => this.#receive(message)));
    this.#owned.add(
      webviewPanel.onDidChangeViewState(() => {
        // The page of a hidden panel is gone; it says `ready` anew when it is shown.
        if (!webviewPanel.visible) this.#feed.pause();
      }),
    );
    this.#showTitle();
    webview.html = panelHtml(webview, extensionUri, COMPARE_PAGE);
  }

  get folders(): readonly string[] {
    return this.#feed.folders;
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#owned.dispose();
  }

  #receive(raw: unknown): void {
    const parsed = v.safeParse(FromComparison, raw);
    if (!parsed.success) {
      this.#intents.report(`A message from the comparison was refused: ${v.summarize(parsed.issues)}`);
      return;
    }
    const message = parsed.output;
    switch (message.type) {
      case 'ready':
        return this.#feed.start();
      case 'acknowledge':
        return this.#feed.acknowledge(message.sequence);
      case 'remove':
        this.#feed.setRuns(this.#feed.folders.filter((folder) => folder !== message.folder));
        return this.#showTitle();
      case 'open':
        return this.#intents.open(message.folder);
      case 'save':
        return void this.#save(message);
      case 'panelError':
        return this.#intents.report(`The comparison reports an error: ${message.message}`);
      default:
        return message satisfies never;
    }
  }

  #showTitle(): void {
    const count = this.#feed.folders.length;
    this.webviewPanel.title = count === 1 ? l10n.t('Compare: 1 run') : l10n.t('Compare: {count} runs', { count });
  }

  async #save(message: Extract<FromComparison, { type: 'save' }>): Promise<void> {
    const problem = await this.#intents.save(message);
    await this.#post({ type: 'saved', ...(problem !== undefined && { message: problem }) });
  }

  async #post(message: ToComparison): Promise<boolean> {
    // The panel may have been closed meanwhile.
    return this.#isDisposed ? false : this.webviewPanel.webview.postMessage(message);
  }
}
