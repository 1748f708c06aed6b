import { l10n } from '../../common/l10n.ts';
import { runLabel } from '../run/runLabel.ts';
import type { CleanUp, RunLibrary, RunSummary } from '../../runs/disk/library.ts';
import type { RunHost } from './runHost.ts';
import { sizeText } from './runWords.ts';

/** So long a deletion can be undone. */
const TRASH_MS = 3600 * 1000;

export interface CleanUpListener {
  /** For the person, who did not ask for it. */
  removed(message: string, undo: () => Promise<void>): void;
  /** For the person, once in a window: what is kept exceeds the limit. */
  exceeded(message: string): void;
  failed(error: unknown): void;
}

/** Keeps every library under the size that the settings say, and its trash for an hour. */
export class RunCleaner {
  readonly #host: RunHost;
  readonly #maxBytes: () => number;
  readonly #listener: CleanUpListener;
  /** Folders of runs that the person brought back. */
  readonly #wanted = new Set<string>();
  /** Folders of large runs that the person was told of. */
  readonly #named = new Set<string>();
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
      // What is in a trash a person put there, or this did.
      for (const library of this.#host.libraries()) {
        for (const problem of await library.purgeTrash(TRASH_MS)) this.#listener.failed(problem);
      }
      for (const library of await this.#host.usedLibraries()) await this.#cleanUpOne(library, maxBytes);
    } catch (error) {
      this.#listener.failed(error);
    } finally {
      this.#isUnderWay = false;
    }
  }

  async #cleanUpOne(library: RunLibrary, maxBytes: number): Promise<void> {
    const runs = await library.list();
    const made = await this.#host.madeIn(library);
    const large = largeAmong(
      runs.filter(({ runId }) => made(runId)),
      maxBytes,
    );
    if (large !== undefined && !this.#named.has(large.folder)) {
      // Others make room only the next time: until then the person can choose.
      this.#named.add(large.folder);
      this.#listener.exceeded(largeMessage(large, maxBytes));
      return;
    }
    const inUse = runs.filter(({ folder }) => this.#isInUse(folder)).map(({ runId }) => runId);
    const done = await library.cleanUp(maxBytes, new Set(inUse), made);
    if (done.removed.length > 0) {
      this.#listener.removed(removedMessage(done.removed, maxBytes), async () => {
        await this.#bringBack(library, done.removed);
      });
    }
    for (const problem of done.problems) this.#listener.failed(problem);
    if (done.excessBytes > 0 && !this.#hasWarned) {
      this.#hasWarned = true;
      this.#listener.exceeded(excessMessage(library, done, maxBytes));
    }
  }

  /** What the person wants back is not removed again by this window. */
  async #bringBack(library: RunLibrary, removed: readonly RunSummary[]): Promise<void> {
    const problems: string[] = [];
    for (const { runId, folder } of removed) {
      this.#wanted.add(folder);
      await library.undoRemove(runId).catch((error: unknown) => {
        problems.push(error instanceof Error ? error.message : String(error));
      });
    }
    if (problems.length > 0) throw new Error(problems.join(' '));
  }

  #isInUse(folder: string): boolean {
    return this.#wanted.has(folder) || this.#host.isUnderWay(folder) || this.#host.isShown(folder);
  }
}

/** A run that takes more than half of what all may take together, where they exceed that and others would make room for it. */
function largeAmong(runs: readonly RunSummary[], maxBytes: number): RunSummary | undefined {
  if (runs.reduce((sum, { bytes }) => sum + bytes, 0) <= maxBytes) return undefined;
  const large = runs.find(({ bytes }) => bytes > maxBytes / 2);
  // The one that has not changed for longest goes first.
  return large === runs.at(-1) ? undefined : large;
}

const MOST_NAMED = 3;

function nameOf(run: RunSummary): string {
  return l10n.t('{run} on {file} ({size})', {
    run: runLabel(run),
    file: run.run?.text?.fileName ?? l10n.t('no text'),
    size: sizeText(run.bytes),
  });
}

function largeMessage(run: RunSummary, maxBytes: number): string {
  return l10n.t(
    'The run {run} takes most of the {size} that all runs together may take (rnnInspector.runs.maxSizeMB), and they exceed it. Delete it, pin those that must stay, or raise the setting: otherwise those that have not changed for longest go to the trash in ten minutes.',
    { run: nameOf(run), size: sizeText(maxBytes) },
  );
}

function removedMessage(removed: readonly RunSummary[], maxBytes: number): string {
  const named = removed.slice(0, MOST_NAMED).map(nameOf);
  const others = removed.length - named.length;
  const size = sizeText(maxBytes);
  if (removed.length === 1) {
    return l10n.t(
      'The run {run} went to the trash, since all runs together exceeded {size} (rnnInspector.runs.maxSizeMB). For an hour that can be undone.',
      { run: named[0], size },
    );
  }
  const rest = others > 0 ? [l10n.t('{count} more', { count: others })] : [];
  return l10n.t(
    '{count} runs went to the trash, since all runs together exceeded {size} (rnnInspector.runs.maxSizeMB): {runs}. For an hour that can be undone.',
    { count: removed.length, size, runs: [...named, ...rest].join('; ') },
  );
}

function excessMessage({ root }: RunLibrary, { bytes, excessBytes }: CleanUp, maxBytes: number): string {
  return l10n.t(
    'The runs in {folder} take {size}, {excess} more than rnnInspector.runs.maxSizeMB allows ({most}). Those that are left are pinned or in use and are not removed: delete or unpin some, or raise the setting.',
    { folder: root, size: sizeText(bytes), excess: sizeText(excessBytes), most: sizeText(maxBytes) },
  );
}
