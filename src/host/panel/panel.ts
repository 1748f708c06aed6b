import * as vscode from 'vscode';
import * as v from 'valibot';
import { DisposableStore } from '../../common/disposable.ts';
import { FromPanel, type ToPanel } from '../../protocol/panel.ts';
import type { KeptTours } from '../run/keptTours.ts';
import { panelHtml, preparePanel } from './panelHtml.ts';
import { PanelSync } from './panelSync.ts';
import type { Session } from '../session/session.ts';

export const PANEL_TYPE = 'rnnInspector.panel';

export type SaveMessage = Extract<FromPanel, { type: 'save' }>;

type ManageAction = Extract<FromPanel, { type: 'manageRun' }>['action'];

/** What a panel asks of the rest of the extension. */
export interface PanelIntents {
  again(session: Session, withRemedy: boolean, panel: Panel): void;
  /** Goes on with a run that is over, or brings its network back. */
  resume(session: Session, isPaused: boolean): void;
  /** Forks, compares or exports a run that is kept. */
  manage(session: Session, action: ManageAction): void;
  reveal(uri: vscode.Uri): void;
  trainFile(): void;
  importWeights(): void;
  openSettings(): void;
  showLog(): void;
  /** Asks where to save a picture; resolves with why it could not be, for the person. */
  save(picture: SaveMessage, session: Session | undefined): Promise<string | undefined>;
  report(message: string): void;
  readonly tours: Pick<KeptTours, 'of' | 'keep'>;
}

/** One webview panel and the session that it shows. */
export class Panel implements vscode.Disposable {
  readonly webviewPanel: vscode.WebviewPanel;
  /** Stays when the window is loaded anew. */
  readonly panelId: string;
  readonly #owned = new DisposableStore();
  readonly #intents: PanelIntents;
  #session: Session | undefined;
  #sync: PanelSync;
  #isPageReady = false;
  /** What the page is told as soon as it is there. */
  #untold: ToPanel[] = [];
  #isFocusWanted = false;
  #isWaiting = false;
  #isDisposed = false;
  #stepShown: vscode.Disposable | undefined;

