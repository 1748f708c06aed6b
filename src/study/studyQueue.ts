import { InputError } from '../common/inputError.ts';
import type { Work } from '../common/work.ts';
import { MEASURES, type Question, type StudyEvent, type StudyRequest } from '../protocol/measures.ts';
import type { Excerpt } from '../protocol/study.ts';
import { fitBaselines } from './baselines.ts';
import { WindowStudy } from './windowStudy.ts';
import { warmUp } from './windowStudyWarmUp.ts';
import { TextScorer } from './textScorer.ts';

type Asked = Extract<StudyRequest, { type: 'ask' }>;

/** Progress is told this often, as a share of the work. */
const PROGRESS_STEP = 0.02;

/** Multiplications between two looks at what is asked: some milliseconds of compiled code, and less than 20 before it is compiled. */
const MULTIPLICATIONS_A_PIECE = 3_000_000;

/** Before the baselines, which have time. */
const WARM_UP_URGENCY = 4.5;

interface Job {
  readonly urgency: number;
  /** None asked for a warm-up. */
  readonly asked?: Asked;
  readonly work: Work<unknown>;
}

/** Answers questions about captured windows and about the text, piece by piece, the most urgent first. */
export class StudyQueue {
  readonly #windows = new WindowStudy();
  readonly #scorer: TextScorer;
  readonly #send: (event: StudyEvent) => void;
  /** By urgency, then by time. */
  #jobs: Job[] = [];
  #excerpt: Excerpt | undefined;

  /** @param folder of the bundles, where the kernels are. */
  constructor(folder: string, send: (event: StudyEvent) => void) {
    this.#scorer = new TextScorer({ folder });
    this.#send = send;
    this.#jobs.push({ urgency: WARM_UP_URGENCY, work: warmUp() });
  }

  receive(request: StudyRequest): void {
    if (request.type === 'capture') this.#windows.take(request.capture);
    else if (request.type === 'excerpt') {
      this.#excerpt = request.excerpt;
      this.#scorer.take(request.excerpt);
    } else {
      const { urgency } = MEASURES[request.question.measure];
      this.#jobs.push({ urgency, asked: request, work: this.#answer(request) });
      this.#jobs.sort((one, other) => one.urgency - other.urgency);
    }
  }

  /** Does one piece of the most urgent work; returns false when there is none. */
  advance(): boolean {
    const [job] = this.#jobs;
    if (job === undefined) return false;
    try {
      const end = doPiece(job.work);
      if (end !== undefined) this.#finish(job, end.answer);
    } catch (error) {
      if (job.asked === undefined || !(error instanceof InputError)) throw error;
      const { runId, requestId } = job.asked;
      this.#drop(job);
      this.#send({ type: 'unanswered', runId, requestId, message: error.message });
    }
    return this.#jobs.length > 0;
  }

  #finish(job: Job, answer: unknown): void {
    if (job.asked !== undefined) {
      const { runId, requestId, question } = job.asked;
      checkFinite(question, answer);
      // Which answer belongs to which measure is held by what computes it.
      this.#send({ type: 'answer', measure: question.measure, runId, requestId, answer } as StudyEvent);
    }
    this.#drop(job);
  }

  #drop(job: Job): void {
    this.#jobs = this.#jobs.filter((other) => other !== job);
  }

  #answer({ question, runId }: Asked): Work<unknown> {
    if (question.measure === 'baselines') return this.#fitBaselines(runId);
    if (question.measure === 'characterScores') return this.#scoreText(question);
    // Of a union of measures TypeScript does not see that each comes with its own question.
    return this.#windows[question.measure](question as never);
  }

  *#fitBaselines(runId: string): Work<unknown> {
    if (this.#excerpt === undefined) throw new RangeError('baselines were asked for before there was a text');
    const fitting = fitBaselines(this.#excerpt);
    let told = -Infinity;
    for (;;) {
      const next = fitting.next();
      if (next.done === true) return next.value;
      if (next.value.progress - told >= PROGRESS_STEP) {
        told = next.value.progress;
        this.#send({ type: 'baselinesProgress', runId, baselines: next.value });
      }
      // They come in pieces of some milliseconds already.
      yield MULTIPLICATIONS_A_PIECE;
    }
  }

  *#scoreText(question: Question<'characterScores'>): Work<unknown> {
    return yield* this.#scorer.score(question, this.#windows.captureOf(question.iteration));
  }
}

/** Does as many units of work as make a piece; the answer, where they were the last ones. */
function doPiece(work: Work<unknown>): { readonly answer: unknown } | undefined {
  let left = MULTIPLICATIONS_A_PIECE;
  while (left > 0) {
    const unit = work.next();
    if (unit.done === true) return { answer: unit.value };
    left -= unit.value;
  }
  return undefined;
}

/**
 * A network whose numbers are not finite has nothing to show.
 * @throws {InputError} where a number of an answer, or of its arrays that the table names, is not finite.
 */
function checkFinite(question: Question, answer: unknown): void {
  if (!('iteration' in question)) return;
  const wrong = notFiniteOf(answer as object, MEASURES[question.measure].finite);
  if (wrong === undefined) return;
  throw new InputError(
    `In iteration ${question.iteration} ${wrong.name} is ${wrong.value}, so there is nothing to look into. Start again with a lower ` +
      'learning rate or with clipping.',
  );
}

/** The first number that is not finite, of an answer and its parts. */
function notFiniteOf(
  answer: object,
  arrays: readonly string[],
): { readonly name: string; readonly value: number } | undefined {
  for (const [name, value] of Object.entries(answer) as [string, unknown][]) {
    if (value instanceof Float64Array || typeof value === 'number') {
      const numbers = typeof value === 'number' ? [value] : arrays.includes(name) ? value : [];
      const wrong = numbers.find((number: number) => !Number.isFinite(number));
      if (wrong !== undefined) return { name, value: wrong };
    } else if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && !Array.isArray(value)) {
      const wrong = notFiniteOf(value, arrays);
      if (wrong !== undefined) return wrong;
    }
  }
  return undefined;
}
