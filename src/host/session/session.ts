import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { l10n } from '../../common/l10n.ts';
import type { Remedy } from '../../common/inputError.ts';
import { RunHistory } from '../../history/history.ts';
import { networkOf } from '../../network/network.ts';
import { withFirstLoss } from '../../protocol/imported.ts';
import type { RunDescription, RunStatus, StudyResults } from '../../protocol/panel.ts';
import { unpackEvents } from '../../protocol/eventBatches.ts';
import type { RunEvent } from '../../protocol/events.ts';
import { isOver, type Sample, type SampleOptions } from '../../protocol/run.ts';
import type { Capture, Excerpt } from '../../protocol/study.ts';
import type { RunSettings } from '../../protocol/settings.ts';
import type { WorkerEvent } from '../../protocol/worker.ts';
import { OpenQuestions } from '../../threads/openQuestions.ts';
import { Trainer } from '../../training/trainer.ts';
import { SessionStudy, type StudiedSession, type StudyChange } from '../study/sessionStudy.ts';
import { CheckpointWriters } from './checkpointWriters.ts';
import { ShownMoment } from './moment.ts';
import type { LoadedNetwork, RestoredRun, StartOptions } from './restoredRun.ts';
import { changedStatus, startingAgain, startingStatus, statusAfterRows } from './sessionStatus.ts';
import type { TextSource } from './textSource.ts';

/** What a listener needs to follow a session without asking for everything anew. */
export type SessionChange =
  | { readonly type: 'status' }
  /** It is kept elsewhere, or its folder is known now. */
  | { readonly type: 'place' }
  /** The file of its text has another place or name. */
  | { readonly type: 'text' }
  /** A person named it, or took its name away. */
  | { readonly type: 'name' }
  /** The panel shows another moment, or is not there any more. */
  | { readonly type: 'moment' }
  /** Text is sampled with another prompt or temperature. */
  | { readonly type: 'sampling' }
  | { readonly type: 'rows' }
  | { readonly type: 'event'; readonly event: RunEvent }
  | { readonly type: 'study'; readonly change: StudyChange };

export type ControlAction = 'pause' | 'resume' | 'step' | 'stop';

const SAMPLE_LENGTH = 300;
/** Between two points of the clock, of all iterations so far. */
const CLOCK_SHARE = 1 / 4096;

/** One run: owns its thread, its status and its history. Everything that shows a run listens to its session. */
export class Session implements vscode.Disposable, StudiedSession {
  readonly history: RunHistory;
  /** Looks into the network. */
  readonly study: SessionStudy;
  /** The numbers that are on the screen. */
  readonly moment: ShownMoment;
  readonly #changed = new vscode.EventEmitter<SessionChange>();
  readonly onDidChange = this.#changed.event;
  readonly #excerpted = new vscode.EventEmitter<Excerpt>();
  readonly onDidExcerpt = this.#excerpted.event;
  readonly #received = new vscode.EventEmitter<WorkerEvent>();
  /** Every event of the training thread, before the session takes it. */
  readonly onDidReceive = this.#received.event;
  readonly #disposed = new vscode.EventEmitter<void>();
  readonly onDidDispose = this.#disposed.event;
  readonly #samples = new OpenQuestions<Sample>();
  readonly #captures = new OpenQuestions<Capture>();
  readonly #saved = new OpenQuestions<void>();
  readonly #writers: CheckpointWriters;
  /** When it began, milliseconds since 1970. */
  readonly createdMs: number;
  #name: string | undefined;
  #uri: vscode.Uri;
  #description: RunDescription;
  #status: RunStatus;
  #trainer: Trainer | undefined;

