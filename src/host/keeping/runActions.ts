import * as vscode from 'vscode';
import { InputError } from '../../common/inputError.ts';
import { SampleOptions } from '../../protocol/run.ts';
import { CheckpointFolder, type NewestCheckpoint } from '../../runs/checkpoints.ts';
import type { RunLibrary, RunSummary } from '../../runs/library.ts';
import type { RunHost } from '../runs/runHost.ts';
import type { Session } from '../session.ts';
import { forkRun } from './forking.ts';
import { askForSettings, pickCheckpoint } from './forkQuestion.ts';
import { openRun } from './opening.ts';
import { resumeRun } from './resuming.ts';
import type { Stage } from './stage.ts';
import { chooseText } from './textChoice.ts';

const SAMPLE_LENGTH = 500;

/** What a person does with runs that are there. */
export class RunActions implements RunHost {
  readonly #stage: Stage;
  readonly #export: (summary: RunSummary, session: Session | undefined) => Promise<void>;
  readonly #compare: (runIds: readonly string[]) => Promise<void>;

  constructor(
    stage: Stage,
    others: {
      readonly export: (summary: RunSummary, session: Session | undefined) => Promise<void>;
      readonly compare: (runIds: readonly string[]) => Promise<void>;
    },
  ) {
    this.#stage = stage;
    this.#export = others.export;
    this.#compare = others.compare;
  }

  get onDidChange(): vscode.Event<unknown> {
    return this.#stage.keeper.onDidChange;
  }

  libraries(): readonly RunLibrary[] {
    return this.#stage.keeper.places.libraries;
  }

  usedLibraries(): readonly RunLibrary[] {
    return this.#stage.keeper.places.usedLibraries;
  }

  isMade(library: RunLibrary, runId: string): boolean {
    return this.#stage.keeper.places.isMade(library, runId);
  }

  /**
   * Shows a run in a panel: the session that this window has of it, or one made from its folder. The keyboard's focus stays in the
   * list of runs, where the next key may be meant for the run.
   */
  async open(runId: string): Promise<void> {
    const session = await this.session(runId);
    this.#stage.panels.show(session);
  }

  /** The session of a run, from its folder where there is none. */
  async session(runId: string): Promise<Session> {
    const known = this.#stage.sessionOf(runId);
    if (known !== undefined) return known;
    const session = await openRun(this.#stage, await this.#find(runId));
    // Meanwhile it may have been opened elsewhere in this window, or resumed.
    const other = this.#stage.sessionOf(runId);
    if (other !== undefined) {
      session.dispose();
      return other;
    }
    this.#stage.sessions.add(session);
    return session;
  }

  /** The session that a panel that comes back shows; undefined where its run is gone. */
  async sessionIfThere(runId: string): Promise<Session | undefined> {
    const isThere = this.#stage.sessionOf(runId) ?? (await this.#stage.keeper.places.find(runId));
    return isThere && this.session(runId);
  }

  resume(runId: string, isPaused = false): Promise<void> {
    return resumeRun(this.#stage, runId, isPaused);
  }

  async fork(runId: string): Promise<void> {
    const { run, folder } = await this.#find(runId);
    if (run?.text === undefined) throw new InputError('The run never read its text, so there is nothing to fork.');
    const title = `Fork ${run.name ?? run.text.fileName}`;
    const newest = await this.#checkpoint(folder, title);
    if (newest === undefined) return;
    const settings = await askForSettings(run.settings, run.state === 'finished', title);
    if (settings === undefined) return;
    const choice = await chooseText(run, folder);
    if (choice === undefined) return;
    if (choice.kind === 'anew') this.#stage.show(this.#stage.begin(choice.source, settings));
    else await forkRun(this.#stage, { run, folder, newest, source: choice.source, settings });
  }

  /** Writes text with the network of a checkpoint, without training. */
  async sample(runId: string): Promise<void> {
    const { run, folder } = await this.#find(runId);
    const title = 'Sample from a checkpoint';
    const chosen = await this.#checkpoint(folder, title);
    if (chosen?.vocabulary === undefined) return;
    const prompt = await vscode.window.showInputBox({
      title,
      prompt: `The text that iteration ${chosen.checkpoint.iteration.toLocaleString('en')} goes on from; empty for the start of a line.`,
    });
    if (prompt === undefined) return;
    const session = await this.session(runId);
    const temperature = run?.settings.temperature ?? session.description.settings.temperature;
    const options: SampleOptions = { prompt, length: SAMPLE_LENGTH, temperature, topK: 0 };
    await session.generateWith({ checkpoint: chosen.checkpoint, vocabulary: chosen.vocabulary }, options);
    // The text is beside the prompt.
    this.#stage.panels.reveal(session).focusPrompt();
  }

  compare(runIds: readonly string[]): Promise<void> {
    return this.#compare(runIds);
  }

  async export(runId: string): Promise<void> {
    await this.#export(await this.#find(runId), this.#stage.sessionOf(runId));
  }

  async stop(runId: string): Promise<void> {
    await this.#stage.sessionOf(runId)?.stop();
    await this.#stage.keeper.settled(runId);
  }

  rename(runId: string, name: string): Promise<void> {
    return this.#update(runId, { name });
  }

  pin(runId: string, isPinned: boolean): Promise<void> {
    return this.#update(runId, { isPinned });
  }

  isUnderWay(runId: string): boolean {
    return this.#stage.sessionOf(runId)?.isUnderWay ?? false;
  }

  isShown(runId: string): boolean {
    return this.#stage.sessionOf(runId) !== undefined;
  }

  async #update(runId: string, change: { name?: string; isPinned?: boolean }): Promise<void> {
    const found = await this.#stage.keeper.places.find(runId);
    await found?.library.update(runId, change);
    this.#stage.keeper.noteChange(runId);
  }

  async #checkpoint(folder: string, title: string): Promise<NewestCheckpoint | undefined> {
    const checkpoints = new CheckpointFolder(folder);
    const list = await checkpoints.list();
    if (list.length === 0) throw new InputError('The run has no checkpoint yet.');
    const info = await pickCheckpoint(list, title);
    return info && { info, ...(await checkpoints.read(info)), problems: [] };
  }

  async #find(runId: string): Promise<RunSummary> {
    const found = await this.#stage.keeper.places.find(runId);
    if (found === undefined) throw new InputError(`The run ${runId} is not there any more.`);
    return found.summary;
  }
}
