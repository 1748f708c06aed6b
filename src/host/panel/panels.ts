import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import * as v from 'valibot';
import { DisposableStore } from '../../common/disposable.ts';
import { RunId } from '../../protocol/run.ts';
import { Panel, PANEL_TYPE, type PanelIntents } from './panel.ts';
import type { RememberedRun } from '../run/places.ts';
import type { Session } from '../session/session.ts';
import type { Sessions } from '../session/sessions.ts';
import type { ShownRuns } from './shownRuns.ts';

/** What the panel's page keeps as its state; VS Code hands it to the serializer after a reload. */
const PanelState = v.object({
  panelId: v.optional(v.pipe(v.string(), v.uuid())),
  run: v.nullable(v.object({ runId: RunId, folder: v.optional(v.string()) })),
});

/** All panels of this window, one a session, and their return after *Reload Window*. */
export class Panels implements vscode.Disposable, vscode.WebviewPanelSerializer {
  readonly #panels = new Set<Panel>();
  readonly #owned = new DisposableStore();
  readonly #extensionUri: vscode.Uri;
  readonly #sessions: Sessions;
  readonly #open: (run: RememberedRun) => Promise<Session | undefined>;
  readonly #intents: PanelIntents;
  readonly #shown: ShownRuns;
  #isDisposed = false;

  /** @param open a run from its folder; undefined where there is none any more. */
  constructor(
    extensionUri: vscode.Uri,
    sessions: Sessions,
    open: (run: RememberedRun) => Promise<Session | undefined>,
    shown: ShownRuns,
    intents: PanelIntents,
  ) {
    this.#shown = shown;
    this.#extensionUri = extensionUri;
    this.#sessions = sessions;
    this.#open = open;
    this.#intents = intents;
    this.#owned.add(vscode.window.registerWebviewPanelSerializer(PANEL_TYPE, this));
    this.#owned.add(sessions.onDidChange(({ change }) => change.type === 'place' && this.#tellShown()));
    const titles = (): void => this.#showTitles();
    this.#owned.add(sessions.onDidChange(({ change: { type } }) => (type === 'text' || type === 'name') && titles()));
    this.#owned.add(sessions.onDidAdd(titles));
    this.#owned.add(sessions.onDidRemove(titles));
  }

  /** The panel of a session: its own, one whose run on the same file is over, or a new one, with the other panels or beside the editor. */
  show(session: Session): Panel {
    const panel = this.of(session) ?? this.#reusable(session);
    if (panel !== undefined) {
      if (panel.session !== session) this.showIn(panel, session);
      panel.webviewPanel.reveal(undefined, true);
      return panel;
    }
    return this.showAt(session, this.#columnFor(session));
  }

  /** Opens a new panel for a session. */
  showAt(session: Session, viewColumn: vscode.ViewColumn): Panel {
    const webviewPanel = vscode.window.createWebviewPanel(PANEL_TYPE, 'RNN', { viewColumn, preserveFocus: true });
    const created = this.#adopt(webviewPanel, randomUUID());
    this.showIn(created, session);
    return created;
  }

  /** Replaces what a panel shows. */
  showIn(panel: Panel, session: Session): void {
    panel.show(session);
    this.#forgetUnshown();
    this.#showTitles();
    this.#tellShown();
  }

  /** Reveals the panel of the current session with the keyboard's focus in it. */
  reveal(session: Session): Panel {
    const panel = this.show(session);
    panel.webviewPanel.reveal(undefined, false);
    return panel;
  }

  async deserializeWebviewPanel(webviewPanel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const parsed = v.safeParse(PanelState, state);
    const stored = parsed.success ? parsed.output : undefined;
    const panel = this.#adopt(webviewPanel, stored?.panelId ?? randomUUID());
    panel.waitForSession();
    const session = await this.#restored((await this.#shown.runOf(panel.panelId)) ?? stored?.run ?? undefined);
    // The person may have closed the panel meanwhile.
    if (!this.#panels.has(panel)) {
      this.#forgetUnshown();
      return;
    }
    panel.show(session);
    this.#showTitles();
    this.#tellShown();
  }

  /** A stored run, if there is one that can be read. */
  async #restored(run: RememberedRun | undefined): Promise<Session | undefined> {
    if (run === undefined) return undefined;
    try {
      return await this.#open(run);
    } catch (error) {
      this.#intents.report(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#owned.dispose();
    for (const panel of this.#panels) panel.dispose();
  }

  /** Forgets the runs that are over and that no panel shows, with their threads; the current one can still be shown. */
  #forgetUnshown(): void {
    for (const session of this.#sessions.all) {
      if (!session.isUnderWay && session !== this.#sessions.current && this.of(session) === undefined) {
        this.#sessions.remove(session);
      }
    }
  }

  /** What a panel goes by depends on the others: runs on one file are told apart. */
  #showTitles(): void {
    if (this.#isDisposed) return;
    for (const { webviewPanel, session } of this.#panels) {
      const title = session === undefined ? 'RNN' : `RNN: ${this.#sessions.labelOf(session)}`;
      if (webviewPanel.title !== title) webviewPanel.title = title;
    }
  }

  #tellShown(): void {
    if (this.#isDisposed) return;
    const { sessionId } = vscode.env;
    this.#shown.note(
      [...this.#panels].flatMap(({ panelId, session }) =>
        session === undefined ? [] : [{ panelId, ...rememberedRun(session), sessionId }],
      ),
    );
  }

  of(session: Session): Panel | undefined {
    return [...this.#panels].find((panel) => panel.session === session);
  }

  #reusable(session: Session): Panel | undefined {
    return [...this.#panels].find(
      (panel) => !panel.isWaiting && (panel.session === undefined || isFollowedBy(panel.session, session)),
    );
  }

  /** Where other panels are, so that one split serves all, unless the text of the run is on the screen there. */
  #columnFor(session: Session): vscode.ViewColumn {
    const file = session.uri.toString();
    const groups = vscode.window.tabGroups.all.filter(({ viewColumn, activeTab }) => {
      const shown = activeTab?.input instanceof vscode.TabInputText ? activeTab.input.uri.toString() : undefined;
      return shown !== file && [...this.#panels].some(({ webviewPanel }) => webviewPanel.viewColumn === viewColumn);
    });
    return groups[0]?.viewColumn ?? vscode.ViewColumn.Beside;
  }

  #adopt(webviewPanel: vscode.WebviewPanel, panelId: string): Panel {
    const panel = new Panel(webviewPanel, panelId, this.#extensionUri, this.#intents);
    this.#panels.add(panel);
    webviewPanel.onDidDispose(() => {
      this.#panels.delete(panel);
      panel.dispose();
      this.#forgetUnshown();
      this.#tellShown();
    });
    webviewPanel.onDidChangeViewState(() => {
      if (webviewPanel.active && panel.session !== undefined) this.#sessions.setCurrent(panel.session);
    });
    return panel;
  }
}

/**
 * Whether the panel of a run may show another one, on the same file, in its place. Messages of a page name their run by its id: a panel never
 * goes from a run to another one of the same id.
 */
function isFollowedBy(shown: Session, next: Session): boolean {
  const isSameFile = shown.uri.toString() === next.uri.toString();
  const isTwin = shown.description.runId === next.description.runId && shown.folder !== next.folder;
  return !shown.isUnderWay && isSameFile && !isTwin;
}

function rememberedRun({ description: { runId, folder } }: Session): RememberedRun {
  return { runId, ...(folder !== undefined && { folder }) };
}