  private constructor(
    uri: vscode.Uri,
    description: RunDescription,
    status: RunStatus,
    history: RunHistory,
    workerPath: string,
    study: { readonly path?: string; readonly results?: StudyResults },
    { name, createdMs }: Pick<RestoredRun, 'name' | 'createdMs'>,
  ) {
    this.#uri = uri;
    this.#name = name;
    this.createdMs = createdMs;
    this.#description = description;
    this.#status = status;
    this.history = history;
    this.moment = new ShownMoment(history, () => this.#changed.fire({ type: 'moment' }));
    this.#writers = new CheckpointWriters(workerPath, description.runId, {
      event: (event) => this.#receive(event),
      failed: (reason) => this.#samples.rejectAll(reason),
    });
    this.study = new SessionStudy(this, study);
    this.study.onDidChange((change) => this.#changed.fire({ type: 'study', change }));
  }

  /**
   * Starts a run; while its file is read it tells how far that is, then it is `running`, or `failed` with the reason.
   * @param cacheFolder for what of a long text does not belong into memory.
   */
  static start(
    source: TextSource,
    settings: RunSettings,
    workerPath: string,
    cacheFolder: string,
    options: StartOptions = {},
  ): Session {
    const { earlier, isNewRun = false, from, maxIterations, checkpointSeconds } = options;
    const goesOn = isNewRun ? undefined : earlier?.description;
    const forkedFrom = options.forkedFrom ?? earlier?.description.forkedFrom;
    const imported = options.imported ?? earlier?.description.imported;
    const description: RunDescription = {
      runId: goesOn?.runId ?? randomUUID(),
      ...(goesOn?.folder !== undefined && { folder: goesOn.folder }),
      fileName: source.name,
      settings,
      ...(forkedFrom && { forkedFrom }),
      sampling: earlier?.description.sampling ?? {
        prompt: '',
        length: SAMPLE_LENGTH,
        temperature: settings.temperature,
        topK: 0,
      },
      ...(imported && { imported }),
    };
    const { history = new RunHistory(networkOf(settings)), baselines } = earlier ?? {};
    const status = earlier === undefined ? startingStatus() : startingAgain(earlier.status);
    const study = { path: join(dirname(workerPath), 'study.cjs'), results: { ...(baselines && { baselines }) } };
    const origin = earlier === undefined || isNewRun ? { name: options.name, createdMs: Date.now() } : earlier;
    const session = new Session(source.uri, description, status, history, workerPath, study, origin);
    const listeners = {
      event: (event: WorkerEvent) => session.#receive(event),
      failed: (reason: string) => session.#fail({ message: reason }),
    };
    session.#trainer = new Trainer(workerPath, listeners, { isPatient: true });
    session.#trainer.post({
      type: 'start',
      runId: description.runId,
      settings,
      name: source.name,
      cacheFolder,
      ...(from && { from }),
      ...(maxIterations !== undefined && { maxIterations }),
      ...(checkpointSeconds !== undefined && { checkpointSeconds }),
      ...source.content,
    });
    if (earlier !== undefined) session.setSampling(description.sampling);
    return session;
  }

  /** A run from its folder: its history as it was, without a network. It may still grow, by `receiveStored`. */
  static restore(stored: RestoredRun, workerPath: string): Session {
    const { uri, description, status, history, baselines } = stored;
    const results = { ...(baselines && { baselines }) };
    return new Session(uri, description, status, history, workerPath, { results }, stored);
  }

  /** Where its text is. */
  get uri(): vscode.Uri {
    return this.#uri;
  }

  get description(): RunDescription {
    return this.#description;
  }

  /** Where it is kept: its place and its id, by which it is known. Undefined where it is not kept, or not yet. */
  get folder(): string | undefined {
    return this.#description.folder;
  }

  /** It is kept in this folder from now on, or nowhere. */
  keptIn(folder: string | undefined): void {
    const { folder: _, ...description } = this.#description;
    this.#description = { ...description, ...(folder !== undefined && { folder }) };
    this.#changed.fire({ type: 'place' });
  }

  /** The file of its text was moved or renamed. */
  textMoved(uri: vscode.Uri): void {
    this.#uri = uri;
    this.#description = { ...this.#description, fileName: uri.path.slice(uri.path.lastIndexOf('/') + 1) };
    this.#changed.fire({ type: 'text' });
  }

  /** Given by a person. */
  get name(): string | undefined {
    return this.#name;
  }

  /** @param name empty where its name was taken away. */
  named(name: string): void {
    this.#name = name === '' ? undefined : name;
    this.#changed.fire({ type: 'name' });
  }

  get status(): RunStatus {
    return this.#status;
  }

  get hasNetwork(): boolean {
    return this.#trainer !== undefined;
  }

  get isOver(): boolean {
    return isOver(this.#status.state);
  }

  /** Whether this window trains the run, or has it paused. */
  get isUnderWay(): boolean {
    return this.#trainer !== undefined && !this.isOver;
  }

  /** The checkpoint from which a run that is over could go on; nothing where there is none. */
  set resumable(resumable: RunStatus['resumable']) {
    this.#setStatus({ resumable });
  }

  /** What text is written with where no thread of this run is there. */
  set checkpointReader(read: () => Promise<LoadedNetwork | undefined>) {
    this.#writers.readCheckpoint = read;
  }

  control(action: ControlAction): void {
    if (this.isOver) return;
    this.#trainer?.post({ type: action, runId: this.#description.runId });
  }

  /** Stops the run; resolves when it is over. */
  stop(): Promise<void> {
    this.control('stop');
    if (!this.isUnderWay) return Promise.resolve();
    return new Promise((resolve) => {
      const subscription = this.onDidChange(() => {
        if (!this.isOver) return;
        subscription.dispose();
        resolve();
      });
    });
  }

  /** Changes the prompt and temperature of the text that is sampled while training. */
  setSampling(asked: SampleOptions): void {
    // The length asked for is that of one text; what is sampled every two seconds stays short.
    const options = { ...asked, length: SAMPLE_LENGTH };
    this.#description = { ...this.#description, sampling: options };
    this.#trainer?.post({ type: 'sampling', runId: this.#description.runId, options });
    this.#changed.fire({ type: 'sampling' });
  }

  /** Text from the network as it is now, or else of its last checkpoint. Rejects, with a message for the person, where there is none. */
  async generate(options: SampleOptions): Promise<Sample> {
    const trainer = this.#trainer ?? (await this.#writers.ofNewest());
    if (trainer === undefined)
      throw new Error(l10n.t('The network of this run is gone. Train again to generate text.'));
    return this.#askForText(trainer, options);
  }

  /** Text from the network of any checkpoint of this run; it joins the samples. */
  async generateWith(network: LoadedNetwork, options: SampleOptions): Promise<Sample> {
    const writer = this.#writers.load(network);
    try {
      return await this.#askForText(writer, options);
    } finally {
      writer.dispose();
    }
  }

  #askForText(trainer: Trainer, options: SampleOptions): Promise<Sample> {
    const { runId } = this.#description;
    return this.#samples.ask((requestId) => trainer.post({ type: 'generate', runId, requestId, options }));
  }

  /** All that the next iteration starts from; of a run that is over, the network as it ended. */
  capture(): Promise<Capture> {
    const trainer = this.#trainer;
    if (trainer === undefined) return Promise.reject(new Error(l10n.t('The network of this run is gone.')));
    const { runId } = this.#description;
    return this.#captures.ask((requestId) => trainer.post({ type: 'capture', runId, requestId }));
  }

  /** Asks for a checkpoint, which comes to `onDidReceive`; resolves when it came, at once where there is no network to save. */
  checkpoint(): Promise<void> {
    const trainer = this.#trainer;
    if (trainer === undefined || this.isOver || this.#description.facts === undefined) return Promise.resolve();
    const { runId } = this.#description;
    return this.#saved.ask((requestId) => trainer.post({ type: 'checkpoint', runId, requestId }));
  }

  /** Takes an event of the run, wherever it was measured. */
  add(event: RunEvent): void {
    this.history.add(event);
    this.#changed.fire({ type: 'event', event });
  }

  /** Takes what another window or machine wrote of this run. */
  receiveStored(event: WorkerEvent): void {
    this.#receive(event);
  }

  /** How a run that is watched stands now. */
  setStored(status: Partial<RunStatus>): void {
    this.#setStatus(status);
  }

  dispose(): void {
    this.#endThread(l10n.t('The run was closed.'));
    this.study.dispose();
    this.#disposed.fire();
    this.#disposed.dispose();
    this.#received.dispose();
    this.#excerpted.dispose();
    this.#changed.dispose();
  }

  #receive(event: WorkerEvent): void {
    this.#received.fire(event);
    switch (event.type) {
      case 'reading':
        return this.#setStatus({ reading: event.progress });
      case 'started':
        this.#description = { ...this.#description, facts: event.facts, ...this.#importedAt(event) };
        this.#trainer?.post({ type: 'excerpt', runId: event.runId });
        return this.#setStatus({ state: 'running', reading: undefined });
      case 'refused':
        return this.#fail({ message: event.message, ...(event.remedy && { remedy: event.remedy }) });
      case 'state':
        return this.#setStatus({ state: event.state, notFinite: event.notFinite });
      case 'progress':
        return this.#addRows(event);
      case 'measured':
        for (const measured of unpackEvents(event.events)) this.add(measured);
        return;
      case 'checkpoint':
        // Whoever keeps the run takes it.
        return event.requestId === undefined ? undefined : this.#saved.resolve(event.requestId, undefined);
      case 'captured':
        return this.#captures.resolve(event.requestId, event.capture);
      case 'excerpt':
        return this.#excerpted.fire(event.excerpt);
      case 'generated':
        return this.#settleSample(event);
      case 'ended':
        // A thread that was stopped while it read is gone: there is no network that could write text.
        if (this.#description.facts === undefined)
          this.#endThread(l10n.t('The run was stopped before there was a network.'));
        return this.#setStatus({
          state: event.reason,
          reading: undefined,
          charactersPerSecond: event.charactersPerSecond,
        });
      default:
        return event satisfies never;
    }
  }

  #importedAt(started: Extract<WorkerEvent, { type: 'started' }>): Pick<RunDescription, 'imported'> {
    const { imported } = this.#description;
    return imported === undefined ? {} : { imported: withFirstLoss(imported, started) };
  }

  #addRows(event: Extract<WorkerEvent, { type: 'progress' }>): void {
    this.history.metrics.addRows(event.rows);
    this.#addClock(event);
    this.#status = statusAfterRows(this.#status, event, this.history.iterations);
    this.#changed.fire({ type: 'rows' });
  }

  /** Notes how long training took so far, at most at some thousands of places. */
  #addClock({ elapsedMs }: Extract<WorkerEvent, { type: 'progress' }>): void {
    const last = this.history.metrics.clock.at(-1)?.iteration ?? -Infinity;
    const iteration = this.history.iterations;
    if (iteration - last >= iteration * CLOCK_SHARE) this.history.metrics.addClock({ iteration, elapsedMs });
  }

  #settleSample({ requestId, result }: Extract<WorkerEvent, { type: 'generated' }>): void {
    if (!result.ok) return this.#samples.reject(requestId, result.message);
    this.add({ type: 'sample', value: result.sample });
    this.#samples.resolve(requestId, result.sample);
  }

  #fail(failure: { message: string; remedy?: Remedy }): void {
    this.#endThread(failure.message);
    this.#setStatus({ state: 'failed', reading: undefined, failure });
  }

  #endThread(reason: string): void {
    this.#trainer?.dispose();
    this.#trainer = undefined;
    this.#writers.dispose();
    this.#samples.rejectAll(reason);
    this.#captures.rejectAll(reason);
    this.#saved.rejectAll(reason);
  }

  #setStatus(change: { [K in keyof RunStatus]?: RunStatus[K] | undefined }): void {
    this.#status = changedStatus(this.#status, change);
    this.#changed.fire({ type: 'status' });
  }
}
