import type { FromPanel, StudyResults, Tab, ToPanel } from '../../protocol/panel.ts';
import type { Baselines, Cell, Matrix, MatrixName, Memory, Spectrum, Tape } from '../../protocol/study.ts';

type Increment = Extract<ToPanel, { type: 'increment' }>['study'];
type Studied = Extract<ToPanel, { type: 'studied' }>;
type Asked = Extract<FromPanel, { type: 'askCell' | 'askMatrix' }>;
type Where = Pick<Asked, 'iteration' | 'stream' | 't'>;

/** The eleven steps of side B. */
export const BACKWARD_STEPS = 11;

/** What a person chose to look into; kept with the run's other choices. */
export interface StudyChoices {
  readonly stream: number;
  /** The time step chosen; null is the last one. */
  readonly step: number | null;
  /** Which of the eleven steps of side B is open, 1 … 11. */
  readonly backwardStep: number;
  /** The matrix that is open, or null. */
  readonly matrix: MatrixName | null;
}

/** What the study of a window needs of the rest of the panel's state. */
export interface StudyOwner {
  readonly runId: string | undefined;
  readonly tab: Tab;
  readonly isRunning: boolean;
  readonly studyChoices: StudyChoices;
  chooseStudy(change: Partial<StudyChoices>): void;
  send(message: FromPanel): void;
  changed(): void;
}

/**
 * The window that is looked into: the newest while training goes on, or the one that a person reads, which stays until
 * they go back to live.
 */
export class StudyState {
  readonly #owner: StudyOwner;
  #results: StudyResults = {};
  #isLive = true;
  #cell: Cell | undefined;
  #matrix: Matrix | undefined;
  #problem: string | undefined;
  #nextRequestId = 1;
  /** The newest question of each kind: answers to earlier ones are dropped. */
  #awaited: { cell: number; matrix: number } = { cell: 0, matrix: 0 };
  #watched = '';

  constructor(owner: StudyOwner) {
    this.#owner = owner;
  }

  get tape(): Tape | undefined {
    return this.#results.tape;
  }

  get memory(): Memory | undefined {
    return this.#results.memory;
  }

  get spectrum(): Spectrum | undefined {
    return this.#results.spectrum;
  }

  get baselines(): Baselines | undefined {
    return this.#results.baselines;
  }

  /** Every number of the chosen step; undefined until it has come for the tape that is shown. */
  get cell(): Cell | undefined {
    const { tape } = this;
    const cell = this.#cell;
    return cell?.iteration === tape?.iteration && cell?.stream === tape?.stream && cell?.t === this.t
      ? cell
      : undefined;
  }

  /** The newest cell that came, to be shown faintly while the next one is on its way. */
  get latestCell(): Cell | undefined {
    return this.#cell;
  }

  get matrix(): Matrix | undefined {
    return this.#matrix?.name === this.#owner.studyChoices.matrix ? this.#matrix : undefined;
  }

  /** Why there is no window, or why a question was not answered, for the person. */
  get problem(): string | undefined {
    return this.#problem ?? this.#results.problem;
  }

  get isLive(): boolean {
    return this.#isLive;
  }

  get stream(): number {
    return this.#owner.studyChoices.stream;
  }

