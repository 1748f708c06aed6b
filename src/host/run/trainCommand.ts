import * as vscode from 'vscode';
import { l10n } from '../../common/l10n.ts';
import { groupDigits } from '../../common/written.ts';
import { InputError, settingsOf, type Remedy } from '../../common/inputError.ts';
import type { RunStatus } from '../../protocol/panel.ts';
import { STATE_TEXTS } from '../../protocol/stateTexts.ts';
import { parseSettings, type RunSettings } from '../../protocol/settings.ts';
import type { Panel } from '../panel/panel.ts';
import { pickSettings } from './presets.ts';
import { resumeRun } from './resuming.ts';
import type { RunLauncher } from './runLauncher.ts';
import type { Session } from '../session/session.ts';
import type { Sessions } from '../session/sessions.ts';
import { openSettings, readSettings } from './settings.ts';
import { readTextSource, type TextSource } from '../session/textSource.ts';
import { showText } from './textInFront.ts';
import { ask, refuse } from '../message.ts';

/** A panel that is still waiting for its run after this long is opened to show that it is starting. */
const SHOW_STARTING_MS = 400;

/** Starts runs: finds the text and the settings, asks what must be asked, opens the panel, and explains refusals. */
export class TrainCommand {
  readonly #context: vscode.ExtensionContext;
  readonly #sessions: Sessions;
  readonly #launcher: RunLauncher;
  readonly #log: vscode.LogOutputChannel;
  #isBusy = false;

  constructor(context: vscode.ExtensionContext, launcher: RunLauncher) {
    this.#context = context;
    this.#launcher = launcher;
    this.#sessions = launcher.sessions;
    this.#log = launcher.log;
  }

  /** *Train RNN on file*: on the file given (context menus), the file in front, or one that the person chooses. */
  async run(uri: vscode.Uri | undefined): Promise<void> {
    const chosen = uri ?? fileInFront() ?? (await this.#pickFile());
    if (chosen === undefined) return;
    await this.#oneAtATime(chosen, async () => {
      // The file is looked at first: what cannot be trained on is said before anything is asked.
      const ofFile = readSettings(chosen);
      const source = await readTextSource(chosen, ofFile.tokens);
      const settings = await pickSettings(ofFile, this.#context.globalState, source.name);
      if (settings === undefined || !(await this.#maySecondRunStart())) return;
      await showText(chosen);
      this.#start(source, settings);
    });
  }

  /** Starts a run with the person's settings, without a question. */
  async runWithoutAsking(uri: vscode.Uri): Promise<void> {
    await this.#oneAtATime(uri, async () => this.#startOn(uri, readSettings(uri)));
  }

  /** Starts a run with these settings and shows it at once; undefined where the text is refused or the person wants no second run. */
  async begin(uri: vscode.Uri, settings: RunSettings): Promise<Panel | undefined> {
    let panel: Panel | undefined;
    await this.#oneAtATime(uri, async () => {
      if (!(await this.#maySecondRunStart())) return;
      const session = this.#begin(await readTextSource(uri, settings.tokens), settings);
      panel = this.#launcher.panels.show(session);
    });
    return panel;
  }

  /** A new run on the file of an earlier one, with its settings and, if asked, the remedy of its failure. */
  async again(earlier: Session, withRemedy: boolean, panel: Panel): Promise<void> {
    await this.#oneAtATime(earlier.uri, async () => {
      if (!(await this.#maySecondRunStart())) return;
      const remedy = withRemedy ? earlier.status.failure?.remedy : undefined;
      const { settings: before } = earlier.description;
      const settings = remedy === undefined ? before : withRemedyApplied(before, remedy);
      // A run that goes on keeps its panel.
      const into = !earlier.isUnderWay && panel.session === earlier ? panel : undefined;
      await this.#startOn(earlier.uri, settings, into);
    });
  }

  async #startOn(uri: vscode.Uri, settings: RunSettings, panel?: Panel): Promise<void> {
    this.#start(await readTextSource(uri, settings.tokens), settings, panel);
  }

  #start(source: TextSource, settings: RunSettings, panel?: Panel): void {
    const session = this.#begin(source, settings);
    if (panel === undefined) this.#showWhenStarted(session);
    else this.#launcher.panels.showIn(panel, session);
  }

