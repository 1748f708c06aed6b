import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { Remedy } from '../common/inputError.ts';
import { RunHistory } from '../protocol/history.ts';
import type { RunDescription, RunStatus, StudyResults } from '../protocol/panel.ts';
import {
  isOver,
  type Inspection,
  type MemoryPoint,
  type Sample,
  type SampleOptions,
  type Validation,
  type Vitals,
} from '../protocol/run.ts';
import type { Capture, Excerpt } from '../protocol/study.ts';
import type { RunSettings } from '../protocol/settings.ts';
import type { WorkerEvent } from '../protocol/worker.ts';
import type { StoredRun } from '../runs/storedRun.ts';
import { Trainer } from '../training/trainer.ts';
import { SessionStudy, type StudiedSession, type StudyChange } from './study/sessionStudy.ts';
import type { TextSource } from './textSource.ts';

/** What a listener needs to follow a session without asking for everything anew. */
export type SessionChange =
  | { readonly type: 'status' }
  | { readonly type: 'rows' }
  | { readonly type: 'inspection'; readonly inspection: Inspection }
  | { readonly type: 'validation'; readonly validation: Validation }
  | { readonly type: 'sample'; readonly sample: Sample }
  | { readonly type: 'vitals'; readonly vitals: Vitals }
  | { readonly type: 'memoryPoint'; readonly point: MemoryPoint }
  | { readonly type: 'study'; readonly change: StudyChange };

export type ControlAction = 'pause' | 'resume' | 'step' | 'stop';

const SAMPLE_LENGTH = 300;

interface Pending<R> {
  readonly resolve: (result: R) => void;
  readonly reject: (error: Error) => void;
}

/** One run: owns its thread, its status and its history. Everything that shows a run listens to its session. */
export class Session implements vscode.Disposable, StudiedSession {
  readonly uri: vscode.Uri;
  readonly history: RunHistory;
  /** Looks into the network. */
  readonly study: SessionStudy;
  readonly #changed = new vscode.EventEmitter<SessionChange>();
  readonly onDidChange = this.#changed.event;
  readonly #excerpted = new vscode.EventEmitter<Excerpt>();
  readonly onDidExcerpt = this.#excerpted.event;
  readonly #pendingSamples = new Map<number, Pending<Sample>>();
  readonly #pendingCaptures = new Map<number, Pending<Capture>>();
  #description: RunDescription;
  #status: RunStatus;
  #trainer: Trainer | undefined;
  #nextRequestId = 1;

