import * as vscode from 'vscode';
import { l10n } from '../../common/l10n.ts';
import { DisposableStore } from '../../common/disposable.ts';
import { LOSS_CLASSES } from '../../common/lossClasses.ts';
import type { CharacterScores } from '../../protocol/study.ts';
import { costOf } from '../study/pace.ts';
import { Coalesced } from '../coalesced.ts';
import { type Fitting, type InspectedRun, type InspectedRuns, rangeOf } from './inspectedRuns.ts';
import { questionOf, spanToScore } from './scoredSpan.ts';
import { shadedSpans } from './shadedSpans.ts';
import type { EditorSettings } from './settings.ts';
import type { Span } from './symbolText.ts';

/** How often the shade follows a network that is trained, at most and at least, and the share of the time that it may take. */
const FOLLOW_MS = 3000;
const SELDOM_MS = 60_000;
const FOLLOW_SHARE = 0.05;
/** What a first look is taken to cost. */
const EXPECTED_MS = 100;
const NOTE_MS = 8000;

/** What the network said of a part of a document. */
export interface ScoredSpan {
  readonly run: InspectedRun;
  /** Of the document. */
  readonly version: number;
  readonly span: Span;
  readonly scores: CharacterScores;
}

/** Shades what is on the screen of a run's file by the loss of each character. */
export class LossShading implements vscode.Disposable {
  readonly #owned = new DisposableStore();
  readonly #runs: InspectedRuns;
  readonly #settings: EditorSettings;
  readonly #log: Pick<vscode.LogOutputChannel, 'debug'>;
  /** Of every class of losses but the first, whose characters stay as they are. */
  readonly #shades: readonly vscode.TextEditorDecorationType[];
  readonly #shadedChanged = this.#owned.add(new vscode.EventEmitter<vscode.TextEditor>());
  /** An editor is shaded that was not, or is not any more. */
  readonly onDidChangeShaded = this.#shadedChanged.event;
  readonly #work = new WeakMap<vscode.TextEditor, Coalesced>();
  readonly #scored = new WeakMap<vscode.TextEditor, ScoredSpan>();
  /** Runs of which the person was told that their text changed. */
  readonly #told = new WeakSet<InspectedRun>();
  #isDisposed = false;
  /** When the shade may follow training again, and what following costs. */
  #followMs = 0;
  #costMs: number | undefined;

