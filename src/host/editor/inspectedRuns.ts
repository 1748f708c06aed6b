import * as vscode from 'vscode';
import { l10n } from '../../common/l10n.ts';
import { DisposableStore } from '../../common/disposable.ts';
import type { Tape } from '../../protocol/study.ts';
import { groupDigits } from '../../common/written.ts';
import { LONGEST, TrainedText } from './trainedText.ts';
import type { EditorStudy } from './study.ts';
import type { SymbolText } from './symbolText.ts';

/** A run that is inspected, and what is known of its text. */
export interface InspectedRun {
  readonly study: EditorStudy;
  readonly text: TrainedText;
}

/** A document that holds the text of a run, symbol by symbol. */
export interface Fitting {
  readonly run: InspectedRun;
  readonly text: SymbolText;
}

const PROBLEMS = {
  changed: l10n.t('the file changed since the run began'),
  other: l10n.t(
    'the editor does not show the characters that the run read (its file may have changed, or its line ends are mixed)',
  ),
  long: l10n.t('the file has more than {count} characters', { count: groupDigits(LONGEST) }),
} as const;

/** The runs that are inspected; of several on one file the one counts that was added, or in front, last. */
export class InspectedRuns implements vscode.Disposable {
  readonly #owned = new DisposableStore();
  readonly #runs = new Map<InspectedRun, vscode.Disposable>();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<undefined>());
  readonly #tapeChanged = this.#owned.add(new vscode.EventEmitter<InspectedRun>());
  readonly #stepChosen = this.#owned.add(new vscode.EventEmitter<InspectedRun>());
  /** A run came or went, its text has another name, a document turned out not to hold its text, or its network is not what it was; while one trains its network changes all the time, unsaid. */
  readonly onDidChange = this.#changed.event;
  readonly onDidChangeTape = this.#tapeChanged.event;
  /** A person chose a time step in the panel. */
  readonly onDidChooseStep = this.#stepChosen.event;

  /** Shows a run in the editors of its file until what is returned is disposed of. */
  add(study: EditorStudy): vscode.Disposable {
    const uri = study.session.uri.toString();
    const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri);
    const run: InspectedRun = { study, text: new TrainedText(study.session, document) };
    const owned = new DisposableStore();
    owned.add(study.onDidChangeTape((tape) => this.#takeTape(run, tape)));
    owned.add(study.onDidChangeShown(() => this.#changed.fire(undefined)));
    owned.add(study.onDidChooseStep(() => this.#stepChosen.fire(run)));
    owned.add(
      study.session.onDidChange(({ type }) => {
        const isStep = type === 'rows' && study.session.status.state !== 'running';
        if (type === 'status' || type === 'text' || isStep) this.#changed.fire(undefined);
      }),
    );
    owned.add({
      dispose: () => {
        this.#runs.delete(run);
        this.#changed.fire(undefined);
      },
    });
    this.#runs.set(run, owned);
    this.#changed.fire(undefined);
    return owned;
  }

  /** A session is in front: of several on its file it is the one that the editors show. */
  prefer(session: EditorStudy['session']): void {
    const run = [...this.#runs.keys()].find(({ study }) => study.session === session);
    const owned = run && this.#runs.get(run);
    if (run === undefined || owned === undefined) return;
    // The last one counts.
    this.#runs.delete(run);
    this.#runs.set(run, owned);
    this.#changed.fire(undefined);
  }

  /** Whether a network changes now. */
  get isAnyTraining(): boolean {
    return [...this.#runs.keys()].some(({ study }) => study.isShown && study.session.status.state === 'running');
  }

  of(document: vscode.TextDocument): InspectedRun | undefined {
    const uri = document.uri.toString();
    return [...this.#runs.keys()].findLast(({ study }) => study.isShown && study.session.uri.toString() === uri);
  }

  /** The run of a document that still holds its text. */
  fitting(document: vscode.TextDocument): Fitting | undefined {
    const run = this.of(document);
    const fit = run?.text.fit(document);
    return run !== undefined && fit?.kind === 'fits' ? { run, text: fit.text } : undefined;
  }

  /** Why nothing is shown in a document of a run; undefined where something is. */
  problem(document: vscode.TextDocument): string | undefined {
    const fit = this.of(document)?.text.fit(document);
    if (fit?.kind !== 'differs') return undefined;
    return PROBLEMS[fit.reason];
  }

  /** A window that a document does not hold shows that the document is not the text of the run. */
  #takeTape(run: InspectedRun, tape: Tape): void {
    const documents = vscode.window.visibleTextEditors.map(({ document }) => document);
    const meant = documents.filter((document) => this.of(document) === run);
    if (meant.every((document) => run.text.check(document, tape))) this.#tapeChanged.fire(run);
    else this.#changed.fire(undefined);
  }

  dispose(): void {
    for (const owned of [...this.#runs.values()]) owned.dispose();
    this.#owned.dispose();
  }
}

/** A part of a document as an editor takes it. */
export function rangeOf(document: vscode.TextDocument, { from, to }: { from: number; to: number }): vscode.Range {
  return new vscode.Range(document.positionAt(from), document.positionAt(to));
}
