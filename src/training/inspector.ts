import type { RunEvent } from '../protocol/events.ts';
import type { Inspection } from '../protocol/run.ts';
import type { InspectionMode } from '../protocol/worker.ts';
import { InspectionPace } from './inspectionPace.ts';
import type { Clock } from './ports.ts';
import type { TrainingRun } from './run.ts';

/** Inspects the iterations of a run: as many as its mode asks for, at a price that training hardly notices. */
export class Inspector {
  readonly #run: TrainingRun;
  readonly #mode: InspectionMode;
  readonly #clock: Clock;
  readonly #send: (events: readonly RunEvent[]) => void;
  readonly #pace = new InspectionPace();
  /** Those of every iteration that wait to be sent together. */
  #waiting: Inspection[] = [];
  /** Iterations that were done when one was last inspected; those before the start have no pass to look at. */
  #inspectedAt: number;

  constructor(run: TrainingRun, mode: InspectionMode, clock: Clock, send: (events: readonly RunEvent[]) => void) {
    this.#run = run;
    this.#mode = mode;
    this.#clock = clock;
    this.#send = send;
    this.#inspectedAt = run.iterations;
  }

  /** Takes note of an iteration, which is the last one of the run so far. */
  iterated(nowMs: number): void {
    if (this.#mode === 'every') this.#waiting.push(this.#inspect(this.#pace.areCosinesDue(nowMs)));
  }

  /** Sends what is to be shown of the last iterations. */
  show(nowMs: number): void {
    this.#sendWaiting();
    if (this.#mode === 'none' || this.#mode === 'every' || !this.#pace.isDue(nowMs)) return;
    this.#sendLast(this.#mode === 'complete' || this.#pace.areCosinesDue(nowMs));
  }

  /** Sends what waits, and the last iteration with all that can be measured, unless it was inspected already. */
  settle(): void {
    this.#sendWaiting();
    if (this.#mode !== 'none' && this.#inspectedAt !== this.#run.iterations) this.#sendLast(true);
  }

  #sendWaiting(): void {
    if (this.#waiting.length > 0) this.#send(this.#waiting.map((value) => ({ type: 'inspection', value })));
    this.#waiting = [];
  }

  #sendLast(cosines: boolean): void {
    this.#send([{ type: 'inspection', value: this.#inspect(cosines) }]);
  }

  #inspect(cosines: boolean): Inspection {
    const startedAtMs = this.#clock.nowMs();
    const inspection = this.#run.inspect({ cosines });
    this.#pace.inspected(startedAtMs, this.#clock.nowMs(), { cosines });
    this.#inspectedAt = this.#run.iterations;
    return inspection;
  }
}
