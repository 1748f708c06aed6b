import type { ReadingProgress, WorkerEvent, WorkerRequest } from '../protocol/worker.ts';
import { DISPLAY_INTERVAL_MS } from './inspectionPace.ts';
import type { Clock, LoopPorts } from './ports.ts';

/** Ends the reading of a text because the run was stopped. */
export class Stopped extends Error {}

/**
 * The ports of a run while its text is read: progress goes out at display rate, `stop` ends the reading, and every other
 * request waits for the loop, which receives it through these ports too.
 */
export class ReadingPorts implements LoopPorts {
  readonly #ports: LoopPorts;
  readonly #clock: Clock;
  readonly #runId: string;
  readonly #held: WorkerRequest[] = [];
  #nextAtMs: number | undefined;

  constructor(ports: LoopPorts, clock: Clock, runId: string) {
    this.#ports = ports;
    this.#clock = clock;
    this.#runId = runId;
  }

  /** Called after every piece that was read. @throws {Stopped} where the run was stopped. */
  report(progress: ReadingProgress): void {
    for (let request = this.#ports.receive(); request !== undefined; request = this.#ports.receive()) {
      if (request.type === 'stop' && request.runId === this.#runId) throw new Stopped();
      this.#held.push(request);
    }
    const nowMs = this.#clock.nowMs();
    this.#nextAtMs ??= nowMs + DISPLAY_INTERVAL_MS;
    if (nowMs < this.#nextAtMs) return;
    this.#nextAtMs = nowMs + DISPLAY_INTERVAL_MS;
    this.send({ type: 'reading', runId: this.#runId, progress });
  }

  send(event: WorkerEvent): void {
    this.#ports.send(event);
  }

  receive(): WorkerRequest | undefined {
    return this.#held.shift() ?? this.#ports.receive();
  }

  wait(): boolean {
    return this.#held.length > 0 || this.#ports.wait();
  }
}
