import type { StudyResults, Watch } from '../../protocol/panel.ts';
import type { Capture, Judgement } from '../../protocol/study.ts';
import type { Study } from '../../study/study.ts';
import { expectedMs, StudyPace, UNASKED_MS, type Measure } from './pace.ts';

export type InSight = Pick<Watch, 'tab' | 'stream' | 'reading'>;
export type Found = Pick<StudyResults, Measure>;

/** The network that is looked into. */
export interface Network {
  /** It can be captured: the run has started, and its network is still there. */
  readonly isThere: boolean;
  readonly isRunning: boolean;
  /** The iteration that comes next. */
  readonly iteration: number;
  readonly sizes: { readonly H: number; readonly T: number };
  /** Rejects where the network is gone. */
  capture(): Promise<Capture>;
}

/** Hears of what was found. */
export interface FollowerListeners {
  found(change: Found): void;
  /** Why the window that is wanted is not there, for the person; undefined when it is there again. */
  problem(message: string | undefined): void;
}

const MEASURES: readonly Measure[] = ['tape', 'memory', 'spectrum'];
/** After a failure it is tried again so much later: the next window may be a better one. */
const RETRY_MS = 2000;
/** Captures that are kept here; the study thread keeps more of them. */
const KEPT = 3;
/** What is judged in the editor may be so old before the network is captured anew. */
const JUDGED_CAPTURE_MS = 1500;

/**
 * Follows a network with the windows that are looked into, one at a time: takes captures of it to the study thread and asks
 * for what is in sight, as often as its cost allows. A window that a person reads stays, and so does that of a network
 * that does not change.
 */
export class WindowFollower {
  readonly #network: Network;
  readonly #study: () => Study;
  readonly #listeners: FollowerListeners;
  readonly #pace = new StudyPace();
  #inSight: InSight | undefined;
  #stream = 0;
  #window: Capture | undefined;
  /** The newest windows, of which a person may be reading one. */
  #windows: Capture[] = [];
  /** The iterations of the captures that the study thread was given last, which it still has. */
  #given: number[] = [];
  /** The newest measurements. */
  #found: Found = {};
  /** The newest capture, which may be of a window that nobody looks into. */
  #newest: { readonly capture: Capture; readonly atMs: number } | undefined;
  #hasProblem = false;
  #isBusy = false;
  #retryMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #isDisposed = false;

  /** @param study starts the study thread when it is called first. */
  constructor(network: Network, study: () => Study, listeners: FollowerListeners) {
    this.#network = network;
    this.#study = study;
    this.#listeners = listeners;
  }

  /** What is shown now; nothing where the panel is hidden or closed. */
  watch(inSight: InSight | undefined): void {
    this.#inSight = inSight;
    if (inSight !== undefined) {
      this.#stream = inSight.stream;
      // A newer window may have been under way when the person began to read this one.
      this.#window = this.#windows.find(({ iteration }) => iteration === inSight.reading) ?? this.#window;
    }
    this.schedule();
  }

