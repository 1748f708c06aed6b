import type { FromPanel, ToPanel } from '../../protocol/panel.ts';
import type { Matrix, Spectrum, StepDetail } from '../../protocol/study.ts';
import { isShared } from '../network/quantities.ts';
import { Inquiry } from './inquiry.ts';
import { isMatrixOf, type MatrixPlace } from './matrixPlace.ts';
import type { StudyOwner } from './studyOwner.ts';
import { WeightQuestion } from './weightQuestion.ts';

type Studied = Extract<ToPanel, { type: 'studied' }>;
type Question = Extract<FromPanel, { type: 'ask' }>['question'];

/** What is asked of the window in sight, the detail of a time step, the open matrix and the spectrum of a chosen one, and what was answered last. */
export class StudyQuestions {
  readonly #owner: StudyOwner;
  #detail: StepDetail | undefined;
  #matrix: Matrix | undefined;
  #spectrum: Spectrum | undefined;
  #nextRequestId = 1;
  readonly #detailInquiry = new Inquiry();
  readonly #matrixInquiry = new Inquiry();
  readonly #spectrumInquiry = new Inquiry();
  readonly #awaitedInquiry = new Inquiry();
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

  /** Another run is shown: what was answered about the one before is nothing to it. */
  forget(): void {
    this.#detail = undefined;
    this.#matrix = undefined;
    this.#spectrum = undefined;
    this.weight.forget();
  }

  /** Nobody will answer what is under way. */
  reset(): void {
    for (const inquiry of [...this.#ofPlace, this.weight.inquiry, this.#awaitedInquiry]) inquiry.reset();
  }

  /** What could not be answered before may be asked again. */
  retry(): void {
    for (const inquiry of [...this.#ofPlace, this.weight.inquiry]) inquiry.retry();
  }

  get #ofPlace(): readonly Inquiry[] {
    return [this.#detailInquiry, this.#matrixInquiry, this.#spectrumInquiry];
  }

  /** Takes an answer; returns which question it was to, if it was to one of these. */
  take({ requestId, result }: Studied): 'window' | 'place' | 'weight' | undefined {
    if (this.weight.take(requestId, result)) return 'weight';
    const isOfAwaited = this.#awaitedInquiry.end(requestId, result.ok);
    const isOfPlace = this.#ofPlace.filter((inquiry) => inquiry.end(requestId, result.ok)).length > 0;
    if (!isOfPlace && !isOfAwaited) return undefined;
    if (result.ok) {
      this.#detail = result.stepDetail ?? this.#detail;
      this.#matrix = result.matrix ?? this.#matrix;
      this.#spectrum = result.spectrumOf ?? this.#spectrum;
    }
    return isOfAwaited ? 'window' : 'place';
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
