import type { CleanUp, RunLibrary } from '../../runs/library.ts';
import type { RunHost } from './runHost.ts';
import { runLabel, sizeText } from './runText.ts';

/** So long a deletion can be undone. */
export const TRASH_MS = 3600 * 1000;

export interface CleanUpListener {
  /** For the log. */
  removed(message: string): void;
  /** For the person, once in a window: what is kept exceeds the limit. */
  exceeded(message: string): void;
  failed(error: unknown): void;
}

/** Keeps every library under the size that the settings say, and its trash for an hour. */
export class RunCleaner {
  readonly #host: RunHost;
  readonly #maxBytes: () => number;
  readonly #listener: CleanUpListener;
  #hasWarned = false;
  #isUnderWay = false;

  constructor(host: RunHost, maxBytes: () => number, listener: CleanUpListener) {
    this.#host = host;
    this.#maxBytes = maxBytes;
    this.#listener = listener;
  }

  /** Never rejects: what goes wrong is told to the listener. */
  async cleanUp(): Promise<void> {
    if (this.#isUnderWay) return;
    this.#isUnderWay = true;
    try {
      // First, so that a setting that cannot be used removes nothing.
      const maxBytes = this.#maxBytes();
      for (const library of this.#host.libraries()) await this.#cleanUpOne(library, maxBytes);
    } catch (error) {
      this.#listener.failed(error);
    } finally {
      this.#isUnderWay = false;
    }
  }

  async #cleanUpOne(library: RunLibrary, maxBytes: number): Promise<void> {
    await library.purgeTrash(TRASH_MS);
    const shown = (await library.list()).map(({ runId }) => runId).filter((runId) => this.#isInUse(runId));
    const done = await library.cleanUp(maxBytes, new Set(shown));
    for (const run of done.removed) {
      const file = run.run?.text?.fileName ?? 'no text';
      this.#listener.removed(
        `Removed the run ${runLabel(run)} on ${file} (${sizeText(run.bytes)}, ${run.folder}): all runs together exceeded ${sizeText(maxBytes)}.`,
      );
    }
    for (const problem of done.problems) this.#listener.failed(problem);
    if (done.excessBytes > 0 && !this.#hasWarned) {
      this.#hasWarned = true;
      this.#listener.exceeded(excessMessage(library, done, maxBytes));
    }
  }

  #isInUse(runId: string): boolean {
    return this.#host.isUnderWay(runId) || this.#host.isShown(runId);
  }
}

function excessMessage({ root }: RunLibrary, { bytes, excessBytes }: CleanUp, maxBytes: number): string {
  return (
    `The runs in ${root} take ${sizeText(bytes)}, ${sizeText(excessBytes)} more than rnnInspector.runs.maxSizeMB allows ` +
    `(${sizeText(maxBytes)}). Those that are left are pinned or in use and are not removed: delete or unpin some, or raise the setting.`
  );
}
