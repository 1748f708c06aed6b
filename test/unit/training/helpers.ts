import * as v from 'valibot';
import { unpackEvents } from '../../../src/protocol/eventBatches.ts';
import type { RunEventType, ValueOf } from '../../../src/protocol/events.ts';
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

  /** What was measured of a type, in order. */
  measured<K extends RunEventType>(type: K): ValueOf<K>[] {
    return this.events.flatMap((event) => measuredIn(event, type));
  }

  of<T extends WorkerEvent['type']>(type: T): Extract<WorkerEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<WorkerEvent, { type: T }> => event.type === type);
  }
}

/** What of a type comes with an event of the thread. */
export function measuredIn<K extends RunEventType>(event: WorkerEvent, type: K): ValueOf<K>[] {
  const measured = event.type === 'measured' ? unpackEvents(event.events) : [];
  return measured.filter((one) => one.type === type).map(({ value }) => value as unknown as ValueOf<K>);
}

/** What an event of the thread tells of: its type, or those of what was measured. */
export function toldBy(event: WorkerEvent): string[] {
  return event.type === 'measured' ? event.events.map(({ type }) => type) : [event.type];
}

/** A request without options. */
export function control(type: 'pause' | 'resume' | 'step' | 'stop', runId = RUN_ID): WorkerRequest {
  return { type, runId };
}
