import type { StudyResults, Watch } from '../../protocol/panel.ts';
import { newestWithin } from '../../common/newest.ts';
import { FOLLOWED, followingOf, MEASURES, type Answer, type Followed, type Sizes } from '../../protocol/measures.ts';
import { captureBytes, CAPTURES_KEPT, type Capture, type CharacterScores } from '../../protocol/study.ts';
import type { Study } from '../../study/study.ts';
import { StudyPace, UNASKED_MS } from './pace.ts';

export type InSight = Pick<Watch, 'tab' | 'stream' | 'reading'>;
export type Found = Pick<StudyResults, Followed>;

/** The network that is looked into. */
export interface FollowedNetwork {
  /** It can be captured: the run has started, and its network is still there. */
  readonly isThere: boolean;
  readonly isRunning: boolean;
  /** The iteration that comes next. */
  readonly iteration: number;
  readonly sizes: Sizes;
  /** Rejects where the network is gone. */
  capture(): Promise<Capture>;
}

/** Hears of what was found. */
export interface FollowerListeners {
  found(change: Found): void;
  /** Why the window that is wanted is not there, for the person; undefined when it is there again. */
  problem(message: string | undefined): void;
}

/** After a failure it is tried again so much later: the next window may be a better one. */
const RETRY_MS = 2000;
/** Windows that are kept here, of which a person may have begun to read one: what they see may be some seconds old. */
const WINDOWS_KEPT = { most: 10, mostBytes: 64 * 2 ** 20 };
/** What is scored in the editor while a network trains may be so old before it is captured anew. */
const SCORED_CAPTURE_MS = 1500;

/**
 * Follows a network with the windows that are looked into: takes captures of it to the study thread and asks for what is in
 * sight, as often as its cost allows. A window that a person reads stays, and so does that of a network that does not change.
 * Each measure is under way once at most, and none waits for another one.
 */
export class WindowFollower {
  readonly #network: FollowedNetwork;
  readonly #study: () => Study;
  readonly #listeners: FollowerListeners;
  readonly #pace = new StudyPace();
  readonly #underWay = new Set<Followed>();
  #inSight: InSight | undefined;
  #stream = 0;
  #window: Capture | undefined;
  /** The newest windows, and the one that is read. */
  #windows: Capture[] = [];
  /** The captures that the study thread still has. */
  #given: { readonly iteration: number; readonly bytes: number }[] = [];
  /** The newest measurements. */
  #found: Found = {};
  /** The newest capture, which may be of a window that nobody looks into. */
  #newest: { readonly capture: Capture; readonly atMs: number } | undefined;
  #problem: string | undefined;
  #isCapturing = false;
  /** When the study thread last had an answer: it works on one question at a time. */
  #answeredMs = 0;
  #retryMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #isDisposed = false;

  /** @param study starts the study thread when there is none. */
  constructor(network: FollowedNetwork, study: () => Study, listeners: FollowerListeners) {
    this.#network = network;
    this.#study = study;
    this.#listeners = listeners;
  }

  /** What is shown now; nothing where the panel is closed. */
  watch(inSight: InSight | undefined): void {
    this.#inSight = inSight;
    if (inSight === undefined) {
      // Networks may be large: what nobody looks at is not kept.
      this.#windows = [];
      this.#window = undefined;
      this.#newest = undefined;
    } else {
      this.#stream = inSight.stream;
      // A newer window may have been under way when the person began to read this one.
      this.#window = this.#windows.find(({ iteration }) => iteration === inSight.reading) ?? this.#window;
    }
    this.schedule();
  }