  /** The chosen time step, within the tape. */
  get t(): number {
    const last = Math.max(0, (this.tape?.inputs.length ?? 1) - 1);
    return Math.min(this.#owner.studyChoices.step ?? last, last);
  }

  get backwardStep(): number {
    return this.#owner.studyChoices.backwardStep;
  }

  /** Another run is shown, or this one was shown anew: what is known of it. */
  meet(results: StudyResults, isSameRun: boolean): void {
    this.#results = results;
    this.#problem = undefined;
    if (!isSameRun) {
      this.#isLive = true;
      this.#cell = undefined;
      this.#matrix = undefined;
    }
    this.#watched = '';
    this.watch();
    this.#ask();
  }

  take(increment: Increment): void {
    const { problem, tape, ...found } = increment;
    const before = this.tape;
    this.#results = { ...this.#results, ...found };
    // A window that was under way when the person chose to stay must not take the place of the one that they read.
    if (tape !== undefined && (this.#isLive || tape.stream !== before?.stream)) this.#results.tape = tape;
    if (problem === null) delete this.#results.problem;
    else if (problem !== undefined) this.#results.problem = problem;
    if (this.tape === before) return;
    this.#problem = undefined;
    this.#ask();
  }

  takeAnswer({ requestId, result }: Studied): void {
    if (!result.ok) {
      if (requestId === this.#awaited.cell || requestId === this.#awaited.matrix) this.#problem = result.message;
    } else {
      if (result.cell !== undefined && requestId === this.#awaited.cell) this.#cell = result.cell;
      if (result.matrix !== undefined && requestId === this.#awaited.matrix) this.#matrix = result.matrix;
    }
    this.#owner.changed();
  }

  /** Tells the host what is in sight, where that has changed. */
  watch(): void {
    const { runId, tab } = this.#owner;
    if (runId === undefined) return;
    const reading = this.#isLive ? null : (this.tape?.iteration ?? null);
    const message = { type: 'watch', runId, tab, stream: this.stream, reading } as const;
    const text = JSON.stringify(message);
    if (text === this.#watched) return;
    this.#watched = text;
    this.#owner.send(message);
    this.#ask();
  }

  chooseStream(stream: number): void {
    this.#owner.chooseStudy({ stream });
    this.watch();
  }

  /** Looks into one time step. While the run is running, the window then stays as it is. */
  chooseStep(t: number, backwardStep = this.backwardStep): void {
    const last = (this.tape?.inputs.length ?? 1) - 1;
    const step = Math.min(Math.max(t, 0), last);
    const { runId } = this.#owner;
    this.#owner.chooseStudy({ step, backwardStep });
    if (this.#owner.isRunning) this.#isLive = false;
    if (runId !== undefined) this.#owner.send({ type: 'chooseStep', runId, t: step });
    this.watch();
    this.#ask();
    this.#owner.changed();
  }

  /** The editor chose the step: as `chooseStep`, without telling the editor. */
  showStep(t: number): void {
    this.#owner.chooseStudy({ step: t });
    if (this.#owner.isRunning) this.#isLive = false;
    this.watch();
    this.#ask();
    this.#owner.changed();
  }

  /** Walks through the eleven steps of side B, from the last one on into the cell before (and back likewise). */
  walk(direction: 1 | -1): void {
    const next = this.backwardStep + direction;
    const last = (this.tape?.inputs.length ?? 1) - 1;
    if (next > BACKWARD_STEPS) {
      if (this.t > 0) this.chooseStep(this.t - 1, 1);
    } else if (next < 1) {
      if (this.t < last) this.chooseStep(this.t + 1, BACKWARD_STEPS);
    } else this.chooseStep(this.t, next);
  }

  showMatrix(matrix: MatrixName | null): void {
    this.#owner.chooseStudy({ matrix });
    this.#ask();
  }

  /** Follows training again, or stays at the window that is shown. */
  setLive(isLive: boolean): void {
    this.#isLive = isLive;
    this.watch();
    this.#owner.changed();
  }

  /** Asks for what is in sight and not there: the cell, and the open matrix. */
  #ask(): void {
    const { tape } = this;
    const { runId, tab, studyChoices } = this.#owner;
    if (runId === undefined || tape === undefined || tab !== 'steps') return;
    const where = { iteration: tape.iteration, stream: tape.stream, t: this.t };
    if (this.cell === undefined) {
      this.#awaited.cell = this.#nextRequestId++;
      this.#owner.send({ type: 'askCell', runId, requestId: this.#awaited.cell, ...where });
    }
    const { matrix: name } = studyChoices;
    if (name !== null && !isAt(this.matrix, where)) {
      this.#awaited.matrix = this.#nextRequestId++;
      this.#owner.send({ type: 'askMatrix', runId, requestId: this.#awaited.matrix, ...where, name });
    }
  }
}

function isAt(matrix: Matrix | undefined, { iteration, stream, t }: Where): boolean {
  return matrix?.iteration === iteration && matrix.stream === stream && matrix.t === t;
}
