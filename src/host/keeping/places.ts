import { lstatSync, realpathSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { InputError } from '../../common/inputError.ts';
import { type LibraryOptions, RunLibrary, type RunSummary } from '../../runs/library.ts';
import { readRunsSettings } from '../runs/settings.ts';

const FOLDER_IN_WORKSPACE = '.rnn-runs';
/** Runs in folders of workspaces that this extension made or went on with, by the paths of their folders. */
const MADE = 'rnnInspector.madeRunFolders';
/** Folders elsewhere that a person opened a run from, by the run's id. */
const OPENED = 'rnnInspector.openedRunFolders';
/** Those that were made first are forgotten: they are left alone then. */
const REMEMBERED = 10_000;

export interface FoundRun {
  readonly library: RunLibrary;
  readonly summary: RunSummary;
}

/**
 * Where runs are kept: in the extension's storage, which all windows share, or in a folder of the workspace. What is in a workspace somebody
 * else may have put there: before the person trusts it, it is no place at all, and before a run was written there by this extension, it is
 * a place to look at only.
 */
export class RunPlaces {
  readonly #own: RunLibrary;
  readonly #options: LibraryOptions;
  readonly #memory: vscode.Memento;
  /** By root. */
  readonly #others = new Map<string, RunLibrary>();

  constructor(storage: vscode.Uri, memory: vscode.Memento, options: Omit<LibraryOptions, 'trashRecords'>) {
    this.#options = { ...options, trashRecords: vscode.Uri.joinPath(storage, 'trash').fsPath };
    this.#memory = memory;
    this.#own = new RunLibrary(followedSync(vscode.Uri.joinPath(storage, 'runs').fsPath), this.#options);
  }

  /** All of them, the extension's own first. */
  get libraries(): readonly RunLibrary[] {
    const folders = vscode.workspace.isTrusted ? (vscode.workspace.workspaceFolders ?? []) : [];
    const roots = folders
      .filter(({ uri }) => uri.scheme === 'file')
      .map(({ uri }) => join(uri.fsPath, FOLDER_IN_WORKSPACE));
    return [this.#own, ...roots.filter(isNoLink).map((root) => this.#at(root))];
  }

  /** Those in which this extension may act by itself, on the runs that are its own: offer to go on, make room. */
  get usedLibraries(): readonly RunLibrary[] {
    return this.libraries.filter(
      (library) => library === this.#own || this.#made.some((path) => dirname(path) === library.root),
    );
  }

  /** Whether a run was made or gone on with by this extension, and is not just there as somebody else put it. */
  isMade({ root }: RunLibrary, runId: string): boolean {
    return root === this.#own.root || this.#made.includes(join(root, runId));
  }

  get #made(): readonly string[] {
    return this.#memory.get<readonly string[]>(MADE, []);
  }

  /** Makes the folder for a new run on a file where the settings say; returns its path and that of its library. */
  async folderFor(runId: string, file: vscode.Uri): Promise<string> {
    const library = this.#libraryFor(file);
    await mkdir(library.root, { recursive: true });
    if (library !== this.#own) await this.#ignore(library.root);
    const folder = library.folderOf(runId);
    await mkdir(folder, { recursive: true });
    await this.use(library, runId);
    return folder;
  }

  /** A run of this extension's, from now on: a person goes on with it. */
  async use(library: RunLibrary, runId: string): Promise<void> {
    if (library === this.#own || this.isMade(library, runId)) return;
    await this.#memory.update(MADE, [...this.#made, join(library.root, runId)].slice(-REMEMBERED));
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
    if (readRunsSettings(file).location !== 'workspace' || !vscode.workspace.isTrusted) return this.#own;
    const folder = vscode.workspace.getWorkspaceFolder(file);
    if (folder?.uri.scheme !== 'file') return this.#own;
    const root = join(folder.uri.fsPath, FOLDER_IN_WORKSPACE);
    if (isNoLink(root)) return this.#at(root);
    throw new InputError(
      `${root} is a link, which runs are not kept behind. Remove it, or set rnnInspector.runs.location to "extension".`,
    );
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

/** A folder that is a link may lead anywhere; the folder of a workspace itself is the person's choice. */
function isNoLink(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true;
  } catch {
    return false;
  }
}

/** A person may have moved the extension's own runs to another disk and left a link. */
function followedSync(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
