import * as vscode from 'vscode';
import { DisposableStore } from '../../common/disposable.ts';
import type { RunHistory } from '../../protocol/history.ts';
import type { RunDescription, RunStatus, StudyResults, Watch } from '../../protocol/panel.ts';
import type { MemoryPoint } from '../../protocol/run.ts';
import type {
  Capture,
  Cell,
  Excerpt,
  Judgement,
  Matrix,
  MatrixName,
  Memory,
  Spectrum,
  Tape,
} from '../../protocol/study.ts';
import { Study } from '../../study/study.ts';
import { StudyPace, type Measure } from './pace.ts';

type InSight = Pick<Watch, 'tab' | 'stream' | 'isLive'>;
/** What is new; null for the problem says that there is none any more. */
export type StudyChange = Omit<StudyResults, 'problem'> & { readonly problem?: string | null };
/** What a session gives to be looked into. */
export interface StudiedSession {
  readonly description: RunDescription;
  readonly status: RunStatus;
  readonly history: RunHistory;
  /** Whether the network is still there: of a run that goes on, or that ended in this window. */
  readonly hasNetwork: boolean;
  readonly onDidChange: vscode.Event<{ readonly type: string }>;
  /** The ids of the text, once the run has started. */
  readonly onDidExcerpt: vscode.Event<Excerpt>;
  /** Rejects where there is no network any more. */
  capture(): Promise<Capture>;
  addMemoryPoint(point: MemoryPoint): void;
}

interface Where {
  readonly iteration: number;
  readonly stream: number;
  readonly t: number;
}

const MEASURES: readonly Measure[] = ['tape', 'memory', 'spectrum'];
/** After a failure it is tried again so much later: the next window may be a better one. */
const RETRY_MS = 2000;
const GONE = 'The network of this run is gone. Train again to look into it.';
/** A judgement of the editor's text may be so old before the network is captured anew. */
const JUDGED_CAPTURE_MS = 1500;

/**
 * Looks into the network of one session: takes captures of the training thread to the study thread, as often as what is in
 * sight asks for, and holds what came of it. One window is looked into at a time, in the panel and in the editor.
 */