  #begin(source: TextSource, settings: RunSettings): Session {
    const session = this.#launcher.begin(source, settings);
    this.#sessions.add(session);
    this.#explainFailure(session);
    return session;
  }

  async #pickFile(): Promise<vscode.Uri | undefined> {
    const picked = await vscode.window.showOpenDialog({
      title: l10n.t('Train RNN on file'),
      openLabel: l10n.t('Train'),
      canSelectMany: false,
    });
    return picked?.[0];
  }

  /** Asks where another run trains; one that is paused, as a lesson leaves it, stays as it is. */
  async #maySecondRunStart(): Promise<boolean> {
    const [training] = this.#sessions.training;
    if (training === undefined) return true;
    const stop = l10n.t('Stop it and start');
    const keep = l10n.t('Train both');
    const answer = await ask(
      l10n.t('A run on {file} is {state}.', {
        file: training.description.fileName,
        state: STATE_TEXTS[training.status.state],
      }),
      l10n.t('Two runs share the processor, so each of them trains more slowly.'),
      stop,
      keep,
    );
    if (answer === stop) await Promise.all(this.#sessions.training.map((session) => session.stop()));
    return answer !== undefined;
  }

  /** Opens the panel once the run has started, or takes long to; a run that was refused before leaves no trace. */
  #showWhenStarted(session: Session): void {
    const show = (): void => {
      clearTimeout(timer);
      subscription.dispose();
      this.#launcher.panels.show(session);
    };
    const timer = setTimeout(show, SHOW_STARTING_MS);
    const subscription = session.onDidChange(() => {
      const { state } = session.status;
      // That a file is being read is no news before it takes long.
      if (state === 'starting') return;
      if (state !== 'failed') {
        show();
        return;
      }
      clearTimeout(timer);
      subscription.dispose();
    });
  }

  /** A run that was refused or died says so in a notification too: its panel may be hidden or not yet there. */
  #explainFailure(session: Session): void {
    const subscription = session.onDidChange((change) => {
      if (change.type !== 'status' || !session.isOver) return;
      subscription.dispose();
      const { failure } = session.status;
      this.#log.info(
        `Run ${session.description.runId}: ${session.status.state}${failure ? `: ${failure.message}` : ''}`,
      );
      if (failure !== undefined) void this.#explainEnd(session, failure);
    });
  }

  /** Why a run failed, with the way on: from its last checkpoint, where there is one. */
  async #explainEnd(session: Session, failure: NonNullable<RunStatus['failure']>): Promise<void> {
    const { folder, settings } = session.description;
    if (folder !== undefined) await this.#launcher.keeper.settled(folder);
    const { resumable, elapsedMs } = session.status;
    if (resumable === undefined || folder === undefined)
      return this.#explain(session.uri, failure.message, failure.remedy, settings);
    const wayOn = l10n.t(
      'The run can go on from its checkpoint at iteration {iteration}; {lost} of {seconds} seconds of training are lost.',
      {
        iteration: groupDigits(resumable.iteration),
        lost: resumable.lostSeconds.toFixed(1),
        seconds: (elapsedMs / 1000).toFixed(1),
      },
    );
    const resume = l10n.t('Resume');
    if ((await refuse(`${failure.message} ${wayOn}`, resume)) === resume)
      await resumeRun(this.#launcher, folder, false);
  }

  /** Explains what refuses the input; a second request while one is being answered, as by a double click, does nothing. */
  async #oneAtATime(uri: vscode.Uri, work: () => Promise<void>): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      await work();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      // Not waited for: the message may stay while the person does something else.
      void this.#explain(uri, error.message, error.remedy);
    } finally {
      this.#isBusy = false;
    }
  }

  async #explain(uri: vscode.Uri, message: string, remedy?: Remedy, settings?: RunSettings): Promise<void> {
    this.#log.warn(message);
    const settingsButton = l10n.t('Open Settings');
    const buttons = remedy === undefined ? [settingsButton] : [remedy.label, settingsButton];
    const answer = await refuse(message, ...buttons);
    if (answer === settingsButton) await openSettings(this.#context.extension.id);
    else if (answer !== undefined && remedy !== undefined) {
      await this.#oneAtATime(uri, async () => {
        if (!(await this.#maySecondRunStart())) return;
        await this.#startOn(uri, withRemedyApplied(settings ?? readSettings(uri), remedy));
      });
    }
  }
}

/**
 * The file that the person looks at: the active editor's, or, while the panel has the focus, the only one on the screen.
 * The tab is asked too, since VS Code gives extensions no editor for files over 50 MB.
 */
function fileInFront(): vscode.Uri | undefined {
  const { activeTextEditor, visibleTextEditors, tabGroups } = vscode.window;
  if (activeTextEditor !== undefined) return activeTextEditor.document.uri;
  const input = tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputText) return input.uri;
  return visibleTextEditors.length === 1 ? visibleTextEditors[0].document.uri : undefined;
}

function withRemedyApplied(settings: RunSettings, remedy: Remedy): RunSettings {
  return parseSettings({ ...settings, ...Object.fromEntries(settingsOf(remedy)) });
}
