import { InputError } from '../common/inputError.ts';
import type { Question, StudyEvent, StudyRequest } from '../protocol/study.ts';
import { fitBaselines } from './baselines.ts';
import { WindowStudy } from './windowStudy.ts';
import { warmUp } from './windowStudyWarmUp.ts';
import { TextScorer } from './textScorer.ts';

type Asked = Extract<StudyRequest, { type: Question }>;

/** Lower is more urgent: what a person waits for comes before what is computed in the background. */
const URGENCY: Readonly<Record<Question, number>> = {
  stepDetail: 0,
  matrix: 0,
  tape: 1,
  characterScores: 2,
  memory: 3,
  spectrum: 4,
  baselines: 5,
};

/** Arrays of answers of which no number may be infinite or none. */
const TELLING: readonly string[] = ['lossNats', 'lagProfile'];

/** Progress is told this often, as a share of the work. */
const PROGRESS_STEP = 0.02;

/** Before the baselines, which have time. */
const WARM_UP_URGENCY = 4.5;

interface Job {
  readonly urgency: number;
  /** None asked for a warm-up. */
  readonly question?: Asked;
  readonly steps: Generator<undefined, unknown>;
}

/** Answers questions about captured windows and about the text, piece by piece, the most urgent first. */
export class StudyQueue {
  readonly #windows = new WindowStudy();
  readonly #scorer: TextScorer;
  readonly #send: (event: StudyEvent) => void;
  /** By urgency, then by time. */
  #jobs: Job[] = [];
  #excerpt: Extract<StudyRequest, { type: 'excerpt' }>['excerpt'] | undefined;

  /** @param folder of the bundles, where the kernels are. */
  constructor(folder: string, send: (event: StudyEvent) => void) {
    this.#scorer = new TextScorer({ folder });
    this.#send = send;
    this.#jobs.push({ urgency: WARM_UP_URGENCY, steps: warmUp() });
  }

  receive(request: StudyRequest): void {
    if (request.type === 'capture') this.#windows.take(request.capture);
    else if (request.type === 'excerpt') {
      this.#excerpt = request.excerpt;
      this.#scorer.take(request.excerpt);
    } else {
      this.#jobs.push({ urgency: URGENCY[request.type], question: request, steps: this.#answer(request) });
      this.#jobs.sort((one, other) => one.urgency - other.urgency);
    }
  }

  /** Does one piece of the most urgent work; returns false when there is none. */
  advance(): boolean {
    const [job] = this.#jobs;
    if (job === undefined) return false;
    try {
      const next = job.steps.next();
      if (next.done === true) this.#finish(job, next.value);
    } catch (error) {
      if (job.question === undefined || !(error instanceof InputError)) throw error;
      const { runId, requestId } = job.question;
      this.#drop(job);
      this.#send({ type: 'unanswered', runId, requestId, message: error.message });
    }
    return this.#jobs.length > 0;
  }

  #finish(job: Job, answer: unknown): void {
    const { question } = job;
    if (question !== undefined) {
      checkFinite(question, answer);
      const { type, runId, requestId } = question;
      // Which answer belongs to which question is held by `#answer`.
      this.#send({ type: 'answer', question: type, runId, requestId, answer } as StudyEvent);
    }
    this.#drop(job);
  }

  #drop(job: Job): void {
    this.#jobs = this.#jobs.filter((other) => other !== job);
  }

  #answer(question: Asked): Generator<undefined, unknown> {
    switch (question.type) {
      case 'tape':
        return this.#windows.tape(question);
      case 'stepDetail':
        return this.#windows.stepDetail(question);
      case 'matrix':
        return this.#windows.matrix(question);
      case 'memory':
        return this.#windows.memory(question);
      case 'spectrum':
        return this.#windows.spectrum(question);
      case 'baselines':
        return this.#fitBaselines(question.runId);
      case 'characterScores':
        return this.#scoreText(question);
      default:
        return question satisfies never;
    }
  }

  *#fitBaselines(runId: string): Generator<undefined, unknown> {
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
      yield;
    }
  }

  *#scoreText(question: Extract<Asked, { type: 'characterScores' }>): Generator<undefined, unknown> {
    return yield* this.#scorer.score(question, this.#windows.captureOf(question.iteration));
  }
}

/**
 * A network whose numbers are not finite has nothing to show.
 * @throws {InputError} where a number of an answer, or the loss of a step, is not finite.
 */
function checkFinite(question: Asked, answer: unknown): void {
  // Of a text that is scored, NaN says that nothing is known of a character.
  if (!('iteration' in question) || question.type === 'characterScores') return;
  for (const [name, value] of Object.entries(answer as Record<string, unknown>)) {
    const numbers = typeof value === 'number' ? [value] : TELLING.includes(name) ? (value as Float64Array) : [];
    const wrong = numbers.find((number: number) => !Number.isFinite(number));
    if (wrong === undefined) continue;
    throw new InputError(
      `In iteration ${question.iteration} ${name} is ${wrong}, so there is nothing to look into. Start again with a lower ` +
        'learning rate or with clipping.',
    );
  }
}