export class SessionStudy implements vscode.Disposable {
  readonly session: StudiedSession;
  readonly #owned = new DisposableStore();
  readonly #changed = this.#owned.add(new vscode.EventEmitter<StudyChange>());
  readonly #tapeChanged = this.#owned.add(new vscode.EventEmitter<Tape>());
  readonly #stepChosen = this.#owned.add(new vscode.EventEmitter<number | undefined>());
  readonly #stepShown = this.#owned.add(new vscode.EventEmitter<number>());
  readonly onDidChange = this.#changed.event;
  readonly onDidChangeTape = this.#tapeChanged.event;
  /** A person chose a time step in the panel. */
  readonly onDidChooseStep = this.#stepChosen.event;
  /** The editor asks the panel to show a time step. */
  readonly onDidShowStep = this.#stepShown.event;
  readonly #studyPath: string | undefined;
  readonly #pace = new StudyPace();
  #study: Study | undefined;
  #results: StudyResults;
  #step: number | undefined;
  /** What the panel shows; undefined while there is none, or it is hidden. */
  #inSight: InSight | undefined;
  #stream = 0;
  /** The window that is looked into. */
  #window: Capture | undefined;
  /** The newest capture, for the editor. */
  #newest: { readonly capture: Capture; readonly atMs: number } | undefined;
  #isBusy = false;
  #retryMs = 0;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param path the bundle of the study thread, which is started when it is needed first; none for a run of an earlier window,
   * whose network is gone and of which only `results` are left.
   */
  constructor(session: StudiedSession, { path, results = {} }: { path?: string; results?: StudyResults }) {
    this.session = session;
    this.#studyPath = path;
    this.#results = path === undefined ? { ...results, problem: GONE } : results;
    this.#owned.add(
      session.onDidChange((change) => {
        if (change.type === 'status') this.#followStatus();
      }),
    );
    this.#owned.add(session.onDidExcerpt((excerpt) => void this.#fitBaselines(excerpt)));
    this.#owned.add({ dispose: () => clearTimeout(this.#timer) });
    this.#owned.add({ dispose: () => this.#study?.dispose() });
  }

  get results(): StudyResults {
    return this.#results;
  }

  get tape(): Tape | undefined {
    return this.#results.tape;
  }

  /** The time step chosen in the panel. */
  get step(): number | undefined {
    return this.#step;
  }

  /** What the panel shows now; nothing where it is hidden or closed. */
  watch(inSight: InSight | undefined): void {
    this.#inSight = inSight;
    const { B } = this.#window?.shape ?? { B: Infinity };
    if (inSight !== undefined) this.#stream = Math.min(inSight.stream, B - 1);
    this.#schedule();
  }

  async cell(where: Where): Promise<Cell> {
    return this.#started().ask<'cell'>({ type: 'cell', ...where });
  }

  async matrix(where: Where, name: MatrixName): Promise<Matrix> {
    return this.#started().ask<'matrix'>({ type: 'matrix', ...where, name });
  }

  /** What the network as it is now, or as it ended, says about a text. Rejects with a message for the person. */
  async judge(before: string, text: string): Promise<Judgement> {
    const { iteration } = await this.#recentCapture();
    return this.#started().ask<'judge'>({ type: 'judge', iteration, before, text });
  }

  /** A person chose a step in the panel. */
  stepChosen(t: number | null): void {
    this.#step = t ?? undefined;
    this.#stepChosen.fire(this.#step);
  }

  /** Shows a step in the panel. */
  chooseStep(t: number): void {
    this.#step = t;
    this.#stepShown.fire(t);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** The study thread. @throws {Error} for the person, where there never was a network in this window. */
  #started(): Study {
    if (this.#studyPath === undefined) throw new Error(GONE);
    this.#study ??= new Study(this.#studyPath, this.session.description.runId, {
      baselines: (baselines) => this.#publish({ baselines }),
      failed: (reason) => this.#publish({ problem: reason }),
    });
    return this.#study;
  }

  #followStatus(): void {
    if (!this.session.hasNetwork && this.#results.problem !== GONE) this.#publish({ problem: GONE });
    this.#schedule();
  }

  async #fitBaselines(excerpt: Excerpt): Promise<void> {
    const study = this.#started();
    study.takeExcerpt(excerpt);
    if (excerpt.validation.length < 2) return;
    const baselines = await study.ask<'baselines'>({ type: 'baselines' }).catch(() => undefined);
    if (baselines !== undefined) this.#publish({ baselines });
  }

  #publish(change: StudyChange): void {
    const { problem, ...found } = change;
    const results: StudyResults = { ...this.#results, ...found };
    if (problem === null) delete results.problem;
    else if (problem !== undefined) results.problem = problem;
    this.#results = results;
    this.#changed.fire(change);
    if (change.tape !== undefined) this.#tapeChanged.fire(change.tape);
  }

  /** Looks again when something is due. */
  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#isBusy || this.#inSight === undefined || !this.#canLook) return;
    const due = this.#dueMs();
    if (due === Infinity) return;
    this.#timer = setTimeout(() => void this.#look(), Math.max(0, due - Date.now()));
  }

  get #canLook(): boolean {
    return this.session.hasNetwork && this.session.description.facts !== undefined;
  }

  get #isRunning(): boolean {
    return this.session.status.state === 'running';
  }

  /** The window that is looked into stays, because a person reads it, or because training stands. */
  get #staysAtWindow(): boolean {
    if (this.#window === undefined || this.#inSight === undefined) return false;
    if (!this.#inSight.isLive) return true;
    return !this.#isRunning && this.#window.iteration === this.session.status.iteration;
  }

  #dueMs(): number {
    if (!this.#staysAtWindow && !this.#isRunning) return this.#retryMs;
    return Math.max(this.#retryMs, Math.min(...MEASURES.map((measure) => this.#dueMsOf(measure))));
  }

  #dueMsOf(measure: Measure): number {
    const isInSight = this.#isInSight(measure);
    if (this.#staysAtWindow) return isInSight && !this.#isMeasured(measure) ? 0 : Infinity;
    return this.#isRunning ? this.#pace.dueMs(measure, isInSight) : 0;
  }

  #isInSight(measure: Measure): boolean {
    return this.#inSight?.tab === (measure === 'tape' ? 'steps' : 'memory');
  }

  /** Whether the newest measurement is of the window and the stream that are looked into. */
  #isMeasured(measure: Measure): boolean {
    const of = this.#results[measure];
    if (of === undefined || of.iteration !== this.#window?.iteration) return false;
    return !('stream' in of) || of.stream === this.#stream;
  }

  async #look(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      await this.#lookOnce();
      if (this.#results.problem !== undefined) this.#publish({ problem: null });
    } catch (error) {
      this.#retryMs = Date.now() + RETRY_MS;
      // The network may be gone meanwhile, which says so itself.
      if (this.session.hasNetwork) this.#publish({ problem: error instanceof Error ? error.message : String(error) });
    } finally {
      this.#isBusy = false;
      this.#schedule();
    }
  }

  async #lookOnce(): Promise<void> {
    const now = Date.now();
    const measures = new Set(MEASURES.filter((measure) => this.#dueMsOf(measure) <= now));
    // What stands beside each other is of the same window.
    if (this.#inSight?.tab !== 'overview') measures.add('tape');
    if (measures.has('spectrum')) measures.add('memory');
    if (!this.#staysAtWindow) this.#window = await this.#capture();
    const window = this.#window;
    if (window === undefined) return;
    this.#stream = Math.min(this.#stream, window.shape.B - 1);
    const where = { iteration: window.iteration, stream: this.#stream };
    const study = this.#started();
    // In the thread too it is the newest, so that it is the last one to be forgotten.
    study.take(window);
    if (measures.has('tape')) {
      this.#publish({ tape: await this.#timed('tape', study.ask<'tape'>({ type: 'tape', ...where })) });
    }
    if (measures.has('memory')) {
      this.#publish({ memory: await this.#timed('memory', study.ask<'memory'>({ type: 'memory', ...where })) });
    }
    if (measures.has('spectrum')) {
      const { iteration } = where;
      this.#publish({
        spectrum: await this.#timed('spectrum', study.ask<'spectrum'>({ type: 'spectrum', iteration })),
      });
    }
    this.#addPoint();
  }

  async #timed<R>(measure: Measure, answer: Promise<R>): Promise<R> {
    const startedMs = Date.now();
    const answered = await answer;
    this.#pace.measured(measure, startedMs, Date.now());
    return answered;
  }

  /** Takes note of how far errors reach, once for every window that was measured. */
  #addPoint(): void {
    const { memory, spectrum } = this.#results;
    const last = this.session.history.memoryPoints.at(-1)?.iteration ?? -1;
    if (memory !== undefined && memory.iteration === spectrum?.iteration && memory.iteration > last) {
      this.session.addMemoryPoint(pointOf(memory, spectrum));
    }
  }

  async #capture(): Promise<Capture> {
    const capture = await this.session.capture();
    this.#newest = { capture, atMs: Date.now() };
    return capture;
  }

  async #recentCapture(): Promise<Capture> {
    const newest = this.#newest;
    const isRecent =
      newest !== undefined &&
      (newest.capture.iteration === this.session.status.iteration || Date.now() - newest.atMs < JUDGED_CAPTURE_MS);
    const capture = isRecent ? newest.capture : await this.#capture();
    this.#started().take(capture);
    return capture;
  }
}

function pointOf(memory: Memory, spectrum: Spectrum): MemoryPoint {
  const { tanhFactor } = memory;
  return {
    iteration: memory.iteration,
    horizonOnePercent: memory.horizon.onePercent,
    horizonOneOverE: memory.horizon.oneOverE,
    decayRate: memory.decay?.ratePerStep ?? null,
    tanhFactor: tanhFactor.reduce((sum, factor) => sum + factor, 0) / tanhFactor.length,
    lyapunov: memory.lyapunov,
    spectralRadius: spectrum.spectralRadius,
    sigmaMax: spectrum.sigmaMax,
  };
}
