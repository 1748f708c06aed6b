import type { FromPanel, ToPanel } from '../../protocol/panel.ts';
import type { Matrix, Numbers, Spectrum, StepDetail } from '../../protocol/study.ts';
import { isShared } from '../network/quantities.ts';
import { Inquiry } from './inquiry.ts';
import { isMatrixOf, type MatrixPlace } from './matrixPlace.ts';
import type { StudyOwner } from './studyOwner.ts';
import { WeightQuestion } from './weightQuestion.ts';

type Studied = Extract<ToPanel, { type: 'studied' }>;
export type Question = Extract<FromPanel, { type: 'ask' }>['question'];
type Answers = Extract<Studied['result'], { ok: true }>;
export type AnswerTo<Q extends Question> = NonNullable<Answers[Q['measure']]>;

/** What is asked of the window in sight, the detail of a time step, the open matrix and the spectrum of a chosen one, and what was answered last. */
export class StudyQuestions {
  readonly #owner: StudyOwner;
  #detail: StepDetail | undefined;
  #matrix: Matrix | undefined;
  #spectrum: Spectrum | undefined;
  #numbers: Numbers | undefined;
  #nextRequestId = 1;
  readonly #detailInquiry = new Inquiry();
  readonly #matrixInquiry = new Inquiry();
  readonly #spectrumInquiry = new Inquiry();
  readonly #numbersInquiry = new Inquiry();
  readonly #awaitedInquiry = new Inquiry();
  /** What a view wants to know besides, in its order, and what came back, by question. */
  #wanted: readonly Question[] = [];
  readonly #answers = new Map<string, Studied['result']>();
  readonly #wantedInquiry = new Inquiry();
  #wantedUnderWay: string | undefined;
  /** Of the update of a weight. */
  readonly weight: WeightQuestion;