  constructor(runs: InspectedRuns, settings: EditorSettings, log: Pick<vscode.LogOutputChannel, 'debug'>) {
    this.#runs = runs;
    this.#settings = settings;
    this.#log = log;
    this.#shades = Array.from({ length: LOSS_CLASSES - 1 }, (_, shade) =>
      this.#owned.add(
        vscode.window.createTextEditorDecorationType({
          // Colours are named by class, counted from 1.
          backgroundColor: new vscode.ThemeColor(`rnnInspector.lossShade${shade + 2}`),
          rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
        }),
      ),
    );
    const all = (): void => this.#askAll();
    this.#owned.add(runs.onDidChange(all));
    this.#owned.add(settings.onDidChange(all));
    this.#owned.add(vscode.window.onDidChangeVisibleTextEditors(all));
    this.#owned.add(vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => this.#ask(textEditor)));
    this.#owned.add(vscode.workspace.onDidChangeTextDocument((event) => this.#documentChanged(event)));
    const timer = setInterval(() => {
      if (runs.isAnyTraining && Date.now() >= this.#followMs)
        this.#askAll((run) => run?.study.session.status.state === 'running');
    }, FOLLOW_MS);
    this.#owned.add({ dispose: () => clearInterval(timer) });
    all();
  }

  /** What the shade at a place of a document shows. */
  scoredAt(document: vscode.TextDocument, offset: number): ScoredSpan | undefined {
    for (const editor of vscode.window.visibleTextEditors) {
      const scored = editor.document === document ? this.#scored.get(editor) : undefined;
      const isHere = scored !== undefined && offset >= scored.span.from && offset < scored.span.to;
      if (isHere && scored.version === document.version && scored.run === this.#runs.of(document)) return scored;
    }
    return undefined;
  }

  /** Whether a document is shaded anywhere on the screen. */
  isShaded(document: vscode.TextDocument): boolean {
    return vscode.window.visibleTextEditors.some((editor) => editor.document === document && this.#scored.has(editor));
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#owned.dispose();
  }

  #askAll(isMeant: (run: InspectedRun | undefined) => boolean = () => true): void {
    for (const editor of vscode.window.visibleTextEditors) {
      if (isMeant(this.#runs.of(editor.document))) this.#ask(editor);
    }
  }

  #ask(editor: vscode.TextEditor): void {
    let work = this.#work.get(editor);
    if (work === undefined) {
      if (this.#runs.of(editor.document) === undefined) return;
      work = new Coalesced(() => this.#shade(editor));
      this.#work.set(editor, work);
    }
    work.ask();
  }

  /** What was shaded has moved: it goes at once, and comes back where the change was undone. */
  #documentChanged({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    if (contentChanges.length === 0) return;
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document !== document || !this.#work.has(editor)) continue;
      this.#clear(editor);
      this.#ask(editor);
    }
  }

  async #shade(editor: vscode.TextEditor): Promise<void> {
    if (!this.#isWanted(editor)) return;
    const { document } = editor;
    const fitting = this.#settings.isOn('lossShading') ? this.#runs.fitting(document) : undefined;
    this.#tellProblem(editor);
    // An editor that just appeared has nothing on the screen yet; it says so when it has.
    if (fitting === undefined || editor.visibleRanges.length === 0) {
      this.#clear(editor);
      return;
    }
    const { version } = document;
    try {
      const scored = await this.#score(editor, fitting);
      // What nobody waits for any more: the request that made it stale comes next.
      if (!this.#isWanted(editor) || document.version !== version || this.#runs.of(document) !== fitting.run) return;
      if (this.#settings.isOn('lossShading')) this.#show(editor, scored);
    } catch (error) {
      // There is no network, or none any more; the hover says so to whoever asks.
      this.#log.debug(`No loss shading: ${error instanceof Error ? error.message : String(error)}`);
      if (this.#isWanted(editor)) this.#clear(editor);
    }
  }

  async #score(editor: vscode.TextEditor, { run, text }: Fitting): Promise<ScoredSpan> {
    const { document, visibleRanges, selection } = editor;
    const visible = visibleRanges.map(({ start, end }) => ({
      from: document.offsetAt(start),
      to: document.offsetAt(end),
    }));
    const span = spanToScore(text, visible, document.offsetAt(selection.active));
    const { version } = document;
    const { before, text: asked } = questionOf(text, span);
    const startedMs = Date.now();
    const scores = await run.study.score(before, asked);
    const now = Date.now();
    this.#costMs = costOf(now - startedMs, this.#costMs, EXPECTED_MS);
    this.#followMs = now + Math.min(this.#costMs / FOLLOW_SHARE, SELDOM_MS);
    return { run, version, span, scores };
  }

  #show(editor: vscode.TextEditor, scored: ScoredSpan): void {
    const wasShaded = this.#scored.has(editor);
    this.#scored.set(editor, scored);
    const [, ...spans] = shadedSpans(scored.scores, scored.span.from, scored.span.to);
    spans.forEach((ofShade, shade) =>
      editor.setDecorations(
        this.#shades[shade],
        ofShade.map((span) => rangeOf(editor.document, span)),
      ),
    );
    if (!wasShaded) this.#shadedChanged.fire(editor);
  }

  #clear(editor: vscode.TextEditor): void {
    if (!this.#scored.delete(editor)) return;
    for (const shade of this.#shades) editor.setDecorations(shade, []);
    this.#shadedChanged.fire(editor);
  }

  /** Says once in the status bar that a text which changed is not shaded. */
  #tellProblem({ document }: vscode.TextEditor): void {
    const problem = this.#settings.isOn('lossShading') ? this.#runs.problem(document) : undefined;
    const run = this.#runs.of(document);
    if (problem === undefined || run === undefined || this.#told.has(run)) return;
    this.#told.add(run);
    vscode.window.setStatusBarMessage(`$(info) RNN: ${l10n.t('loss shading is off: {problem}', { problem })}`, NOTE_MS);
  }

  /** VS Code forgets editors that are no longer on the screen. */
  #isWanted(editor: vscode.TextEditor): boolean {
    return !this.#isDisposed && vscode.window.visibleTextEditors.includes(editor);
  }
}
