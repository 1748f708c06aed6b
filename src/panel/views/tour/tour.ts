import type { Network } from '../../../network/network.ts';
import { windowNumberCount, MOST_WINDOW_NUMBERS } from '../../../network/windowNumbers.ts';
import type { StepDetail, Tape } from '../../../protocol/study.ts';
import type { PanelState } from '../../state/panelState.ts';
import type { TourAnswer, TourChoice } from '../../../protocol/tour.ts';
import { answered, answersOf } from '../../state/tourChoice.ts';
import { symbolsOf } from '../tape/tapeText.ts';
import { Inputs } from '../view.ts';
import { judge, type Question, type Verdict } from './question.ts';
import { questionOf } from './questionOf.ts';
import { followedParameter, stopsOf, type Stop } from './stops.ts';

/**
 * The tour through the window that is read: at which stop it is, what is asked there, what was said to it. It walks with side B: a stop
 * opens its step there, and who walks on there comes to its stop. No DOM.
 */
export class Tour {
  readonly #state: PanelState;
  readonly #network: Network;
  readonly #questionInputs = new Inputs();
  #question: Question | undefined;
  #stops: readonly Stop[] = [];
  #stopsFor = 0;
  /** Where the walk of side B was when the tour saw it last. */
  #walk: { readonly t: number; readonly step: number } | undefined;
  /** The stop for which the optimizer's figure was opened on its weight. */
  #weightOf: string | undefined;
  /** The iteration of the window that is left for the newest one, until that has come. */
  #leaving: number | undefined;

  constructor(state: PanelState, network: Network) {
    this.#state = state;
    this.#network = network;
  }

  get isOpen(): boolean {
    return this.#choice?.isOpen === true && this.#tape !== undefined;
  }

  /** Whether there is a window to be led through. */
  get isPossible(): boolean {
    return this.#tape !== undefined;
  }

  get hasBegun(): boolean {
    return this.#choice !== null;
  }

  get stops(): readonly Stop[] {
    const T = this.#tape?.inputs.length ?? 1;
    if (this.#stopsFor !== T) {
      this.#stops = stopsOf(this.#network, T);
      this.#stopsFor = T;
    }
    return this.#stops;
  }

