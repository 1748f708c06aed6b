import type { Disposable } from '../../common/disposable.ts';
import type { WorkerEvent } from '../../protocol/worker.ts';
import { Trainer } from '../../training/trainer.ts';
import type { LoadedNetwork } from './restoredRun.ts';

/** Writes text with the networks of checkpoints, in a thread each that neither reads the text nor trains. */
export class CheckpointWriters implements Disposable {
  readonly #workerPath: string;
  readonly #runId: string;
  readonly #listeners: { event(event: WorkerEvent): void; failed(reason: string): void };
  /** Where the newest checkpoint is, for a run without a thread of its own. */
  readCheckpoint: (() => Promise<LoadedNetwork | undefined>) | undefined;
  #ofNewest: Trainer | undefined;

  constructor(
    workerPath: string,
    runId: string,
    listeners: { event(event: WorkerEvent): void; failed(reason: string): void },
  ) {
    this.#workerPath = workerPath;
    this.#runId = runId;
    this.#listeners = listeners;
  }

  /** The writer of the newest checkpoint; undefined where there is none. */
  async ofNewest(): Promise<Trainer | undefined> {
    if (this.#ofNewest !== undefined) return this.#ofNewest;
    const network = await this.readCheckpoint?.();
    if (network === undefined) return undefined;
    this.#ofNewest ??= this.load(network, () => (this.#ofNewest = undefined));
    return this.#ofNewest;
  }

  /** A writer of its own, for whoever disposes of it. */
  load({ checkpoint, vocabulary }: LoadedNetwork, lost: () => void = () => undefined): Trainer {
    const { iteration, cell, layers, shape, parameters, samplingRandom } = checkpoint;
    const writer = new Trainer(this.#workerPath, {
      event: (event) => this.#listeners.event(event),
      failed: (reason) => {
        lost();
        this.#listeners.failed(reason);
      },
    });
    writer.post({
      type: 'load',
      runId: this.#runId,
      iteration,
      cell,
      layers,
      shape,
      parameters,
      vocabulary,
      samplingRandom,
    });
    return writer;
  }

  dispose(): void {
    this.#ofNewest?.dispose();
    this.#ofNewest = undefined;
  }
}
