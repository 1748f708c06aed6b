import { createWriteStream } from 'node:fs';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileReason } from '../common/fileReason.ts';
import type { Network } from '../network/network.ts';
import type { CheckpointReason } from '../protocol/checkpoint.ts';
import { endLine, iterationLines, startLine, type End, type LineRun } from '../protocol/eventLines.ts';
import { eventLine, type RunEvent } from '../protocol/events.ts';
import type { WorkerEvent } from '../protocol/worker.ts';
import { CommandError } from './errors.ts';
import { takeBackEvents, whatIsThere } from './eventFile.ts';

export type { End } from '../protocol/eventLines.ts';

/** What waits to be written before training waits for the disk. */
const HIGH_WATER_BYTES = 8 * 2 ** 20;

export interface EventLogListeners {
  /** The disk does not keep up: events should pause until `drained`. */
  full(): void;
  drained(): void;
  failed(error: CommandError): void;
}

/** Writes the events of a run to a file, one JSON object a line. */
export class EventLog {
  readonly #stream = new PassThrough({ highWaterMark: HIGH_WATER_BYTES });
  /** Why not everything was written, where that is so. */
  readonly #closed: Promise<CommandError | undefined>;
  readonly #listeners: EventLogListeners;

  /** @param goesOnFrom where the file is there: the iteration from which it is gone on with. */
  constructor(path: string, goesOnFrom: number | undefined, listeners: EventLogListeners) {
    this.#listeners = listeners;
    this.#stream.on('drain', () => listeners.drained());
    this.#closed = this.#open(path, goesOnFrom).then(
      () => undefined,
      (error: unknown) => {
        this.#stream.destroy();
        const failure =
          error instanceof CommandError ? error : new CommandError(`Cannot write "${path}": ${fileReason(error)}.`);
        listeners.failed(failure);
        return failure;
      },
    );
  }

  /** Resolves when all is written. What comes before the file is ready waits in memory. */
  async #open(path: string, goesOnFrom: number | undefined): Promise<void> {
    if (goesOnFrom !== undefined) await takeBackEvents(path, goesOnFrom);
    // Of what is no file, such as a pipe, nothing is replaced.
    const flags = goesOnFrom !== undefined ? 'a' : (await whatIsThere(path)) === 'other' ? 'w' : 'wx';
    await pipeline(this.#stream, createWriteStream(path, { flags }));
  }

  start(...of: Parameters<typeof startLine>): void {
    this.#write([startLine(...of)]);
  }

  iterations(network: Network, { firstIteration, rows }: Extract<WorkerEvent, { type: 'progress' }>): void {
    this.#write(iterationLines(network, firstIteration, rows));
  }

  event(event: RunEvent, run: LineRun): void {
    this.#write([eventLine(event, run)]);
  }

  /** Of a run that is kept: a checkpoint is in place, which is some time after its iteration. */
  checkpoint(iteration: number, reason: CheckpointReason, bytes: number): void {
    this.#write([{ type: 'checkpoint', iteration, reason, bytes }]);
  }

  end(end: End): void {
    this.#write([endLine(end)]);
  }

  /** Resolves when everything is on disk, or to why it cannot get there, of which the listeners were told too. */
  close(): Promise<CommandError | undefined> {
    this.#stream.end();
    return this.#closed;
  }

  #write(objects: readonly object[]): void {
    if (this.#stream.destroyed) return;
    const lines = objects.map((object) => `${JSON.stringify(object)}\n`).join('');
    if (!this.#stream.write(lines)) this.#listeners.full();
  }
}