  /** The place of the stop, from 0 on; the first of all where the one that was left is none of this window. */
  get at(): number {
    return Math.max(
      0,
      this.stops.findIndex(({ id }) => id === this.#choice?.stop),
    );
  }

  get stop(): Stop {
    return this.stops[this.at];
  }

  /** Undefined until its numbers have come. */
  get question(): Question | undefined {
    const { run, study } = this.#state;
    const tape = this.#tape;
    if (tape === undefined || !isComputable(tape)) return undefined;
    const { stop } = this;
    const parts = this.#wanted(tape).map((question) => study.answerTo(question));
    if (!this.#questionInputs.changed(tape, stop, run?.description.facts, ...parts)) return this.#question;
    const { numbers, update } = this.#answers(tape);
    const ofNumbers = Object.entries(numbers?.parameters ?? {});
    const question = questionOf(stop, {
      network: this.#network,
      symbolOf: symbolsOf(run?.description.facts),
      tape,
      details: this.#details(tape),
      parameters: new Map(ofNumbers),
      // Without the parameters a question of theirs is another one: it waits for them.
      ...(this.#isSmall(tape) && numbers === undefined && study.wantedProblem === undefined && { details: new Map() }),
      update,
    });
    // Numbers of other stops have come, or the same anew: what is asked, and being answered, stays.
    if (JSON.stringify(question) !== JSON.stringify(this.#question)) this.#question = question;
    return this.#question;
  }

  /** Why the numbers of the stop do not come. */
  get problem(): string | undefined {
    if (this.question !== undefined) return undefined;
    return this.#tape === undefined || isComputable(this.#tape) ? this.#state.study.wantedProblem : NOT_FINITE;
  }

  get answer(): TourAnswer | undefined {
    return this.#answersSaid[this.stop.id];
  }

  /** What is said to the answer; undefined where there is none, or where the way was shown without one. */
  get verdict(): Verdict | undefined {
    const { question, answer } = this;
    return question === undefined || answer === undefined || answer.said === ''
      ? undefined
      : judge(question, answer.said);
  }

  /** Whether the way is shown: answered, or revealed. */
  get isSettled(): boolean {
    return this.answer?.isRevealed === true || this.verdict?.is === 'right';
  }

  /** Stops that were predicted at once, without a wrong answer before, and those that were settled. */
  get count(): { readonly predicted: number; readonly settled: number } {
    const said = Object.values(this.#answersSaid);
    return {
      predicted: said.filter(({ isRight, wasWrong }) => isRight && wasWrong !== true).length,
      settled: said.filter(({ isRight, isRevealed }) => isRight || isRevealed).length,
    };
  }

  /** The iteration of the window that is led through. */
  get iteration(): number {
    return this.#tape?.iteration ?? 0;
  }

  /** The iteration that training has come to meanwhile; undefined where the window is the newest. */
  get newer(): number | undefined {
    const iteration = this.#state.run?.status.iteration;
    const tape = this.#tape;
    return iteration === undefined || tape === undefined || iteration <= tape.iteration ? undefined : iteration;
  }

  /** Goes on at the same stop with the newest window. What was said is of the numbers of the one before. */
  takeNewest(): void {
    this.#leaving = this.#tape?.iteration;
    this.#state.study.setLive(true);
  }

  /** Brings the tour and the walk together, and asks for the numbers of the stop. */
  update(): void {
    const { study } = this.#state;
    const tape = this.#tape;
    if (!this.isOpen || tape === undefined) {
      if (this.#walk !== undefined) study.want([]);
      this.#walk = this.#leaving = undefined;
      return;
    }
    if (tape.iteration !== this.#leaving) this.#leaving = undefined;
    // The numbers stand still while they are asked about.
    if (study.isLive && this.#mayStand) study.setLive(false);
    const walk = { t: study.t, step: study.backwardStep };
    if (this.#walk === undefined) this.#enter(this.at);
    else if (walk.t !== this.#walk.t || walk.step !== this.#walk.step) {
      this.#walk = walk;
      this.#comeAlong(tape, walk);
    }
    study.want(this.#wanted(tape));
    this.#followWeight(tape);
  }

  go(at: number): void {
    const stop = this.stops[Math.min(Math.max(at, 0), this.stops.length - 1)];
    this.#choose({ stop: stop.id });
    this.#enter(this.at);
  }

  /** Leaves the tour; its place and what was said stay. */
  leave(): void {
    this.#choose({ isOpen: false });
  }

  /** The end is reached: whoever opens the tour again is at its beginning, with what was said. */
  finish(): void {
    this.#choose({ isOpen: false, stop: null });
  }

  /** Takes an answer. One that cannot be read is judged, not kept as a prediction. */
  check(said: string): void {
    const { question } = this;
    if (question === undefined) return;
    const { is } = judge(question, said);
    const isRevealed = this.answer?.isRevealed ?? false;
    // Close is the right way with too few digits.
    const isWrong = is === 'mistaken' || is === 'wrong';
    this.#say({
      said,
      isRevealed,
      isRight: !isRevealed && is === 'right',
      ...((isWrong || this.answer?.wasWrong === true) && { wasWrong: true }),
    });
  }

  reveal(): void {
    const { answer } = this;
    this.#say({ said: '', isRight: false, ...answer, isRevealed: true });
  }

  get #choice(): TourChoice | null {
    return this.#state.choices?.tour ?? null;
  }

  get #tape(): Tape | undefined {
    return this.#state.study.tape;
  }

  /** Whether the window in sight is one to stay at: that of a run which goes on, unless a newer one is awaited. */
  get #mayStand(): boolean {
    const state = this.#state.run?.status.state;
    if (this.#leaving !== undefined) return false;
    // Of a paused run the newest window comes by itself, and then stays.
    return state === 'running' || (state === 'paused' && this.newer === undefined);
  }

  get #answersSaid(): TourChoice['answers'] {
    const tape = this.#tape;
    return tape === undefined ? {} : answersOf(this.#choice, tape);
  }

  #say(answer: TourAnswer): void {
    const tape = this.#tape;
    const tour = this.#choice;
    if (tape === undefined || tour === null) return;
    this.#state.keepTour(answered(tour, tape, this.stop.id, answer));
  }

  #choose(change: Partial<TourChoice>): void {
    const tour = this.#choice;
    if (tour !== null) this.#state.keepTour({ ...tour, ...change });
  }

  /** Walks side B, and the tape, to a stop. */
  #enter(at: number): void {
    const { study } = this.#state;
    const { back, step = study.backwardStep } = this.stops[at];
    const T = this.#tape?.inputs.length ?? 1;
    this.#walk = { t: T - 1 - back, step };
    study.chooseStep(T - 1 - back, step);
  }

  /** Who walks on along side B comes to the stop of that step, if there is one. */
  #comeAlong({ inputs }: Tape, { t, step }: { readonly t: number; readonly step: number }): void {
    const meant = ({ steps, back }: Stop): boolean => steps.includes(step) && inputs.length - 1 - back === t;
    if (meant(this.stop)) return;
    const stop = this.stops.find(meant);
    if (stop !== undefined) this.#choose({ stop: stop.id });
  }

  /** The figure of the optimizer opens on the weight that a stop is about; whoever chooses another one there keeps it. */
  #followWeight(tape: Tape): void {
    const isOfWeight =
      this.stop.asks.about === 'update' || this.stop.asks.about === 'sum' || this.stop.asks.about === 'clip';
    const { update } = this.#answers(tape);
    const stop = isOfWeight && update !== undefined ? this.stop.id : undefined;
    if (stop === this.#weightOf) return;
    this.#weightOf = stop;
    if (stop === undefined || update === undefined) return;
    const { parameter, row, column } = update;
    this.#state.study.chooseWeight({ parameter, element: { row, column } });
  }

  /** What the tour's questions are made of, the numbers of the stop first. */
  #wanted(tape: Tape) {
    const { iteration, stream, inputs } = tape;
    const place = { iteration, stream };
    const last = inputs.length - 1;
    const details = [last, ...(last > 0 ? [last - 1] : [])].map((t) => ({
      measure: 'stepDetail' as const,
      ...place,
      t,
    }));
    const update = { measure: 'update' as const, ...place, parameter: followedParameter(this.#network), element: null };
    const numbers = { measure: 'numbers' as const, ...place };
    return [...(this.#isSmall(tape) ? [numbers] : []), ...details, update];
  }

  #details(tape: Tape): ReadonlyMap<number, StepDetail> {
    const found = this.#wanted(tape).flatMap((question) => {
      const answer = question.measure === 'stepDetail' ? this.#state.study.answerTo(question) : undefined;
      return answer === undefined ? [] : [[answer.t, answer] as const];
    });
    return new Map(found);
  }

  #answers(tape: Tape) {
    const { study } = this.#state;
    const wanted = this.#wanted(tape);
    const numbers = wanted.find((question) => question.measure === 'numbers');
    const update = wanted.find((question) => question.measure === 'update');
    return { numbers: numbers && study.answerTo(numbers), update: update && study.answerTo(update) };
  }

  /** Whether all numbers of the window can be had at once. */
  #isSmall({ inputs }: Tape): boolean {
    const { run } = this.#state;
    const V = run?.description.facts?.vocabulary.length;
    if (run === undefined || V === undefined) return false;
    const H = run.description.settings.hiddenSize;
    return windowNumberCount(this.#network, { V, H, T: inputs.length }) <= MOST_WINDOW_NUMBERS;
  }
}

/** Whether its numbers are ones to compute with: those of a run that diverged are not. */
function isComputable({ lossNats }: Tape): boolean {
  return lossNats.every(Number.isFinite);
}

const NOT_FINITE =
  'Losses of this window are not finite, so there is nothing to be predicted: the run has diverged. Look into an earlier window, or train again with a lower learningRate.';
