import { type MessagePort, receiveMessageOnPort, type Transferable } from 'node:worker_threads';
import * as v from 'valibot';
import type { Capture } from '../protocol/study.ts';
import { WorkerRequest, type WorkerEvent } from '../protocol/worker.ts';
import { tensorBuffers } from './checkpoint.ts';
import type { LoopPorts } from './ports.ts';

/**
 * The number of posts so far, in memory shared by both sides of a training thread. The thread computes without ever coming
 * back to its event loop: this word tells it, at the price of one load, that a request waits, and wakes it when paused.
 */
export type ControlWord = Int32Array<SharedArrayBuffer>;

/** What a training thread starts with. */
export interface ThreadData {
  readonly control: ControlWord;
  /** The folder of the bundles. */
  readonly folder: string;
  /** Whether other work on the machine goes first. */
  readonly isPatient: boolean;
}

export function createControlWord(): ControlWord {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
}

/** Tells the thread that a request was posted. */
export function ring(control: ControlWord): void {
  Atomics.add(control, 0, 1);
  Atomics.notify(control, 0);
}

/** The thread's side of its port. Requests are validated; an invalid one is an error of the program, and is thrown. */
export function threadPorts(port: MessagePort, control: ControlWord): LoopPorts {
  let seen = 0;
  let mayHaveMore = false;
  return {
    send: (event) => port.postMessage(event, transferables(event)),
    receive: () => {
      const posts = Atomics.load(control, 0);
      if (posts !== seen) mayHaveMore = true;
      seen = posts;
      if (!mayHaveMore) return undefined;
      const received = receiveMessageOnPort(port);
      mayHaveMore = received !== undefined;
      return received && v.parse(WorkerRequest, received.message);
    },
    wait: () => {
      Atomics.wait(control, 0, seen);
      return true;
    },
  };
}

/** The memory of the typed arrays in an event, which moves to the other side instead of being copied. */
function transferables(event: WorkerEvent): Transferable[] {
  switch (event.type) {
    case 'progress':
      return [event.rows.buffer];
    case 'measured':
      return event.events.flatMap(({ batch }) => buffersIn(batch));
    case 'excerpt':
      return [event.excerpt.training.buffer, event.excerpt.validation.buffer];
    case 'checkpoint':
      return tensorBuffers(event.checkpoint);
    case 'generated':
      return event.result.ok ? [event.result.sample.probability.buffer] : [];
    case 'captured':
      return arraysIn(event.capture);
    case 'reading':
    case 'started':
    case 'refused':
    case 'state':
    case 'ended':
      return [];
    default:
      return event satisfies never;
  }
}

/** Those of the arrays of a capture. */
function arraysIn({ optimizer, ...capture }: Capture): ArrayBuffer[] {
  return buffersIn({ ...capture, ...optimizer });
}

/** Those of the arrays that batches are packed in. */
function buffersIn(batch: object): ArrayBuffer[] {
  return Object.values(batch).flatMap((field: unknown) =>
    ArrayBuffer.isView(field) ? [field.buffer as ArrayBuffer] : [],
  );
}
