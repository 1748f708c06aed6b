import type { CheckpointReason } from '../../protocol/checkpoint.ts';
import type { WorkerEvent } from '../../protocol/worker.ts';

export type CheckpointEvent = Extract<WorkerEvent, { type: 'checkpoint' }>;

/** Checkpoints on their way to the disk: of each reason the newest, since they may be large and come faster than they are written. */
export class WaitingCheckpoints {
  #events = new Map<CheckpointReason, CheckpointEvent>();

  add(event: CheckpointEvent): void {
    this.#events.set(event.reason, event);
  }

  /** All that wait, the earliest iteration first. */
  take(): CheckpointEvent[] {
    const events = [...this.#events.values()];
    this.#events = new Map();
    return events.sort((one, other) => one.checkpoint.iteration - other.checkpoint.iteration);
  }

  /** For one that could not be written; a newer one of its reason that has come since takes its place. */
  putBack(event: CheckpointEvent): void {
    if (!this.#events.has(event.reason)) this.#events.set(event.reason, event);
  }
}