  /** Looks again when something is due; to be called when the state of the network has changed. */
  schedule(): void {
    clearTimeout(this.#timer);
    if (this.#isDisposed || this.#isBusy || this.#inSight === undefined || !this.#network.isThere) return;
    const due = this.#dueMs();
    if (due !== Infinity) this.#timer = setTimeout(() => void this.#look(), Math.max(0, due - Date.now()));
  }

  /** What the network as it is now, or as it ended, says about a text. Rejects with a message for the person. */
  async judge(before: string, text: string): Promise<Judgement> {
    const newest = this.#newest;
    const isRecent =
      newest !== undefined &&
      (newest.capture.iteration === this.#network.iteration || Date.now() - newest.atMs < JUDGED_CAPTURE_MS);
    const capture = isRecent ? newest.capture : await this.#capture();
    this.#give(capture);
    return this.#study().ask<'judge'>({ type: 'judge', iteration: capture.iteration, before, text });
  }

  /** Makes sure that the study thread still has a window that a person reads. */
  hold(iteration: number): void {
    const window = this.#windows.find((one) => one.iteration === iteration);
    if (window !== undefined && !this.#given.includes(iteration)) this.#give(window);
  }

  #give(capture: Capture): void {
    this.#given = [...this.#given.filter((iteration) => iteration !== capture.iteration), capture.iteration].slice(
      -KEPT,
    );
    this.#study().take(capture);
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
  }

  get #staysAtWindow(): boolean {
    if (this.#window === undefined || this.#inSight === undefined) return false;
    if (this.#inSight.reading !== null) return true;
    return !this.#network.isRunning && this.#window.iteration === this.#network.iteration;
  }

  #dueMs(): number {
    return Math.max(this.#retryMs, Math.min(...MEASURES.map((measure) => this.#dueMsOf(measure))));
  }

  #dueMsOf(measure: Measure): number {
    const isInSight = this.#isInSight(measure);
    if (this.#staysAtWindow) return isInSight && !this.#isMeasured(measure) ? 0 : Infinity;
    const expected = expectedMs(measure, this.#network.sizes);
    if (this.#network.isRunning) return this.#pace.dueMs(measure, isInSight, expected, Date.now());
    return isInSight || measure === 'tape' || expected <= UNASKED_MS ? 0 : Infinity;
  }

  #isInSight(measure: Measure): boolean {
    return this.#inSight?.tab === (measure === 'tape' ? 'steps' : 'memory');
  }

  /** Whether the newest measurement is of the window and the stream that are looked into. */
  #isMeasured(measure: Measure): boolean {
    const of = this.#found[measure];
    if (of === undefined || of.iteration !== this.#window?.iteration) return false;
    return !('stream' in of) || of.stream === this.#stream;
  }

  async #look(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      await this.#lookOnce();
      this.#tell(undefined);
    } catch (error) {
      this.#retryMs = Date.now() + RETRY_MS;
      // A network that is gone meanwhile says so itself.
      if (this.#network.isThere) this.#tell(error instanceof Error ? error.message : String(error));
    } finally {
      this.#isBusy = false;
      this.schedule();
    }
  }

  async #lookOnce(): Promise<void> {
    const now = Date.now();
    const measures = new Set(MEASURES.filter((measure) => this.#dueMsOf(measure) <= now));
    // What stands beside each other is of the same window.
    if (this.#inSight?.tab !== 'overview') measures.add('tape');
    if (measures.has('spectrum')) measures.add('memory');
    if (!this.#staysAtWindow) {
      const capture = await this.#capture();
      // Meanwhile the person may have begun to read the window that there is.
      if (!this.#staysAtWindow) {
        this.#window = capture;
        this.#windows = [...this.#windows.filter((one) => one.iteration !== capture.iteration), capture].slice(-KEPT);
      }
    }
    const window = this.#window;
    if (window === undefined) return;
    this.#stream = Math.min(this.#stream, window.shape.B - 1);
    const { iteration } = window;
    const where = { iteration, stream: this.#stream };
    const study = this.#study();
    this.hold(iteration);
    if (measures.has('tape')) {
      this.#take({ tape: await this.#timed('tape', study.ask<'tape'>({ type: 'tape', ...where })) });
    }
    if (measures.has('memory')) {
      this.#take({ memory: await this.#timed('memory', study.ask<'memory'>({ type: 'memory', ...where })) });
    }
    if (measures.has('spectrum')) {
      this.#take({ spectrum: await this.#timed('spectrum', study.ask<'spectrum'>({ type: 'spectrum', iteration })) });
    }
  }

  async #timed<R>(measure: Measure, answer: Promise<R>): Promise<R> {
    const startedMs = Date.now();
    const answered = await answer;
    this.#pace.measured(measure, startedMs, Date.now());
    return answered;
  }

  #take(change: Found): void {
    if (this.#isDisposed) return;
    this.#found = { ...this.#found, ...change };
    this.#listeners.found(change);
  }

  #tell(problem: string | undefined): void {
    if (this.#isDisposed || (problem === undefined && !this.#hasProblem)) return;
    this.#hasProblem = problem !== undefined;
    this.#listeners.problem(problem);
  }

  async #capture(): Promise<Capture> {
    const capture = await this.#network.capture();
    this.#newest = { capture, atMs: Date.now() };
    return capture;
  }
}
