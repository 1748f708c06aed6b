import { lstatSync, realpathSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type * as vscode from 'vscode';
import { l10n } from '../../common/l10n.ts';
import { InputError } from '../../common/inputError.ts';
import { type LibraryOptions, RunLibrary, type RunSummary } from '../../runs/disk/library.ts';
import { FolderNotes } from './folderNotes.ts';

const FOLDER_IN_WORKSPACE = '.rnn-runs';

export interface FoundRun {
  readonly library: RunLibrary;
  readonly summary: RunSummary;
}

/** What is remembered of a run over a reload. Earlier versions knew runs by their ids alone. */
export interface RememberedRun {
  readonly runId: string;
  readonly folder?: string | undefined;
}

/** What of a window decides where its runs are kept. */
export interface OpenFolders {
  readonly isTrusted: boolean;
  /** The folders that are open, as far as they are on a disk of this machine. */
  readonly paths: readonly string[];
  /** The open folder that keeps the runs on a file, by the settings; undefined where the extension's own storage does. */
  pathFor(file: vscode.Uri): string | undefined;
}

/**
 * Where runs are kept: in the extension's storage, which all windows share, or in a folder of the workspace. A run is known by its folder,
 * which is its place and its id: a folder that was copied into a workspace holds another run of the same id. What is in a workspace somebody
 * else may have put there: before the person trusts it, it is no place at all, and before a run was written there by this extension, it is
 * a place to look at only.
 */
export class RunPlaces {
  readonly #own: RunLibrary;
  readonly #options: LibraryOptions;
  readonly #workspace: OpenFolders;
  /** Runs in workspaces that this extension made or went on with. */
  readonly #made: FolderNotes;
  /** Runs that a person opened from folders elsewhere. */
  readonly #opened: FolderNotes;
  readonly #openedBefore: readonly string[];
  /** By root. */
  readonly #others = new Map<string, RunLibrary>();

  /**
   * @param storage the extension's own folder.
   * @param openedBefore folders of runs that an earlier version opened from elsewhere.
   */
  constructor(
    storage: string,
    workspace: OpenFolders,
    options: Omit<LibraryOptions, 'trashRecords'>,
    openedBefore: readonly string[] = [],
  ) {
    this.#options = { ...options, trashRecords: join(storage, 'trash') };
    this.#workspace = workspace;
    this.#own = new RunLibrary(followedSync(join(storage, 'runs')), this.#options);
    this.#made = new FolderNotes(join(storage, 'made'));
    this.#opened = new FolderNotes(join(storage, 'opened'));
    this.#openedBefore = openedBefore;
  }

  /** All of them, the extension's own first. */
  get libraries(): readonly RunLibrary[] {
    const roots = this.#workspace.isTrusted ? this.#workspace.paths.map(rootIn) : [];
    return [this.#own, ...roots.filter(isNoLink).map((root) => this.#at(root))];
  }

  /** Those in which this extension may act by itself, on the runs that are its own: offer to go on, make room. */
  async usedLibraries(): Promise<readonly RunLibrary[]> {
    const used: RunLibrary[] = [];
    for (const library of this.libraries) {
      if (library === this.#own || (await this.#made.notedIn(library.root)).size > 0) used.push(library);
    }
    return used;
  }

  /** Tells which runs of a library were made or gone on with by this extension, and are not just there as somebody else put them. */
  async madeIn({ root }: RunLibrary): Promise<(runId: string) => boolean> {
    if (root === this.#own.root) return () => true;
    const made = await this.#made.notedIn(root);
    return (runId) => made.has(runId);
  }

  /**
   * Where a new run on a file is kept by the settings; nothing is made yet.
   * @throws {InputError} where a link stands there.
   */
  folderFor(runId: string, file: vscode.Uri): string {
    return this.#libraryFor(file).folderOf(runId);
  }

  /** Makes the folder of a new run. */
  async make(folder: string): Promise<void> {
    const root = dirname(folder);
    await mkdir(root, { recursive: true });
    if (root !== this.#own.root) await ignore(root);
    await mkdir(folder, { recursive: true });
    await this.use(folder);
  }

  /** A run of this extension's, from now on: a person goes on with it. */
  async use(folder: string): Promise<void> {
    if (dirname(folder) !== this.#own.root) await this.#made.note(folder);
  }

  /** The run of a folder, in any of the libraries or where a person opened it from. */
  async find(folder: string): Promise<FoundRun | undefined> {
    const library = await this.#libraryOf(folder);
    const summary = await library?.find(basename(folder));
    return library && summary && { library, summary };
  }

  /** The run that was remembered. Of one of an earlier version, the first of its id, as that version went. */
  async findRemembered({ runId, folder }: RememberedRun): Promise<FoundRun | undefined> {
    if (folder !== undefined) return this.find(folder);
    const elsewhere = this.#openedBefore.filter((opened) => basename(opened) === runId).map(dirname);
    for (const library of [...this.libraries, ...elsewhere.map((root) => this.#at(root))]) {
      const summary = await library.find(runId);
      if (summary !== undefined) return { library, summary };
    }
    return undefined;
  }

  /** A run's folder that lies elsewhere, such as one that a cluster writes to; it is found from now on. */
  async remember(folder: string): Promise<void> {
    if ((await this.#libraryOf(folder)) === undefined) await this.#opened.note(folder);
  }

  async #libraryOf(folder: string): Promise<RunLibrary | undefined> {
    const root = dirname(folder);
    const known = this.libraries.find((library) => library.root === root);
    if (known !== undefined) return known;
    const isOpened = this.#openedBefore.includes(folder) || (await this.#opened.notedIn(root)).has(basename(folder));
    return isOpened ? this.#at(root) : undefined;
  }

  #libraryFor(file: vscode.Uri): RunLibrary {
    const path = this.#workspace.isTrusted ? this.#workspace.pathFor(file) : undefined;
    if (path === undefined) return this.#own;
    const root = rootIn(path);
    if (isNoLink(root)) return this.#at(root);
    throw new InputError(
      l10n.t(
        '{folder} is a link, which runs are not kept behind. Remove it, or set rnnInspector.runs.location to "extension".',
        { folder: root },
      ),
    );
  }

  #at(root: string): RunLibrary {
    const known = this.#others.get(root) ?? new RunLibrary(root, this.#options);
    this.#others.set(root, known);
    return known;
  }
}

/** Whichever way a folder was opened, through a link or not, its runs have one name. */
function rootIn(path: string): string {
  return join(followedSync(path), FOLDER_IN_WORKSPACE);
}

/** Runs are no part of what a person commits. */
async function ignore(root: string): Promise<void> {
  await writeFile(join(root, '.gitignore'), '*\n', { flag: 'wx' }).catch(() => undefined);
}

/** A folder that is a link may lead anywhere; the folder of a workspace itself is the person's choice. */
function isNoLink(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true;
  } catch {
    return false;
  }
}

/** The one name of a folder, which may be yet to be made: a person may have moved what it lies in to another disk and left a link. */
function followedSync(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return dirname(path) === path ? path : join(followedSync(dirname(path)), basename(path));
  }
}
