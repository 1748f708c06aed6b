import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { type LibraryOptions, RunLibrary, type RunSummary } from '../../runs/library.ts';
import { readRunsSettings } from '../runs/settings.ts';

const FOLDER_IN_WORKSPACE = '.rnn-runs';
/** Folders elsewhere that a person opened a run from, by the run's id. */
const OPENED = 'rnnInspector.openedRunFolders';

export interface FoundRun {
  readonly library: RunLibrary;
  readonly summary: RunSummary;
}

/** Where runs are kept: in the extension's storage, which all windows share, or in a folder of the workspace. */
export class RunPlaces {
  readonly #own: RunLibrary;
  readonly #options: LibraryOptions;
  readonly #memory: vscode.Memento;
  /** By root. */
  readonly #others = new Map<string, RunLibrary>();

  constructor(storage: vscode.Uri, memory: vscode.Memento, options: LibraryOptions) {
    this.#options = options;
    this.#memory = memory;
    this.#own = new RunLibrary(vscode.Uri.joinPath(storage, 'runs').fsPath, options);
  }

  /** All of them, the extension's own first. */
  get libraries(): readonly RunLibrary[] {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    return [this.#own, ...folders.map(({ uri }) => this.#at(join(uri.fsPath, FOLDER_IN_WORKSPACE)))];
  }

  /** Makes the folder for a new run on a file where the settings say; returns its path and that of its library. */
  async folderFor(runId: string, file: vscode.Uri): Promise<string> {
    const library = this.#libraryFor(file);
    await mkdir(library.root, { recursive: true });
    if (library !== this.#own) await this.#ignore(library.root);
    const folder = library.folderOf(runId);
    await mkdir(folder, { recursive: true });
    return folder;
  }

  /** The run of an id, wherever it is kept or was opened from. */
  async find(runId: string): Promise<FoundRun | undefined> {
    const opened = this.#opened[runId];
    const elsewhere = opened === undefined ? [] : [this.#at(join(opened, '..'))];
    for (const library of [...this.libraries, ...elsewhere]) {
      const summary = await library.find(runId);
      if (summary !== undefined) return { library, summary };
    }
    return undefined;
  }

  /** A run's folder that lies elsewhere, such as one that a cluster writes to; it is found by its id from now on. */
  async remember(runId: string, folder: string): Promise<void> {
    await this.#memory.update(OPENED, { ...this.#opened, [runId]: folder });
  }

  get #opened(): Readonly<Record<string, string>> {
    return this.#memory.get<Record<string, string>>(OPENED, {});
  }

  #libraryFor(file: vscode.Uri): RunLibrary {
    if (readRunsSettings(file).location !== 'workspace') return this.#own;
    const folder = vscode.workspace.getWorkspaceFolder(file);
    return folder?.uri.scheme === 'file' ? this.#at(join(folder.uri.fsPath, FOLDER_IN_WORKSPACE)) : this.#own;
  }

  #at(root: string): RunLibrary {
    const known = this.#others.get(root) ?? new RunLibrary(root, this.#options);
    this.#others.set(root, known);
    return known;
  }

  /** Runs are no part of what a person commits. */
  async #ignore(root: string): Promise<void> {
    await writeFile(join(root, '.gitignore'), '*\n', { flag: 'wx' }).catch(() => undefined);
  }
}