  /** The panel is hidden: what the editor shows and the history go on. */
  hide(): void {
    if (this.#inSight !== undefined) this.watch({ ...this.#inSight, tab: 'overview' });
  }

  /** Looks again when something is due; to be called when the state of the network has changed. */
  schedule(): void {
    clearTimeout(this.#timer);
    if (this.#isDisposed || this.#isCapturing || this.#inSight === undefined || !this.#network.isThere) return;
    const due = Math.max(this.#retryMs, Math.min(...this.#idle.map((measure) => this.#dueMsOf(measure))));
    if (due !== Infinity) this.#timer = setTimeout(() => void this.#look(), Math.max(0, due - Date.now()));
  }

  /** What the network as it is now, or as it ended, says about a text. Rejects with a message for the person. */
  async score(before: string, text: string): Promise<CharacterScores> {
    const newest = this.#newest;
    const { isRunning, iteration } = this.#network;
    // Of a network that stands nothing newer comes, which would make up for it.
    const isRecent =
      newest !== undefined &&
      (newest.capture.iteration === iteration || (isRunning && Date.now() - newest.atMs < SCORED_CAPTURE_MS));
    const capture = isRecent ? newest.capture : await this.#capture();
    this.#give(capture);
    return this.#study().ask('characterScores', { iteration: capture.iteration, before, text });
  }

  /** Makes sure that the study thread still has a window that a person reads. */
  hold(iteration: number): void {
    const window = this.#windows.find((one) => one.iteration === iteration);
    if (window !== undefined) this.#give(window);
  }

  /** The study thread is a new one, which has nothing yet. */
  restart(): void {
    this.#given = [];
  }

  dispose(): void {
    this.#isDisposed = true;
    this.watch(undefined);
  }

  get #idle(): Followed[] {
    return FOLLOWED.filter((measure) => !this.#underWay.has(measure));
  }

  get #staysAtWindow(): boolean {
    if (this.#window === undefined || this.#inSight === undefined) return false;
    const { reading, tab } = this.#inSight;
    // What is read is not in sight on the overview, where the vital signs go on.
    if (reading !== null && tab !== 'overview') return true;
    return !this.#network.isRunning && this.#window.iteration === this.#network.iteration;
  }

  #dueMsOf(measure: Followed): number {
    const isInSight = this.#isInSight(measure);
    if (this.#staysAtWindow) return isInSight && !this.#isMeasured(measure) ? 0 : Infinity;
    const expected = followingOf(measure).expectedMs(this.#network.sizes);
    if (this.#network.isRunning) return this.#pace.dueMs(measure, isInSight, expected, Date.now());
    return isInSight || expected <= UNASKED_MS ? 0 : Infinity;
  }

  #isInSight(measure: Followed): boolean {
    const { tabs } = followingOf(measure);
    return this.#inSight?.tab === tabs[0] || (this.#isShown(measure) && this.#staysAtWindow);
  }

  #isShown(measure: Followed): boolean {
    return this.#inSight !== undefined && followingOf(measure).tabs.includes(this.#inSight.tab);
  }

  /** Whether the newest measurement is of the window and the stream that are looked into. */
  #isMeasured(measure: Followed): boolean {
    const of = this.#found[measure];
    if (of === undefined || of.iteration !== this.#window?.iteration) return false;
    return !('stream' in of) || of.stream === this.#stream;
  }

  async #look(): Promise<void> {
    if (this.#isCapturing || this.#isDisposed) return;
    const measures = this.#dueMeasures();
    try {
      if (!this.#staysAtWindow) await this.#moveOn();
    } catch (error) {
      this.#fail(error);
      return;
    }
    const window = this.#window;
    if (window !== undefined && this.#inSight !== undefined) {
      this.#stream = Math.min(this.#stream, window.shape.B - 1);
      this.#give(window);
      for (const measure of measures) void this.#measure(measure, window, this.#stream);
    }
    this.schedule();
  }

  #dueMeasures(): Followed[] {
    const now = Date.now();
    const due = this.#idle.filter((measure) => this.#dueMsOf(measure) <= now);
    const brought = due.flatMap((measure) => followingOf(measure).brings);
    return this.#idle.filter(
      (measure) =>
        due.includes(measure) ||
        brought.includes(measure) ||
        (followingOf(measure).comesAlong && this.#isShown(measure)),
    );
  }

  /** Takes the network's next window. */
  async #moveOn(): Promise<void> {
    this.#isCapturing = true;
    try {
      const capture = await this.#capture();
      // Meanwhile the person may have begun to read the window that there is.
      if (this.#staysAtWindow || this.#inSight === undefined) return;
      this.#window = capture;
      const { reading } = this.#inSight;
      const others = this.#windows.filter(({ iteration }) => iteration !== capture.iteration);
      const read = others.filter(({ iteration }) => iteration === reading);
      const newest = newestWithin([...others, capture], captureBytes, WINDOWS_KEPT);
      this.#windows = [...read.filter((one) => !newest.includes(one)), ...newest];
    } finally {
      this.#isCapturing = false;
    }
  }

  async #measure(measure: Followed, { iteration }: Capture, stream: number): Promise<void> {
    this.#underWay.add(measure);
    const askedMs = Date.now();
    try {
      const answer = await this.#ask(measure, iteration, stream);
      const now = Date.now();
      const expected = followingOf(measure).expectedMs(this.#network.sizes);
      this.#pace.measured(measure, Math.max(askedMs, this.#answeredMs), now, expected);
      this.#answeredMs = now;
      this.#take({ [measure]: answer });
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#underWay.delete(measure);
      this.schedule();
    }
  }

  #ask(measure: Followed, iteration: number, stream: number): Promise<Answer<Followed>> {
    const isOfStream = 'stream' in MEASURES[measure].asks.entries;
    return this.#study().ask(measure, { iteration, ...(isOfStream && { stream }) });
  }

  #give(capture: Capture): void {
    if (this.#given.some(({ iteration }) => iteration === capture.iteration)) return;
    const given = { iteration: capture.iteration, bytes: captureBytes(capture) };
    this.#given = newestWithin([...this.#given, given], ({ bytes }) => bytes, CAPTURES_KEPT);
    this.#study().take(capture);
  }

  #take(change: Found): void {
    if (this.#isDisposed) return;
    this.#found = { ...this.#found, ...change };
    this.#listeners.found(change);
    this.#tell(undefined);
  }

  #fail(error: unknown): void {
    this.#retryMs = Date.now() + RETRY_MS;
    // A network that is gone meanwhile says so itself.
    if (this.#network.isThere) this.#tell(error instanceof Error ? error.message : String(error));
    this.schedule();
  }

  #tell(problem: string | undefined): void {
    if (this.#isDisposed || problem === this.#problem) return;
    this.#problem = problem;
    this.#listeners.problem(problem);
  }

  async #capture(): Promise<Capture> {
    const capture = await this.#network.capture();
    this.#newest = { capture, atMs: Date.now() };
    return capture;
  }
}
