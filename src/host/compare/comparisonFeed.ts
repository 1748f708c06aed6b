import type { ComparisonMessage } from '../../protocol/compare.ts';
import { comparedRun, type SourceRun } from './comparedRun.ts';

/** At most two messages a second. */
const MIN_INTERVAL_MS = 500;
/** VS Code can lose a message to a page that hides or moves to another window: then everything is sent anew. */
const ACKNOWLEDGE_TIMEOUT_MS = 5000;

export interface FeedOptions {
  /** @throws where the run cannot be read; the message is for the person. */
  readonly read: (folder: string) => Promise<SourceRun>;
  readonly post: (message: ComparisonMessage) => Thenable<boolean>;
  /** Milliseconds of a clock that never goes back. */
  readonly nowMs?: () => number;
}

/**
 * Keeps a page of compared runs in step: all runs when it is ready, then those that changed, never more than one message
 * under way and at most two a second.
 */
export class ComparisonFeed {
  /** One count for all, so that a late acknowledgement is never taken for another page's. */
  static #sequence = 0;
  readonly #options: FeedOptions;
  #folders: readonly string[];
  readonly #dirty = new Set<string>();
  /** The order, or a problem, is news as well. */
  #changed = false;
  #isShown = false;
  /** Of pages: what was read for one that is gone is not sent to the next. */
  #page = 0;
  #isReading = false;
  #awaited: number | undefined;
  #lastSentMs = -Infinity;
  #next: NodeJS.Timeout | undefined;
  #lostMessage: NodeJS.Timeout | undefined;

  constructor(folders: readonly string[], options: FeedOptions) {
    this.#folders = folders;
    this.#options = options;
  }

  get folders(): readonly string[] {
    return this.#folders;
  }

  /** The page is there and knows nothing. */
  start(): void {
    this.pause();
    this.#isShown = true;
    this.#lastSentMs = -Infinity;
    this.setRuns(this.#folders, this.#folders);
  }

  /** The page is hidden or gone. */
  pause(): void {
    this.#isShown = false;
    this.#page++;
    this.#awaited = undefined;
    clearTimeout(this.#next);
    this.#next = undefined;
    clearTimeout(this.#lostMessage);
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
    if (sequence !== this.#awaited) return;
    this.#awaited = undefined;
    clearTimeout(this.#lostMessage);
    this.#schedule();
  }

  get #nowMs(): number {
    return (this.#options.nowMs ?? (() => performance.now()))();
  }

  #schedule(): void {
    const isBusy = this.#isReading || this.#awaited !== undefined || this.#next !== undefined;
    if (!this.#isShown || !this.#changed || isBusy) return;
    const waitMs = Math.max(0, this.#lastSentMs + MIN_INTERVAL_MS - this.#nowMs);
    this.#next = setTimeout(() => void this.#send(), waitMs);
  }

  async #send(): Promise<void> {
    this.#next = undefined;
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
    const sequence = ++ComparisonFeed.#sequence;
    this.#awaited = sequence;
    this.#lastSentMs = this.#nowMs;
    this.#lostMessage = setTimeout(() => this.start(), ACKNOWLEDGE_TIMEOUT_MS);
    const isStill = (folder: string): boolean => this.#folders.includes(folder);
    const message: ComparisonMessage = {
      type: 'comparison',
      sequence,
      folders: [...this.#folders],
      runs: read
        .flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
        .filter((run) => isStill(run.folder)),
      unreadable: read.flatMap((result, index) =>
        result.status === 'rejected' && isStill(wanted[index])
          ? [{ folder: wanted[index], message: messageOf(result.reason) }]
          : [],
      ),
    };
    // A message that cannot be posted is one that is never acknowledged.
    await Promise.resolve(this.#options.post(message)).catch(() => false);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
