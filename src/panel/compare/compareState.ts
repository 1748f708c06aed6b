import type { Network } from '../../network/network.ts';
import type { ComparedRun, FromComparison, ToComparison } from '../../protocol/compare.ts';
import { PageState } from '../state/pageState.ts';
import { networkOfRun } from '../network/shownNetwork.ts';
import { assignSlots, parseCompareUiState, type CompareUiState } from './compareUiState.ts';
import { runLabels } from './labels.ts';

/** What the state needs of the page's end of the boundary. */
export interface CompareHost {
  send(message: FromComparison): void;
  /** What the webview itself remembers. */
  stored: unknown;
}

/** A run with its mark. */
export interface ShownRun {
  readonly run: ComparedRun;
  /** By which the tables of this run are read. */
  readonly network: Network;
  /** The index of its colour, dashes and marker. */
  readonly slot: number;
  /** A letter, which stands wherever its colour does. */
  readonly key: string;
  readonly label: string;
}

/** A run that could not be read. */
export interface UnreadableRun {
  readonly folder: string;
  readonly key: string;
  readonly message: string;
}

/** What the pointer is over: a place on the axis of training, or a step counted back from the end of the window. */
export interface CompareHover {
  readonly x: number | null;
  readonly step: number | null;
}

const KEYS = 'ABCDEFGH';

/** Everything the page shows. */
export class CompareState extends PageState<CompareHover> {
  readonly #host: CompareHost;
  readonly #runs = new Map<string, ComparedRun>();
  readonly #unreadable = new Map<string, string>();
  #shown: readonly ShownRun[] = [];
  #ui: CompareUiState;
  #emphasised: string | null = null;
  #hasAnswer = false;

  constructor(host: CompareHost) {
    super({ x: null, step: null });
    this.#host = host;
    this.#ui = parseCompareUiState(host.stored);
  }

  /** Asks the host for everything. */
  ask(): void {
    this.send({ type: 'ready' });
  }

  send(message: FromComparison): void {
    if (message.type === 'save') this.takeSaved();
    this.#host.send(message);
  }

  receive(message: ToComparison): void {
    switch (message.type) {
      case 'saved':
        this.takeSaved(message.message);
        return this.changed('choice');
      case 'comparison': {
        const { folders, runs, unreadable, sequence } = message;
        for (const run of runs) {
          this.#runs.set(run.folder, run);
          this.#unreadable.delete(run.folder);
        }
        for (const { folder, message: why } of unreadable) {
          this.#unreadable.set(folder, why);
          this.#runs.delete(folder);
        }
        this.#hasAnswer = true;
        this.#setFolders(folders);
        this.send({ type: 'acknowledge', sequence });
        return this.changed('run');
      }
      default:
        return message satisfies never;
    }
  }

  /** False until the host has said what there is. */
  get hasAnswer(): boolean {
    return this.#hasAnswer;
  }

  /** The runs that are there, in the order of their marks. A list of its own after every message. */
  get runs(): readonly ShownRun[] {
    return this.#shown;
  }

  get visible(): readonly ShownRun[] {
    return this.#shown.filter(({ run }) => !this.isHidden(run.folder));
  }

  get unreadable(): readonly UnreadableRun[] {
    return this.#ui.slots.flatMap((folder, slot) => {
      const message = folder === null ? undefined : this.#unreadable.get(folder);
      return folder === null || message === undefined ? [] : [{ folder, key: KEYS[slot], message }];
    });
  }

  get ui(): CompareUiState {
    return this.#ui;
  }

  /** The run that the pointer or the focus is on in a legend, where it is in sight. */
  get emphasised(): string | null {
    return this.#emphasised === null || this.isHidden(this.#emphasised) ? null : this.#emphasised;
  }

  isHidden(folder: string): boolean {
    return this.#ui.hidden.includes(folder);
  }

  choose(change: Partial<CompareUiState>): void {
    // A place on another axis is another place.
    if (change.x !== undefined && change.x !== this.#ui.x) this.aim({ x: null });
    this.#ui = { ...this.#ui, ...change };
    this.#host.stored = this.#ui;
    this.changed('choice');
  }

  toggle(folder: string): void {
    const { hidden } = this.#ui;
    this.choose({ hidden: hidden.includes(folder) ? hidden.filter((id) => id !== folder) : [...hidden, folder] });
  }

  remove(folder: string): void {
    this.send({ type: 'remove', folder });
    this.#setFolders(this.#ui.folders.filter((id) => id !== folder));
    this.changed('choice');
  }

  emphasise(folder: string | null): void {
    if (folder === this.#emphasised) return;
    this.#emphasised = folder;
    this.changed('choice');
  }

  #setFolders(folders: readonly string[]): void {
    for (const known of [this.#runs, this.#unreadable]) {
      for (const folder of known.keys()) if (!folders.includes(folder)) known.delete(folder);
    }
    if (this.#emphasised !== null && !folders.includes(this.#emphasised)) this.#emphasised = null;
    this.#ui = {
      ...this.#ui,
      folders: [...folders],
      slots: assignSlots(this.#ui.slots, folders),
      hidden: this.#ui.hidden.filter((folder) => folders.includes(folder)),
    };
    this.#host.stored = this.#ui;
    const there = this.#ui.slots.flatMap((folder, slot) => {
      const run = folder === null ? undefined : this.#runs.get(folder);
      return run === undefined ? [] : [{ run, slot }];
    });
    const labels = runLabels(there.map(({ run }) => run));
    this.#shown = there.map(({ run, slot }, index) => {
      const network = networkOfRun(run);
      return { run, network, slot, key: KEYS[slot], label: labels[index] };
    });
  }
}
