import type { WorkerEvent, WorkerRequest } from '../protocol/worker.ts';

/** The ways in and out of a training loop. */
export interface LoopPorts {
  send(event: WorkerEvent): void;
  /** The oldest request that was not received yet; undefined, at once, where there is none. */
  receive(): WorkerRequest | undefined;
  /** Sleeps until a request may have arrived; false when none will come any more. */
  wait(): boolean;
}

export interface Clock {
  nowMs(): number;
}
