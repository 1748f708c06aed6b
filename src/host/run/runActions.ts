import * as vscode from 'vscode';
import { l10n } from '../../common/l10n.ts';
import { groupDigits } from '../../common/written.ts';
import { InputError } from '../../common/inputError.ts';
import { SampleOptions } from '../../protocol/run.ts';
import { CheckpointFolder, type NewestCheckpoint } from '../../runs/disk/checkpoints.ts';
import type { RunLibrary, RunSummary } from '../../runs/disk/library.ts';
import { asSetBefore } from '../../runs/recording/settingChanges.ts';
import type { RunHost } from '../runsView/runHost.ts';
import type { Session } from '../session/session.ts';
import { forkRun } from './forking.ts';
import { askForSettings, pickCheckpoint } from './forkQuestion.ts';
import { openRun } from './opening.ts';
import type { FoundRun, RememberedRun } from './places.ts';
import { resumeRun } from './resuming.ts';
import type { RunLauncher } from './runLauncher.ts';
import { chooseText } from './textChoice.ts';

const SAMPLE_LENGTH = 500;

/** What a person does with runs that are there. */
export class RunActions implements RunHost {
  readonly #launcher: RunLauncher;
  readonly #export: (summary: RunSummary, session: Session | undefined) => Promise<void>;
  readonly #compare: (folders: readonly string[]) => Promise<void>;

  constructor(
    launcher: RunLauncher,
    others: {
      readonly export: (summary: RunSummary, session: Session | undefined) => Promise<void>;
      readonly compare: (folders: readonly string[]) => Promise<void>;
    },
  ) {
    this.#launcher = launcher;
    this.#export = others.export;
    this.#compare = others.compare;
  }

  get onDidChange(): vscode.Event<unknown> {
    return this.#launcher.keeper.onDidChange;
  }

  libraries(): readonly RunLibrary[] {
    return this.#launcher.keeper.places.libraries;
  }

  usedLibraries(): Promise<readonly RunLibrary[]> {
    return this.#launcher.keeper.places.usedLibraries();
  }

  madeIn(library: RunLibrary): Promise<(runId: string) => boolean> {
    return this.#launcher.keeper.places.madeIn(library);
  }

  /**
   * Shows a run in a panel: the session that this window has of it, or one made from its folder. The keyboard's focus stays in the
   * list of runs, where the next key may be meant for the run.
   */
  async open(folder: string): Promise<void> {
    const session = await this.session(folder);
    this.#launcher.panels.show(session);
  }

  /** The session of a run, from its folder where there is none. */
  async session(folder: string): Promise<Session> {
    const known = this.#launcher.sessionOf(folder);
    if (known !== undefined) return known;
    const session = await openRun(this.#launcher, await this.#find(folder));
    // Meanwhile it may have been opened elsewhere in this window, or resumed.
    const other = this.#launcher.sessionOf(folder);
    if (other !== undefined) {
      session.dispose();
      return other;
    }
    this.#launcher.sessions.add(session);
    return session;
  }

  /** The session that a panel that comes back shows; undefined where its run is gone. */
  async sessionIfThere(run: RememberedRun): Promise<Session | undefined> {
    const known = run.folder === undefined ? undefined : this.#launcher.sessionOf(run.folder);
    if (known !== undefined) return known;
    const found = await this.#launcher.keeper.places.findRemembered(run);
    return found && this.session(found.summary.folder);
  }

  resume(folder: string, isPaused = false): Promise<void> {
    return resumeRun(this.#launcher, folder, isPaused);
  }

  async fork(folder: string): Promise<void> {
    const { run } = await this.#find(folder);
    if (run?.text === undefined)
      throw new InputError(l10n.t('The run never read its text, so there is nothing to fork.'));
    const title = l10n.t('Fork {name}', { name: run.name ?? run.text.fileName });
    const newest = await this.#checkpoint(folder, title);
    if (newest === undefined) return;
    const then = asSetBefore(run, newest.checkpoint.iteration).settings;
    const settings = await askForSettings(run.settings, then, run.state === 'finished', title);
    if (settings === undefined) return;
    const choice = await chooseText(run, folder);
    if (choice === undefined) return;
    if (choice.kind === 'anew') this.#launcher.show(this.#launcher.begin(choice.source, settings));
    else await forkRun(this.#launcher, { run, folder, newest, source: choice.source, settings });
  }

  /** Writes text with the network of a checkpoint, without training. */
  async sample(folder: string): Promise<void> {
    const { run } = await this.#find(folder);
    const title = l10n.t('Sample from a checkpoint');
    const chosen = await this.#checkpoint(folder, title);
    if (chosen?.vocabulary === undefined) return;
    const prompt = await vscode.window.showInputBox({
      title,
      prompt: l10n.t('The text that iteration {iteration} goes on from; empty for the start of a line.', {
        iteration: groupDigits(chosen.checkpoint.iteration),
      }),
    });
    if (prompt === undefined) return;
    const session = await this.session(folder);
    const temperature = run?.settings.temperature ?? session.description.settings.temperature;
    const options: SampleOptions = { prompt, length: SAMPLE_LENGTH, temperature, topK: 0 };
    await session.generateWith({ checkpoint: chosen.checkpoint, vocabulary: chosen.vocabulary }, options);
    // The text is beside the prompt.
    this.#launcher.panels.reveal(session).focusPrompt();
  }

  compare(folders: readonly string[]): Promise<void> {
    return this.#compare(folders);
  }

  async export(folder: string): Promise<void> {
    await this.#export(await this.#find(folder), this.#launcher.sessionOf(folder));
  }

  async stop(folder: string): Promise<void> {
    await this.#launcher.sessionOf(folder)?.stop();
    await this.#launcher.keeper.settled(folder);
  }

  async rename(folder: string, name: string): Promise<void> {
    await this.#update(folder, { name });
    this.#launcher.sessionOf(folder)?.named(name);
  }

  pin(folder: string, isPinned: boolean): Promise<void> {
    return this.#update(folder, { isPinned });
  }

  isUnderWay(folder: string): boolean {
    return this.#launcher.sessionOf(folder)?.isUnderWay ?? false;
  }

  isShown(folder: string): boolean {
    return this.#launcher.sessionOf(folder) !== undefined;
  }

  async #update(folder: string, change: { name?: string; isPinned?: boolean }): Promise<void> {
    const { library, summary } = await this.#found(folder);
    await this.#launcher.keeper.alone(folder, () => library.update(summary.runId, change));
    this.#launcher.keeper.noteChange(folder);
  }

  async #checkpoint(folder: string, title: string): Promise<NewestCheckpoint | undefined> {
    const checkpoints = new CheckpointFolder(folder);
    const list = await checkpoints.list();
    if (list.length === 0) throw new InputError(l10n.t('The run has no checkpoint yet.'));
    const info = await pickCheckpoint(list, title, () => this.#launcher.keeper.recordedHistory(folder));
    return info && { info, ...(await checkpoints.read(info)), problems: [] };
  }

  async #find(folder: string): Promise<RunSummary> {
    return (await this.#found(folder)).summary;
  }

  async #found(folder: string): Promise<FoundRun> {
    const found = await this.#launcher.keeper.places.find(folder);
    if (found === undefined) throw new InputError(l10n.t('The run in {folder} is not there any more.', { folder }));
    return found;
  }
}
