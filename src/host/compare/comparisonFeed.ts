import type { ComparisonMessage } from '../../protocol/compare.ts';
import { AcknowledgedSender } from '../acknowledgedSender.ts';
import { comparedRun, type SourceRun } from './comparedRun.ts';

/** At most two messages a second. */
const MIN_INTERVAL_MS = 500;

export interface FeedOptions {
  /** @throws where the run cannot be read; the message is for the person. */
  readonly read: (folder: string) => Promise<SourceRun>;
  readonly post: (message: ComparisonMessage) => Thenable<boolean>;
}

/** Keeps a page of compared runs in step: all runs when it is ready, then those that changed. */
export class ComparisonFeed {
  readonly #options: FeedOptions;
  #folders: readonly string[];
  readonly #dirty = new Set<string>();
  /** The order, or a problem, is news as well. */
  #changed = false;
  #isShown = false;
  /** Of pages: what was read for one that is gone is not sent to the next. */
  #page = 0;
  #isReading = false;
  readonly #sender: AcknowledgedSender<ComparisonMessage>;

  constructor(folders: readonly string[], options: FeedOptions) {
    this.#folders = folders;
    this.#options = options;
    this.#sender = new AcknowledgedSender({
      post: (message) => options.post(message),
      due: () => void this.#send(),
      free: () => this.#schedule(),
      lost: () => this.start(),
    });
  }

  get folders(): readonly string[] {
    return this.#folders;
  }

  /** The page is there and knows nothing. */
  start(): void {
    this.pause();
    this.#isShown = true;
    this.#sender.restart();
    this.setRuns(this.#folders, this.#folders);
  }

  /** The page is hidden or gone. */
  pause(): void {
    this.#isShown = false;
    this.#page++;
    this.#sender.stop();
  }

  /** Other runs, or another order; of runs that are new everything is sent. */
  setRuns(
    folders: readonly string[],
    unknown: readonly string[] = folders.filter((folder) => !this.#folders.includes(folder)),
  ): void {
    this.#folders = [...folders];
    for (const folder of unknown) this.#dirty.add(folder);
    this.#changed = true;
    this.#schedule();
  }

  /** A run has something new. */
  runChanged(folder: string): void {
    if (!this.#folders.includes(folder)) return;
    this.#dirty.add(folder);
    this.#changed = true;
    this.#schedule();
  }

  acknowledge(sequence: number): void {
    this.#sender.acknowledge(sequence);
  }

  #schedule(): void {
    if (this.#isShown && this.#changed && !this.#isReading) this.#sender.ask(MIN_INTERVAL_MS);
  }

  async #send(): Promise<void> {
    const page = this.#page;
    const wanted = this.#folders.filter((folder) => this.#dirty.has(folder));
    this.#dirty.clear();
    this.#changed = false;
    this.#isReading = true;
    const read = await Promise.allSettled(
      wanted.map(async (folder) => comparedRun(folder, await this.#options.read(folder))),
    );
    this.#isReading = false;
    // Meanwhile the page may have gone, or a new one have asked for everything.
    if (page !== this.#page) {
      this.#schedule();
      return;
    }
    const isStill = (folder: string): boolean => this.#folders.includes(folder);
    this.#sender.send({
      type: 'comparison',
      folders: [...this.#folders],
      runs: read
        .flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
        .filter((run) => isStill(run.folder)),
      unreadable: read.flatMap((result, index) =>
        result.status === 'rejected' && isStill(wanted[index])
          ? [{ folder: wanted[index], message: messageOf(result.reason) }]
          : [],
      ),
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