  constructor(webviewPanel: vscode.WebviewPanel, panelId: string, extensionUri: vscode.Uri, intents: PanelIntents) {
    this.webviewPanel = webviewPanel;
    this.panelId = panelId;
    this.#intents = intents;
    this.#sync = this.#newSync(undefined);
    this.#owned.add({ dispose: () => this.#sync.dispose() });
    const { webview } = webviewPanel;
    preparePanel(webviewPanel, extensionUri);
    this.#owned.add(webview.onDidReceiveMessage((message: unknown) => this.#receive(message)));
    this.#owned.add(
      webviewPanel.onDidChangeViewState(() => {
        if (webviewPanel.visible) return;
        // The page of a hidden panel is gone; it says `ready` anew when it is shown.
        this.#isPageReady = false;
        this.#sync.pause();
        this.#session?.study.hide();
      }),
    );
    webview.html = panelHtml(webview, extensionUri, undefined, panelId);
  }

  get session(): Session | undefined {
    return this.#session;
  }

  /** Whether a session is on its way to this panel; until then the page is told nothing. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  waitForSession(): void {
    this.#isWaiting = true;
  }

  /** Shows another session in this panel, or none. */
  show(session: Session | undefined): void {
    this.#isWaiting = false;
    this.#leaveSession();
    this.#session = session;
    if (session !== undefined) session.study.isShown = true;
    this.#stepShown = session?.study.onDidShowStep((t) => void this.#post({ type: 'showStep', t }));
    this.#sync.dispose();
    this.#sync = this.#newSync(session);
    if (this.#isPageReady) this.#sendRun();
  }

  /** Puts the keyboard's focus on the prompt. */
  focusPrompt(): void {
    this.tell({ type: 'focusPrompt' });
  }

  /** Tells the page something, at once or as soon as it is there and has been sent its run. */
  tell(message: ToPanel): void {
    if (this.#isPageReady) void this.#post(message);
    else this.#untold.push(message);
  }

  /** Gives the keyboard to the page: at once, or when it has drawn something, since before there is nothing in it that could take it. */
  focus(): void {
    this.#isFocusWanted = !this.#isPageReady;
    if (this.#isPageReady) this.webviewPanel.reveal(undefined, false);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#leaveSession();
    this.#owned.dispose();
  }

  #leaveSession(): void {
    if (this.#session !== undefined) this.#session.study.isShown = false;
    this.#stepShown?.dispose();
  }

  #newSync(session: Session | undefined): PanelSync {
    return new PanelSync(session, (message) => this.webviewPanel.webview.postMessage(message));
  }

  #receive(raw: unknown): void {
    const parsed = v.safeParse(FromPanel, raw);
    if (!parsed.success) {
      this.#intents.report(`A message from the panel was refused: ${v.summarize(parsed.issues)}`);
      return;
    }
    const message = parsed.output;
    switch (message.type) {
      case 'ready':
        return this.#ready();
      case 'acknowledge':
        return this.#sync.acknowledge(message.sequence);
      case 'drawn':
        if (this.#isFocusWanted) this.focus();
        return this.#sync.drawn(message.sequence);
      case 'trainFile':
        return this.#intents.trainFile();
      case 'importWeights':
        return this.#intents.importWeights();
      case 'openSettings':
        return this.#intents.openSettings();
      case 'showLog':
        return this.#intents.showLog();
      case 'panelError':
        return this.#intents.report(`The panel reports an error: ${message.message}`);
      case 'save':
        return void this.#save(message);
      case 'copy':
        return void this.#copy(message.text);
      case 'watch':
      case 'ask':
      case 'chooseStep':
      case 'control':
      case 'again':
      case 'resumeRun':
      case 'manageRun':
      case 'revealFile':
      case 'keepTour':
      case 'sampling':
      case 'generate':
        // What speaks of a run that this panel no longer shows is stale.
        if (this.#session?.description.runId === message.runId) this.#receiveForRun(this.#session, message);
        return;
      default:
        return message satisfies never;
    }
  }

  #receiveForRun(session: Session, message: Extract<FromPanel, { runId: string }>): void {
    switch (message.type) {
      case 'control':
        return session.control(message.action);
      case 'again':
        return this.#intents.again(session, message.withRemedy, this);
      case 'resumeRun':
        return this.#intents.resume(session, message.isPaused);
      case 'manageRun':
        return this.#intents.manage(session, message.action);
      case 'revealFile':
        return this.#intents.reveal(session.uri);
      case 'keepTour':
        return void this.#intents.tours.keep(message.runId, message.tour);
      case 'sampling':
        return session.setSampling(message.options);
      case 'generate':
        return void this.#generate(session, message);
      case 'watch':
        this.#sync.showTab(message.tab);
        return session.study.watch(message);
      case 'ask':
        return void this.#study(session, message);
      case 'chooseStep':
        return session.study.stepChosen(message.t);
      default:
        return message satisfies never;
    }
  }

  #sendRun(): void {
    this.#sync.sendSnapshot();
    const runId = this.#session?.description.runId;
    const tour = runId === undefined ? undefined : this.#intents.tours.of(runId);
    if (runId !== undefined && tour !== undefined) void this.#post({ type: 'keptTour', runId, tour });
  }

  #ready(): void {
    this.#isPageReady = true;
    if (!this.#isWaiting) this.#sendRun();
    for (const message of this.#untold.splice(0)) void this.#post(message);
  }

  async #save(message: SaveMessage): Promise<void> {
    const problem = await this.#intents.save(message, this.#session);
    await this.#post({ type: 'saved', ...(problem !== undefined && { message: problem }) });
  }

  async #copy(text: string): Promise<void> {
    const copied = await settled(vscode.env.clipboard.writeText(text).then(() => ({})));
    await this.#post({ type: 'copied', ...(!copied.ok && { message: copied.message }) });
  }

  async #study(session: Session, { requestId, question }: Extract<FromPanel, { type: 'ask' }>): Promise<void> {
    const { measure } = question;
    const asked = session.study.ask(measure, question).then((answer) => ({ [measure]: answer }));
    await this.#post({ type: 'studied', requestId, result: await settled(asked) });
  }

  async #generate(session: Session, request: Extract<FromPanel, { type: 'generate' }>): Promise<void> {
    const { requestId } = request;
    const result = await settled(session.generate(request.options).then((sample) => ({ sample })));
    await this.#post({ type: 'generated', requestId, result });
  }

  async #post(message: ToPanel): Promise<void> {
    // The panel may have been closed meanwhile.
    if (!this.#isDisposed) await this.webviewPanel.webview.postMessage(message);
  }
}

/** A reply: what was asked for, or why it could not be had. */
function settled<R extends object>(
  work: Thenable<R>,
): Thenable<({ readonly ok: true } & R) | { readonly ok: false; readonly message: string }> {
  return work.then(
    (result) => ({ ok: true, ...result }) as const,
    (error: unknown) => ({ ok: false, message: error instanceof Error ? error.message : String(error) }) as const,
  );
}
