import { rm } from 'node:fs/promises';
import type * as vscode from 'vscode';
import { l10n } from '../../common/l10n.ts';
import { fileReason } from '../../common/fileReason.ts';
import { InputError } from '../../common/inputError.ts';
import type { RunSettings } from '../../protocol/settings.ts';
import type { StoredRun } from '../../protocol/storedRun.ts';
import type { RunLock } from '../../runs/disk/lock.ts';
import { newStoredRun } from '../../runs/recording/newRun.ts';
import { type RecorderOptions, RunRecorder } from '../../runs/recording/recorder.ts';
import { readRunsSettings } from './runsSettings.ts';
import type { Session } from '../session/session.ts';
import type { TextSource } from '../session/textSource.ts';
import type { OwnedFolder, OwnedLock, StartedEvent } from './keptRun.ts';
import { textOf } from './lateRecords.ts';
import { own } from './owning.ts';
import type { RunPlaces } from './places.ts';

/** What a new run is, besides what its session knows. */
export interface Origin {
  readonly source: TextSource;
  readonly settings: RunSettings;
  readonly maxIterations?: number;
  readonly name?: string;
  readonly forkedFrom?: StoredRun['forkedFrom'];
  readonly imported?: StoredRun['imported'];
  readonly settingChanges?: NonNullable<StoredRun['settingChanges']>;
  /** Fills the new folder before the run writes to it, such as with what a fork takes over; returns the iterations that are there. */
  readonly prepare?: (folder: string) => Promise<number>;
}

/** Makes folders ready to be written: those of new runs, and those of runs that go on. */
export class KeptFolders {
  readonly #places: Pick<RunPlaces, 'folderFor' | 'make'>;
  readonly #versions: Readonly<Record<string, string>>;
  readonly #complain: (message: string) => void;

  /**
   * @param versions of the programs that write, for `run.json`.
   * @param complain tells a person what cannot be kept, and why.
   */
  constructor(
    places: Pick<RunPlaces, 'folderFor' | 'make'>,
    versions: Readonly<Record<string, string>>,
    complain: (message: string) => void,
  ) {
    this.#places = places;
    this.#versions = versions;
    this.#complain = complain;
  }

  /** How a recorder of a folder of this window behaves. */
  optionsFor(lock: RunLock): RecorderOptions {
    return {
      onProblem: (message) => this.#complain(message),
      mayWrite: () => lock.isOurs(),
      metricsBytes: readRunsSettings(undefined).metricsBytes,
    };
  }

  /** Makes the folder of a new run; where that is not possible, the person is told and the run trains without. */
  async create(session: Session, origin: Origin, started: StartedEvent): Promise<OwnedFolder | undefined> {
    const folder = await this.#explained(undefined, async () => {
      const planned = this.#places.folderFor(session.description.runId, session.uri);
      // From the first moment on at which somebody could find it.
      session.keptIn(planned);
      await this.#places.make(planned);
      return planned;
    });
    const owned = folder === undefined ? undefined : await this.#explained(undefined, () => own(folder));
    if (folder === undefined || owned === undefined || 'heldBy' in owned) {
      session.keptIn(undefined);
      return undefined;
    }
    const recorder = await this.#explained(owned.lock, async () => {
      const iterations = await origin.prepare?.(folder);
      const stored = this.#describe(session, origin, started);
      const options = this.optionsFor(owned.lock);
      return iterations === undefined
        ? RunRecorder.create(folder, stored, options)
        : RunRecorder.continueAt(folder, stored, iterations, options);
    });
    if (recorder === undefined) {
      // What there is of the folder is no run.
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
      session.keptIn(undefined);
      return undefined;
    }
    await this.#keepText(recorder, session.uri, origin.source, started).catch((error: unknown) =>
      this.#complain(error instanceof Error ? error.message : String(error)),
    );
    return { ...owned, recorder };
  }

  /**
   * Goes on in the folder of a run that has started again; where that is not possible, the person is told and the run trains without.
   * @param take takes the run back to where it goes on.
   */
  async continueIn(
    owned: OwnedLock,
    { facts }: StartedEvent,
    take: (options: RecorderOptions) => Promise<RunRecorder>,
  ): Promise<OwnedFolder | undefined> {
    const recorder = await this.#explained(owned.lock, () => take(this.optionsFor(owned.lock)));
    recorder?.update({ facts, source: 'inspector', versions: this.#versions });
    return recorder && { ...owned, recorder };
  }

  /** Tells the person why a run cannot be kept, and gives the folder free; the run trains without. */
  async #explained<R>(lock: RunLock | undefined, work: () => Promise<R>): Promise<R | undefined> {
    try {
      return await work();
    } catch (error) {
      const why = error instanceof InputError ? error.message : `${fileReason(error)}.`;
      this.#complain(`${l10n.t('What this run does is not kept, and is lost when its window closes.')} ${why}`);
      await lock?.release();
      return undefined;
    }
  }

  async #keepText(
    recorder: RunRecorder,
    uri: vscode.Uri,
    { content }: TextSource,
    started: StartedEvent,
  ): Promise<void> {
    const limit = readRunsSettings(uri).keepTextBytes;
    if (started.text.bytes > limit) return;
    await recorder.keepText('text' in content ? { text: content.text } : { path: content.file.path });
  }

  #describe(session: Session, { source, settings, maxIterations, imported, ...origin }: Origin, started: StartedEvent) {
    const { name, settingChanges, forkedFrom } = origin;
    const encoding = 'file' in source.content ? source.content.file.encoding : undefined;
    return newStoredRun(
      {
        runId: session.description.runId,
        settings,
        maxIterations,
        text: { ...textOf(session), ...(encoding !== undefined && { encoding }) },
        sampling: session.description.sampling,
        versions: this.#versions,
        state: session.status.state,
        elapsedMs: session.status.elapsedMs,
        imported,
        ...(name !== undefined && { name }),
        ...(settingChanges && { settingChanges }),
        ...(forkedFrom && { forkedFrom }),
      },
      started,
    );
  }
}
