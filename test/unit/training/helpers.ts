import * as v from 'valibot';
import { parseSettings, type RunSettings } from '../../../src/protocol/settings.ts';
import { WorkerEvent, type StartRequest, type WorkerRequest } from '../../../src/protocol/worker.ts';
import { sampleText } from '../../../src/text/sampleText.ts';
import type { Machine } from '../../../src/training/machine.ts';
import type { Clock, LoopPorts } from '../../../src/training/ports.ts';
import { TrainingRun } from '../../../src/training/run.ts';
import { BUNDLES } from '../kernels/built.ts';

export const RUN_ID = 'a-run';
export const MACHINE: Machine = { memoryBytes: 8 * 2 ** 30, cores: 2, folder: BUNDLES };

/** A run that takes milliseconds: 1,800 characters to train on and 200 to validate. */
const SMALL: Partial<RunSettings> = { hiddenSize: 8, sequenceLength: 10, batchSize: 3, kernels: 'scalar' };
const TEXT_LENGTH = 2000;

export function startRequest(settings: Partial<RunSettings> = {}, others: Partial<StartRequest> = {}): StartRequest {
  return {
    type: 'start',
    runId: RUN_ID,
    name: 'sample.txt',
    text: sampleText().slice(0, TEXT_LENGTH),
    settings: parseSettings({ ...SMALL, ...settings }),
    ...others,
  };
}

export function smallRun(settings: Partial<RunSettings> = {}, others: Partial<StartRequest> = {}): TrainingRun {
  return TrainingRun.create(startRequest(settings, others), MACHINE);
}

/** The rows of the next iterations. */
export function rowsOf(run: TrainingRun, iterations: number): Float64Array[] {
  return Array.from({ length: iterations }, () => run.iterate().row);
}

/** Runs a generator to its end. */
export function finish<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
  }
}

/** A clock that goes on by `stepMs` whenever it is read. */
export class FakeClock implements Clock {
  stepMs: number;
  #nowMs = 0;

  constructor(stepMs: number) {
    this.stepMs = stepMs;
  }

  nowMs(): number {
    return (this.#nowMs += this.stepMs);
  }
}

/**
 * Ports without a thread. `asleep` holds what happens, one after the other, whenever the loop sleeps; the loop ends when
 * it sleeps and nothing is left. `onEvent` may post requests while the loop works.
 */
export class FakePorts implements LoopPorts {
  readonly events: WorkerEvent[] = [];
  readonly asleep: (() => void)[] = [];
  onEvent: (event: WorkerEvent) => void = () => undefined;
  readonly #requests: WorkerRequest[] = [];

  post(...requests: WorkerRequest[]): void {
    this.#requests.push(...requests);
  }

  send(event: WorkerEvent): void {
    this.events.push(v.parse(WorkerEvent, event));
    this.onEvent(event);
  }

  receive(): WorkerRequest | undefined {
    return this.#requests.shift();
  }

  wait(): boolean {
    const next = this.asleep.shift();
    next?.();
    return next !== undefined;
  }

  of<T extends WorkerEvent['type']>(type: T): Extract<WorkerEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<WorkerEvent, { type: T }> => event.type === type);
  }
}

/** A request without options. */
export function control(type: 'pause' | 'resume' | 'step' | 'stop', runId = RUN_ID): WorkerRequest {
  return { type, runId };
}
