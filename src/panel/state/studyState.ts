import type { StudyResults, ToPanel } from '../../protocol/panel.ts';
import type {
  Baselines,
  Matrix,
  MatrixName,
  Memory,
  Numbers,
  Spectrum,
  StepDetail,
  Tape,
} from '../../protocol/study.ts';
import { foundWhileReading, splitWindows, windowsAt, type Windows } from './readWindow.ts';
import { MOST_WINDOW_NUMBERS, windowNumberCount } from '../../network/windowNumbers.ts';
import { recurrentWeight } from '../../network/quantities.ts';
import type { Followed } from '../../protocol/measures.ts';
import type { StudyOwner } from './studyOwner.ts';
import { StudyQuestions, type AnswerTo, type Question } from './studyQuestions.ts';
import type { WeightChoice } from './uiState.ts';
import type { WeightQuestion } from './weightQuestion.ts';

type Increment = Extract<ToPanel, { type: 'increment' }>['study'];
type Studied = Extract<ToPanel, { type: 'studied' }>;

/**
 * The window that is looked into: the newest while training goes on, or the one that a person reads, which stays until
 * they go back to live.
 */
export class StudyState {
  readonly #owner: StudyOwner;
  readonly #questions: StudyQuestions;
  #results: StudyResults = {};
  /** The newest windows, which wait while another one is read. */
  #newest: Windows = {};
  /** The iteration whose window is read; nothing where training is followed. */
  #reading: number | undefined;
  #isLive = true;
  #problem: string | undefined;
  #watched = '';
  #hasMet = false;
  /** The iteration whose window was read before the page was loaded anew, until it is there again or known to be gone. */
  #awaited: number | undefined;
  #lost: number | undefined;
  /** Whether the editor is still to be told where the chosen time step is, since a stream was chosen whose window is on its way. */
  #hasMoved = false;

  constructor(owner: StudyOwner) {
    this.#owner = owner;
    this.#questions = new StudyQuestions(owner);
  }

  /** The newest of a measure, or that of the window that is read. */
  found<M extends Followed>(measure: M): Windows[M] {
    return this.#results[measure];
  }

  get tape(): Tape | undefined {
    return this.found('tape');
  }

  get memory(): Memory | undefined {
    return this.found('memory');
  }