  private constructor(
    uri: vscode.Uri,
    description: RunDescription,
    status: RunStatus,
    history: RunHistory,
    study: { readonly path?: string; readonly results?: StudyResults },
  ) {
    this.uri = uri;
    this.#description = description;
    this.#status = status;
    this.history = history;
    this.study = new SessionStudy(this, study);
    this.study.onDidChange((change) => this.#changed.fire({ type: 'study', change }));
  }

  /**
   * Starts a run; while its file is read it tells how far that is, then it is `running`, or `failed` with the reason.
   * @param cacheFolder for what of a long text does not belong into memory.
   */
  static start(source: TextSource, settings: RunSettings, workerPath: string, cacheFolder: string): Session {
    const description: RunDescription = {
      runId: randomUUID(),
      fileName: source.name,
      settings,
      sampling: { prompt: '', length: SAMPLE_LENGTH, temperature: settings.temperature, topK: 0 },
    };
    const session = new Session(source.uri, description, startingStatus(), new RunHistory(), {
      path: join(dirname(workerPath), 'study.cjs'),
    });
    session.#trainer = new Trainer(workerPath, {
      event: (event) => session.#receive(event),
      failed: (reason) => session.#fail({ message: reason }),
    });
    session.#trainer.post({
      type: 'start',
      runId: description.runId,
      settings,
      name: source.name,
      cacheFolder,
      ...source.content,
    });
    return session;
  }

  /** A run of a window that is gone: its history as it was, marked stopped if it was not over. */
  static restore(stored: StoredRun): Session {
    const state = isOver(stored.status.state) ? stored.status.state : 'stopped';
    return new Session(
      vscode.Uri.parse(stored.uri, true),
      stored.description,
      { ...stored.status, state, restored: true },
      RunHistory.fromSnapshot(stored.history),
      { results: stored.study },
    );
  }

  get description(): RunDescription {
    return this.#description;
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

  stored(): StoredRun {
    return {
      version: 1,
      uri: this.uri.toString(),
      description: this.#description,
      status: this.#status,
      history: this.history.snapshot(),
      study: { ...(this.study.results.baselines && { baselines: this.study.results.baselines }) },
    };
  }

  control(action: ControlAction): void {
    if (this.isOver) return;
    this.#trainer?.post({ type: action, runId: this.#description.runId });
  }

  /** Stops the run; resolves when it is over. */
  stop(): Promise<void> {
    this.control('stop');
    if (this.isOver) return Promise.resolve();
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
  }

  /** Text from the network as it is now. Rejects, with a message for the person, where there is no network any more. */
  generate(options: SampleOptions): Promise<Sample> {
    const trainer = this.#trainer;
    if (trainer === undefined) {
      return Promise.reject(new Error('The network of this run is gone. Train again to generate text.'));
    }
    const requestId = this.#nextRequestId++;
    return new Promise((resolve, reject) => {
      this.#pendingSamples.set(requestId, { resolve, reject });
      trainer.post({ type: 'generate', runId: this.#description.runId, requestId, options });
    });
  }

  /** All that the next iteration starts from; of a run that is over, the network as it ended. */
  capture(): Promise<Capture> {
    const trainer = this.#trainer;
    if (trainer === undefined) return Promise.reject(new Error('The network of this run is gone.'));
    const requestId = this.#nextRequestId++;
    return new Promise((resolve, reject) => {
      this.#pendingCaptures.set(requestId, { resolve, reject });
      trainer.post({ type: 'capture', runId: this.#description.runId, requestId });
    });
  }

  addMemoryPoint(point: MemoryPoint): void {
    this.history.addMemoryPoint(point);
    this.#changed.fire({ type: 'memoryPoint', point });
  }

  dispose(): void {
    this.#endThread('The run was closed.');
    this.study.dispose();
    this.#excerpted.dispose();
    this.#changed.dispose();
  }

  #receive(event: WorkerEvent): void {
    switch (event.type) {
      case 'reading':
        return this.#setStatus({ reading: event.progress });
      case 'started':
        this.#description = { ...this.#description, facts: event.facts };
        this.#trainer?.post({ type: 'excerpt', runId: event.runId });
        return this.#setStatus({ state: 'running', reading: undefined });
      case 'refused':
        return this.#fail({ message: event.message, ...(event.remedy && { remedy: event.remedy }) });
      case 'state':
        return this.#setStatus({ state: event.state, notFinite: event.notFinite });
      case 'progress':
        return this.#addRows(event);
      case 'inspection':
        this.history.addInspection(event.inspection);
        return this.#changed.fire({ type: 'inspection', inspection: event.inspection });
      case 'inspections':
        // Only the headless form asks for all of them.
        return;
      case 'validation':
        this.history.addValidation(event.validation);
        return this.#changed.fire({ type: 'validation', validation: event.validation });
      case 'sample':
        this.history.addSample(event.sample);
        return this.#changed.fire({ type: 'sample', sample: event.sample });
      case 'vitals':
        this.history.addVitals(event.vitals);
        return this.#changed.fire({ type: 'vitals', vitals: event.vitals });
      case 'captured':
        this.#pendingCaptures.get(event.requestId)?.resolve(event.capture);
        return void this.#pendingCaptures.delete(event.requestId);
      case 'excerpt':
        return this.#excerpted.fire(event.excerpt);
      case 'generated':
        return this.#settleSample(event);
      case 'ended':
        // A thread that was stopped while it read is gone: there is no network that could write text.
        if (this.#description.facts === undefined) this.#endThread('The run was stopped before there was a network.');
        return this.#setStatus({
          state: event.reason,
          reading: undefined,
          charactersPerSecond: event.charactersPerSecond,
        });
      default:
        return event satisfies never;
    }
  }

  #addRows(event: Extract<WorkerEvent, { type: 'progress' }>): void {
    this.history.addRows(event.rows);
    const sinceMs = event.elapsedMs - this.#status.elapsedMs;
    const rate = sinceMs > 0 ? ((event.characters - this.#status.characters) / sinceMs) * 1000 : undefined;
    // The rate is smoothed over about a second, so that the number can be read.
    const keep = Math.exp(-sinceMs / 1000);
    const before = this.#status.charactersPerSecond;
    this.#status = {
      ...this.#status,
      iteration: this.history.iterations,
      epoch: event.epoch,
      characters: event.characters,
      elapsedMs: event.elapsedMs,
      charactersPerSecond: rate === undefined ? before : before === 0 ? rate : keep * before + (1 - keep) * rate,
    };
    this.#changed.fire({ type: 'rows' });
  }

  #settleSample(event: Extract<WorkerEvent, { type: 'generated' }>): void {
    const pending = this.#pendingSamples.get(event.requestId);
    this.#pendingSamples.delete(event.requestId);
    if (event.result.ok) {
      this.history.addSample(event.result.sample);
      this.#changed.fire({ type: 'sample', sample: event.result.sample });
      pending?.resolve(event.result.sample);
    } else {
      pending?.reject(new Error(event.result.message));
    }
  }

  #fail(failure: { message: string; remedy?: Remedy }): void {
    this.#endThread(failure.message);
    this.#setStatus({ state: 'failed', reading: undefined, failure });
  }

  #endThread(reason: string): void {
    this.#trainer?.dispose();
    this.#trainer = undefined;
    for (const pending of [this.#pendingSamples, this.#pendingCaptures]) {
      for (const { reject } of pending.values()) reject(new Error(reason));
      pending.clear();
    }
  }

  #setStatus(change: { [K in keyof RunStatus]?: RunStatus[K] | undefined }): void {
    const { notFinite, reading, ...rest } = { ...this.#status, ...change };
    this.#status = { ...(rest as RunStatus), ...(notFinite && { notFinite }), ...(reading && { reading }) };
    this.#changed.fire({ type: 'status' });
  }
}

function startingStatus(): RunStatus {
  return {
    state: 'starting',
    iteration: 0,
    epoch: 0,
    characters: 0,
    elapsedMs: 0,
    charactersPerSecond: 0,
    restored: false,
  };
}
