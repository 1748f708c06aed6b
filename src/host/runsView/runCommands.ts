import { l10n } from '../../common/l10n.ts';
import { InputError } from '../../common/inputError.ts';
import type { RunLibrary } from '../../runs/disk/library.ts';
import { describeOwner } from '../../runs/disk/lock.ts';
import type { RunPrompts } from './prompts.ts';
import type { RunHost } from './runHost.ts';
import type { RunNode } from './runNodes.ts';

const MAX_COMPARED = 8;

interface Removed {
  readonly library: RunLibrary;
  readonly runId: string;
}

/** What the commands of the view do with the runs that they are given. */
export class RunCommands {
  readonly #host: RunHost;
  readonly #prompts: RunPrompts;
  readonly #refresh: () => Promise<void>;
  /** What was deleted last, which `undoDelete` brings back. */
  #removed: readonly Removed[] = [];

  constructor(host: RunHost, prompts: RunPrompts, refresh: () => Promise<void>) {
    this.#host = host;
    this.#prompts = prompts;
    this.#refresh = refresh;
  }

  async open({ summary }: RunNode): Promise<void> {
    if (summary.problem !== undefined) throw new InputError(summary.problem);
    await this.#host.open(summary.folder);
  }

  async compare(runs: readonly RunNode[]): Promise<void> {
    const readable = runs.filter(({ summary }) => summary.run !== undefined);
    if (readable.length < 2) {
      throw new InputError(l10n.t('Choose 2 to 8 runs to compare: hold Ctrl or ⌘ while you click.'));
    }
    if (readable.length > MAX_COMPARED) {
      throw new InputError(
        l10n.t('{count} runs are chosen; up to {most} can be compared. Choose fewer.', {
          count: readable.length,
          most: MAX_COMPARED,
        }),
      );
    }
    await this.#host.compare(readable.map(({ summary }) => summary.folder));
  }

  async rename(run: RunNode): Promise<void> {
    const name = await this.#prompts.askName(run);
    if (name === undefined || name.trim() === (run.summary.run?.name ?? '')) return;
    await this.#host.rename(run.summary.folder, name.trim());
    await this.#refresh();
  }

  async pin(runs: readonly RunNode[], isPinned: boolean): Promise<void> {
    try {
      for (const { summary } of runs) {
        if (summary.run?.isPinned === !isPinned) await this.#host.pin(summary.folder, isPinned);
      }
    } finally {
      await this.#refresh();
    }
  }

  /** Asks before what is pinned goes, stops what is under way here, if the person agrees, and moves all to the trash; what cannot be deleted is told. */
  async delete(runs: readonly RunNode[]): Promise<void> {
    if (runs.length === 0) return;
    const pinned = runs.filter(({ summary }) => summary.run?.isPinned === true);
    if (pinned.length > 0 && !(await this.#prompts.mayDeletePinned(pinned, runs.length))) return;
    const underWay = runs.filter(({ summary }) => this.#host.isUnderWay(summary.folder));
    if (underWay.length > 0 && !(await this.#prompts.mayStop(underWay, runs.length))) return;
    const [removed, problems] = [[] as RunNode[], [] as string[]];
    for (const run of runs) {
      try {
        await this.#remove(run);
        removed.push(run);
      } catch (error) {
        problems.push(error instanceof Error ? error.message : String(error));
      }
    }
    await this.#refresh();
    if (problems.length > 0) this.#prompts.warn(problems.join(' '));
    if (removed.length === 0) return;
    const taken = removed.map(({ library, summary }) => ({ library, runId: summary.runId }));
    this.#removed = taken;
    if (await this.#prompts.offerUndo(deletedMessage(removed))) await this.#bringBack(taken);
  }

  /** Brings back what was deleted last, as long as the trash has it. */
  async undoDelete(): Promise<void> {
    if (this.#removed.length === 0)
      throw new InputError(l10n.t('No run was deleted in this window that could be brought back.'));
    await this.#bringBack(this.#removed);
  }

  async #remove({ library, summary, label, file }: RunNode): Promise<void> {
    const { runId, folder } = summary;
    await this.#host.stop(folder);
    // What the list last saw of an owner may be past: a run that has just ended is given free a moment later.
    const owner = (await library.find(runId))?.owner;
    if (owner !== undefined) {
      throw new InputError(
        l10n.t('The run {run} on {file} is under way: {owner}. Stop it there before it is deleted.', {
          run: label,
          file: file.label,
          owner: describeOwner(owner),
        }),
      );
    }
    await library.remove(runId);
  }

  async #bringBack(removed: readonly Removed[]): Promise<void> {
    if (this.#removed === removed) this.#removed = [];
    const problems: string[] = [];
    for (const { library, runId } of removed) {
      try {
        await library.undoRemove(runId);
      } catch (error) {
        problems.push(error instanceof Error ? error.message : String(error));
      }
    }
    await this.#refresh();
    if (problems.length > 0) this.#prompts.warn(problems.join(' '));
  }
}

function deletedMessage(runs: readonly RunNode[]): string {
  if (runs.length > 1) return l10n.t('Deleted {count} runs.', { count: runs.length });
  const [{ label, file }] = runs;
  return l10n.t('Deleted the run {run} on {file}.', { run: label, file: file.label });
}