  /** Of the recurrent weight that is chosen: the one that is followed, or what was asked for last, which may be of an earlier window. */
  get spectrum(): Spectrum | undefined {
    const { weight } = this.#owner;
    if (this.#isFollowed(weight)) return this.found('spectrum');
    const { spectrum } = this.#questions;
    return spectrum?.name === weight ? spectrum : undefined;
  }

  /** Whether the spectrum of a weight comes by itself. */
  #isFollowed(weight: string | undefined): boolean {
    return weight === recurrentWeight(this.#owner.network);
  }

  get baselines(): Baselines | undefined {
    return this.#results.baselines;
  }

  /** Every number of the chosen step; undefined until it has come for the tape that is shown. */
  get detail(): StepDetail | undefined {
    return this.#questions.detailAt({ iteration: this.tape?.iteration, stream: this.tape?.stream, t: this.t });
  }

  /** The newest detail that came, to be shown faintly while the next one is on its way. */
  get latestDetail(): StepDetail | undefined {
    return this.#questions.latestDetail;
  }

  get matrix(): Matrix | undefined {
    return this.#questions.matrix;
  }

  /** All numbers of a window, the newest that came: of the one in sight, or for a moment of one before. */
  get numbers(): Numbers | undefined {
    return this.#questions.numbers;
  }

  /** Whether the windows of the run have few enough numbers to be shown one by one. */
  get hasFewNumbers(): boolean {
    const { network, sizes } = this.#owner;
    return sizes !== undefined && windowNumberCount(network, sizes) <= MOST_WINDOW_NUMBERS;
  }

  /** What a view wants to know of windows besides; what could not be answered stays without an answer. */
  want(questions: readonly Question[]): void {
    this.#questions.want(questions);
  }

  answerTo<Q extends Question>(question: Q): AnswerTo<Q> | undefined {
    return this.#questions.answerTo(question);
  }

  get wantedProblem(): string | undefined {
    return this.#questions.wantedProblem;
  }

  /** What the optimizer does with the chosen weight. */
  get weight(): WeightQuestion {
    return this.#questions.weight;
  }

  /** Whether the window in sight stays until a person wants another one: while training is followed, it does not. */
  get isStanding(): boolean {
    return !this.#isLive || !this.#owner.isRunning;
  }

  /** Why there is no window, or why a question was not answered, for the person. */
  get problem(): string | undefined {
    return this.#problem ?? this.#results.problem;
  }

  get isLive(): boolean {
    return this.#isLive;
  }

  /** The iteration of a window that was read and cannot be had any more, until the person chooses another one. */
  get lostWindow(): number | undefined {
    return this.#lost;
  }

  get stream(): number {
    return this.#owner.studyChoices.stream;
  }

  /** The chosen time step, within the tape. */
  get t(): number {
    const last = Math.max(0, (this.tape?.inputs.length ?? 1) - 1);
    return Math.min(this.#owner.studyChoices.step ?? last, last);
  }

  /** The open step of side B, from 1 to {@link backwardSteps}. */
  get backwardStep(): number {
    return Math.min(this.#owner.studyChoices.backwardStep, this.backwardSteps);
  }

  /** How many steps side B has: eleven of one layer of the tanh cell. */
  get backwardSteps(): number {
    return this.#owner.network.steps.length;
  }

  /** Another run is shown, or this one was shown anew: what is known of it. */
  meet(results: StudyResults, isSameRun: boolean): void {
    const { windows, others } = splitWindows(results);
    if (!isSameRun) {
      this.#isLive = true;
      this.#reading = this.#awaited = this.#lost = undefined;
      this.#results = {};
      this.#questions.forget();
    } else if (!this.#hasMet) this.#readOn();
    this.#hasMet = true;
    this.#problem = undefined;
    this.#questions.reset();
    const read = this.#isLive ? {} : splitWindows(this.#results).windows;
    this.#results = { ...others, ...read };
    this.#newest = {};
    this.#takeWindows(windows);
    this.#watched = '';
    this.watch();
    this.#ask();
  }

  take(increment: Increment): void {
    const {
      windows,
      others: { problem, ...others },
    } = splitWindows(increment);
    const before = this.tape;
    this.#results = { ...this.#results, ...others };
    if (problem === null) delete this.#results.problem;
    else if (problem !== undefined) this.#results.problem = problem;
    this.#takeWindows(windows);
    if (this.tape === before) return this.#ask();
    this.#problem = undefined;
    this.#ask(true);
    this.#followStream();
  }

  takeAnswer(answer: Studied): void {
    const { result } = answer;
    const about = this.#questions.take(answer);
    if (about === undefined) return;
    if (about === 'window' && !result.ok) return this.#lose();
    if (about !== 'wanted' && about !== 'weight') this.#problem = result.ok ? undefined : result.message;
    // Meanwhile the person may have walked on.
    this.#ask();
    this.#owner.changed();
  }

  /** Tells the host what is in sight, where that has changed, and asks for what is not there of it. */
  watch(): void {
    const { runId, tab } = this.#owner;
    if (runId === undefined) return;
    const reading = this.#reading ?? null;
    const message = { type: 'watch', runId, tab, stream: this.stream, reading } as const;
    const text = JSON.stringify(message);
    if (text !== this.#watched) {
      this.#watched = text;
      this.#owner.send(message);
    }
    this.#ask();
  }

  chooseStream(stream: number): void {
    this.#lost = undefined;
    this.#hasMoved = stream !== this.stream;
    this.#owner.chooseStudy({ stream });
    this.watch();
    this.#followStream();
  }

  /** The editor follows to a stream that was chosen as soon as its window is there: before, it would show a place of the one before. */
  #followStream(): void {
    const { runId } = this.#owner;
    if (!this.#hasMoved || runId === undefined || this.tape?.stream !== this.stream) return;
    this.#hasMoved = false;
    this.#owner.send({ type: 'chooseStep', runId, t: this.t });
  }

  /** Looks into one time step. Until the run is over, the window then stays as it is. */
  chooseStep(t: number, backwardStep = this.backwardStep): void {
    const last = (this.tape?.inputs.length ?? 1) - 1;
    const step = Math.min(Math.max(t, 0), last);
    const { runId } = this.#owner;
    this.#owner.chooseStudy({ step, backwardStep });
    this.#stay();
    if (runId !== undefined) this.#owner.send({ type: 'chooseStep', runId, t: step });
    this.watch();
    this.#ask(true);
    this.#owner.changed();
  }

  /** The editor chose the step: as `chooseStep`, without telling the editor. */
  showStep(t: number): void {
    this.#owner.chooseStudy({ step: t });
    this.#stay();
    this.watch();
    this.#ask(true);
    this.#owner.changed();
  }

  /** Walks through the steps of side B, from the last one on into the time step before (and back likewise). */
  walk(direction: 1 | -1): void {
    const next = this.backwardStep + direction;
    const last = (this.tape?.inputs.length ?? 1) - 1;
    if (next > this.backwardSteps) {
      if (this.t > 0) this.chooseStep(this.t - 1, 1);
    } else if (next < 1) {
      if (this.t < last) this.chooseStep(this.t + 1, this.backwardSteps);
    } else this.chooseStep(this.t, next);
  }

  showMatrix(matrix: MatrixName | null): void {
    this.#owner.chooseStudy({ matrix });
    this.#ask(true);
  }

  /** The person wants the update of a weight although it takes long. */
  computeWeight(): void {
    this.#questions.weight.allow();
    this.#ask();
    this.#owner.changed();
  }

  /** Follows the update of another weight: an element that is null is the one with the largest gradient, and so is null. */
  chooseWeight(weight: WeightChoice): void {
    this.#owner.chooseStudy({ weight });
    this.#ask(true);
  }

  /** Follows training again, or stays at the window that is shown. */
  setLive(isLive: boolean): void {
    this.#isLive = isLive;
    this.#awaited = this.#lost = undefined;
    this.#read(isLive ? undefined : this.#shownIteration);
    if (isLive) this.#results = { ...this.#results, ...this.#newest };
    this.watch();
    this.#ask(true);
    this.#owner.changed();
  }

  /** A single iteration was asked for: its window is what the person wants to see. */
  followStep(): void {
    if (!this.#isLive) this.setLive(true);
  }

  /** Stays at the window of which a step was chosen. Of a run that is over there will be no other. */
  #stay(): void {
    this.#lost = undefined;
    if (!this.#isLive || !this.#owner.isTraining || this.#shownIteration === undefined) return;
    this.#isLive = false;
    this.#read(this.#shownIteration);
  }

  #read(iteration: number | undefined): void {
    this.#reading = iteration;
    const reading = iteration ?? null;
    if (reading !== this.#owner.studyChoices.reading) this.#owner.chooseStudy({ reading });
  }

  /** The page is a new one: the window that was read in the one before is read on, if it is still there. */
  #readOn(): void {
    const { reading } = this.#owner.studyChoices;
    if (reading === null) return;
    this.#isLive = false;
    this.#reading = this.#awaited = reading;
  }

  /** The window that was read is not kept any more: training is followed, and the person is told. */
  #lose(): void {
    const lost = this.#awaited;
    if (lost === undefined) return;
    this.setLive(true);
    this.#lost = lost;
  }

  /** The iteration of the window in sight. */
  get #shownIteration(): number | undefined {
    const { tape, memory } = this;
    const [first, second] = this.#owner.tab === 'memory' ? [memory, tape] : [tape, memory];
    return (first ?? second)?.iteration;
  }

  #takeWindows(found: Windows): void {
    this.#newest = { ...this.#newest, ...found };
    if (this.#isLive) {
      this.#results = { ...this.#results, ...found };
      return;
    }
    const wanted = this.#awaited === undefined ? found : windowsAt(this.#awaited, found);
    if (wanted.tape !== undefined || wanted.memory !== undefined) this.#awaited = undefined;
    const taken = foundWhileReading(wanted, this.#results, { iteration: this.#reading, stream: this.stream });
    this.#results = { ...this.#results, ...taken };
    if (taken.tape === undefined || taken.tape.iteration === this.#reading) return;
    // Of the stream asked for there was no longer the window that was read, but this one.
    this.#read(taken.tape.iteration);
    this.watch();
  }

  /**
   * Asks for the window that is awaited, and for what is in sight and not there: the detail of the step, and the open matrix.
   * @param isAnew whether what could not be answered before is asked again.
   */
  #ask(isAnew = false): void {
    const { tape, stream } = this;
    const { tab, studyChoices } = this.#owner;
    const iteration = this.#awaited;
    if (isAnew) this.#questions.retry();
    this.#questions.askForWanted();
    if (iteration !== undefined) this.#questions.askForWindow({ iteration, stream, t: studyChoices.step ?? 0 });
    if (tab === 'memory') this.#askForSpectrum();
    if (tape === undefined || tab !== 'steps') return;
    this.#questions.askAt({ iteration: tape.iteration, stream: tape.stream, t: this.t });
    if (this.hasFewNumbers) this.#questions.askForNumbers(tape);
    // It is of the whole batch, and too much to be asked of every window that goes by.
    if (this.isStanding) this.weight.ask(tape);
  }

  /** That of a chosen weight which does not come by itself, of the window of the one that does. */
  #askForSpectrum(): void {
    const { weight } = this.#owner;
    const iteration = this.found('spectrum')?.iteration;
    if (weight === undefined || iteration === undefined || this.#isFollowed(weight)) return;
    this.#questions.askForSpectrum(iteration, weight);
  }
}
