import * as vscode from 'vscode';
import { l10n } from '../../common/l10n.ts';
import { DisposableStore } from '../../common/disposable.ts';
import { CaretLink } from './caretLink.ts';
import { CharacterHover } from './characterHover.ts';
import { type Feature, FEATURE_NAMES, FEATURES } from '../../protocol/editorSettings.ts';
import { InspectedRuns } from './inspectedRuns.ts';
import { LossShading } from './lossShading.ts';
import { EditorSettings, toggledMessage } from './settings.ts';
import { HINT_COMMANDS, ShadingHint } from './shadingHint.ts';
import type { EditorStudy } from './study.ts';
import { TextNotes } from './textNotes.ts';
import { WindowMark } from './windowMark.ts';
import { tell } from '../message.ts';

const MESSAGE_MS = 4000;

/** What the editors of a run's file show of it, and the commands that switch each part on and off. */
export class EditorInspection implements vscode.Disposable {
  readonly #owned = new DisposableStore();
  readonly #runs = this.#owned.add(new InspectedRuns());
  readonly #settings = this.#owned.add(new EditorSettings());

  constructor(memory: vscode.Memento, log: Pick<vscode.LogOutputChannel, 'debug'>) {
    const shading = this.#owned.add(new LossShading(this.#runs, this.#settings, log));
    const hint = this.#owned.add(new ShadingHint(memory, () => this.#turnOffShading()));
    this.#owned.add(new TextNotes(this.#runs, this.#settings, shading, hint));
    this.#owned.add(new WindowMark(this.#runs, this.#settings));
    this.#owned.add(new CaretLink(this.#runs, this.#settings));
    this.#owned.add(
      vscode.languages.registerHoverProvider('*', new CharacterHover(this.#runs, this.#settings, shading)),
    );
    const command = (id: string, run: () => Promise<void>): void => {
      this.#owned.add(vscode.commands.registerCommand(id, run));
    };
    for (const feature of FEATURE_NAMES)
      command(`rnnInspector.${FEATURES[feature].command}`, () => this.#toggle(feature));
    command(HINT_COMMANDS.explain, () => hint.tell());
    command(HINT_COMMANDS.turnOff, () => hint.turnOff());
    command(HINT_COMMANDS.take, () => hint.take());
  }

  /**
   * Shows a run in the editors of its file, from its start on: what a document holds then is taken for the run's text.
   * Disposing of what is returned ends that.
   */
  add(study: EditorStudy): vscode.Disposable {
    return this.#runs.add(study);
  }

  /** A session is in front: of several runs on its file, the editors show this one. */
  prefer(session: EditorStudy['session']): void {
    this.#runs.prefer(session);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** Asked for in a message that may be answered late: what is off by then stays off. */
  #turnOffShading(): void {
    if (this.#settings.isOn('lossShading')) void this.#toggle('lossShading');
  }

  async #toggle(feature: Feature): Promise<void> {
    const isOn = await this.#settings.toggle(feature);
    const document = vscode.window.activeTextEditor?.document;
    const problem = isOn && document ? this.#runs.problem(document) : undefined;
    const message = toggledMessage(feature, isOn);
    if (problem === undefined) vscode.window.setStatusBarMessage(`RNN: ${message}`, MESSAGE_MS);
    // The person asked for it and sees nothing: why must be said where it is read.
    else void tell(l10n.t('{message}. Nothing is shown in this editor: {problem}.', { message, problem }));
  }
}