  constructor(owner: StudyOwner) {
    this.#owner = owner;
    this.weight = new WeightQuestion(owner, (inquiry, about, question) => this.#ask(inquiry, about, question));
  }

  /** The newest detail that came, of whatever time step. */
  get latestDetail(): StepDetail | undefined {
    return this.#detail;
  }

  /** The detail of a time step; undefined until it has come. */
  detailAt(place: { readonly [part in keyof MatrixPlace]: number | undefined }): StepDetail | undefined {
    const detail = this.#detail;
    const isThere = detail?.iteration === place.iteration && detail?.stream === place.stream && detail?.t === place.t;
    return isThere ? detail : undefined;
  }

  /** The newest numbers of the open matrix, of whatever time step. */
  get matrix(): Matrix | undefined {
    return this.#matrix?.name === this.#owner.studyChoices.matrix ? this.#matrix : undefined;
  }

  /** The newest spectrum that was asked for, of whatever weight. */
  get spectrum(): Spectrum | undefined {
    return this.#spectrum;
  }

  /** All numbers of a window, the newest that came. */
  get numbers(): Numbers | undefined {
    return this.#numbers;
  }

  /** Another run is shown: what was answered about the one before is nothing to it. */
  forget(): void {
    this.#detail = undefined;
    this.#matrix = undefined;
    this.#spectrum = undefined;
    this.#numbers = undefined;
    this.#answers.clear();
    this.weight.forget();
  }

  /** Nobody will answer what is under way. */
  reset(): void {
    for (const inquiry of [...this.#ofPlace, this.weight.inquiry, this.#awaitedInquiry, this.#wantedInquiry])
      inquiry.reset();
    this.#wantedUnderWay = undefined;
    for (const [about, answer] of this.#answers) if (!answer.ok) this.#answers.delete(about);
  }

  /** Asks one question after the other; answers to what is no longer wanted are forgotten. */
  want(wanted: readonly Question[]): void {
    this.#wanted = wanted;
    const about = new Set(wanted.map((question) => JSON.stringify(question)));
    for (const known of this.#answers.keys()) if (!about.has(known)) this.#answers.delete(known);
    this.askForWanted();
  }

  /** The answer to what is wanted; undefined until it has come. */
  answerTo<Q extends Question>(question: Q): AnswerTo<Q> | undefined {
    const answer = this.#answers.get(JSON.stringify(question));
    return answer?.ok === true ? (answer[question.measure] as AnswerTo<Q> | undefined) : undefined;
  }

  /** Why something that is wanted could not be answered. */
  get wantedProblem(): string | undefined {
    for (const answer of this.#answers.values()) if (!answer.ok) return answer.message;
    return undefined;
  }

  askForWanted(): void {
    const question = this.#wanted.find((one) => !this.#answers.has(JSON.stringify(one)));
    if (question === undefined || this.#wantedUnderWay !== undefined) return;
    this.#wantedUnderWay = JSON.stringify(question);
    this.#ask(this.#wantedInquiry, this.#wantedUnderWay, question);
  }

  /** What could not be answered before may be asked again. */
  retry(): void {
    for (const inquiry of [...this.#ofPlace, this.weight.inquiry]) inquiry.retry();
  }

  get #ofPlace(): readonly Inquiry[] {
    return [this.#detailInquiry, this.#matrixInquiry, this.#spectrumInquiry, this.#numbersInquiry];
  }

  /** Takes an answer; returns which question it was to, if it was to one of these. */
  take({ requestId, result }: Studied): 'window' | 'place' | 'wanted' | 'weight' | undefined {
    if (this.weight.take(requestId, result)) return 'weight';
    const isOfAwaited = this.#awaitedInquiry.end(requestId, result.ok);
    const isWanted = this.#takeWanted(requestId, result);
    const isOfPlace = this.#ofPlace.filter((inquiry) => inquiry.end(requestId, result.ok)).length > 0;
    if (isWanted) return 'wanted';
    if (!isOfPlace && !isOfAwaited) return undefined;
    if (result.ok) {
      this.#detail = result.stepDetail ?? this.#detail;
      this.#matrix = result.matrix ?? this.#matrix;
      this.#spectrum = result.spectrumOf ?? this.#spectrum;
      this.#numbers = result.numbers ?? this.#numbers;
    }
    return isOfAwaited ? 'window' : 'place';
  }

  #takeWanted(requestId: number, result: Studied['result']): boolean {
    const about = this.#wantedUnderWay;
    if (about === undefined || !this.#wantedInquiry.end(requestId, true)) return false;
    this.#wantedUnderWay = undefined;
    // Of what is wanted no more, there is nobody who would read the answer.
    if (this.#wanted.some((question) => JSON.stringify(question) === about)) {
      this.#answers.set(about, result);
    }
    return true;
  }

  /** Asks for a time step of a window that may be gone: the host answers, or says that it does not have it any more. */
  askForWindow(place: MatrixPlace): void {
    this.#ask(this.#awaitedInquiry, String(place.iteration), { measure: 'stepDetail', ...place });
  }

  /** Asks for what is not there of a time step: its detail, and the open matrix. */
  askAt({ iteration, stream, t }: MatrixPlace): void {
    const { network, studyChoices } = this.#owner;
    const place = { iteration, stream, t };
    if (this.detailAt(place) === undefined) {
      this.#ask(this.#detailInquiry, JSON.stringify(place), { measure: 'stepDetail', ...place });
    }
    const { matrix: name } = studyChoices;
    if (name === null || (this.matrix !== undefined && isMatrixOf(network, this.matrix, place))) return;
    const about = isShared(network, name) ? [name, place.iteration] : [name, place];
    this.#ask(this.#matrixInquiry, JSON.stringify(about), { measure: 'matrix', ...place, name });
  }

  /** Asks for all numbers of the window of a stream, where they are not there. */
  askForNumbers({ iteration, stream }: Omit<MatrixPlace, 't'>): void {
    if (this.#numbers?.iteration === iteration && this.#numbers.stream === stream) return;
    const about = { iteration, stream };
    this.#ask(this.#numbersInquiry, JSON.stringify(about), { measure: 'numbers', ...about });
  }

  /** Asks for the spectrum of a weight of a window, where it is not there. */
  askForSpectrum(iteration: number, name: string): void {
    const about = { iteration, name };
    if (this.#spectrum?.iteration === iteration && this.#spectrum.name === name) return;
    this.#ask(this.#spectrumInquiry, JSON.stringify(about), { measure: 'spectrumOf', ...about });
  }

  #ask(inquiry: Inquiry, about: string, question: Question): void {
    const { runId } = this.#owner;
    if (runId === undefined || !inquiry.begin(this.#nextRequestId, about)) return;
    this.#owner.send({ type: 'ask', runId, requestId: this.#nextRequestId++, question });
  }
}
