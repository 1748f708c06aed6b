import { basename, dirname, join } from 'node:path';
import { l10n } from '../../common/l10n.ts';
import { InputError } from '../../common/inputError.ts';
import type { Checkpoint, CheckpointReason } from '../../protocol/checkpoint.ts';
import { removeLeftovers, syncFolder, writeAtomically } from './atomicFile.ts';
import {
  checkpointPieces,
  readCheckpoint,
  readCheckpointFacts,
  type StoredCheckpoint,
} from '../format/checkpointFile.ts';
import type { CheckpointExtras, CheckpointFacts } from '../format/checkpointMetadata.ts';
import { diskFiles, isThere, type RunFiles } from './files.ts';

/** One file of a run's folder of checkpoints. */
export interface CheckpointInfo {
  /** Iterations that the network had done. */
  readonly iteration: number;
  /** Whether it was kept as the network of the best validation. */
  readonly isBest: boolean;
  readonly path: string;
  readonly bytes: number;
  readonly savedAtMs: number;
}

/** The newest checkpoint that can be read. */
export interface NewestCheckpoint extends StoredCheckpoint {
  readonly info: CheckpointInfo;
  /** What is wrong with newer ones, a sentence each. */
  readonly problems: string[];
}

const FILE_NAME = /^(\d{12})(-best)?\.safetensors$/;
const DIGITS = 12;
/** Of those that are not kept as best. */
const KEPT = 2;

/**
 * The checkpoints in a run's folder: the newest two and the best one. Only one process may write at a time, the run's owner; any
 * may read.
 */
export class CheckpointFolder {
  readonly #folder: string;
  readonly #files: RunFiles;
  /** One write after the other: what one removes, another may be about to count. */
  #writing: Promise<unknown> = Promise.resolve();

  /** @param runFolder it, and the folder of checkpoints in it, need not exist before the first checkpoint is written. */
  constructor(runFolder: string, files: RunFiles = diskFiles) {
    this.#folder = join(runFolder, 'checkpoints');
    this.#files = files;
  }

  /**
   * What the folder holds, by names alone, the newest first; of two of the same iteration, the best one comes last.
   * @throws what the file system throws, unless there is no folder.
   */
  async list(): Promise<CheckpointInfo[]> {
    const infos = await Promise.all((await this.#names()).map((name) => this.#info(name)));
    return infos.filter((info) => info !== undefined).sort(byAge);
  }

  /** @throws {InputError} where the file cannot be read, or is not a whole and consistent checkpoint of the iteration of its name. */
  async read({ path, iteration }: CheckpointInfo): Promise<StoredCheckpoint> {
    const stored = await readCheckpoint(path, this.#files);
    const { iteration: found } = stored.checkpoint;
    if (found === iteration) return stored;
    throw new InputError(
      l10n.t(
        '{file} holds the network after {count} iterations: its name was changed. Use another checkpoint of the run.',
        { file: basename(path), count: found },
      ),
    );
  }

  /**
   * The newest checkpoint that can be read; undefined where there are none at all.
   * @throws {InputError} where there are some, but none can be read, with what is wrong with each.
   * @throws what the file system throws where the folder cannot be read.
   */
  newestReadable(): Promise<NewestCheckpoint | undefined> {
    return this.#newest(async (info) => ({ info, ...(await this.read(info)) }));
  }

  /** As {@link newestReadable}, by the headers alone: of a network of any size it takes milliseconds. */
  async newestFacts(): Promise<Pick<CheckpointFacts, 'iteration' | 'elapsedMs'> | undefined> {
    return this.#newest(({ path }) => readCheckpointFacts(path, this.#files));
  }

  async #newest<R>(read: (info: CheckpointInfo) => Promise<R>): Promise<(R & { problems: string[] }) | undefined> {
    const problems: string[] = [];
    for (const info of await this.list()) {
      try {
        return { ...(await read(info)), problems };
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        problems.push(error.message);
      }
    }
    if (problems.length === 0) return undefined;
    throw new InputError(`${l10n.t("None of the run's checkpoints can be read.")} ${problems.join(' ')}`);
  }

  /**
   * Writes a checkpoint beside the others; once it is in place, those that are not kept any more are removed. A file of the same
   * iteration and kind is replaced.
   * @throws {InputError} where the checkpoint could not be read back, such as for numbers that are not finite.
   * @throws what the file system throws; then all earlier checkpoints are as they were.
   */
  write(checkpoint: Checkpoint, reason: CheckpointReason, extras: CheckpointExtras = {}): Promise<CheckpointInfo> {
    return this.#afterOthers(() => this.#write(checkpoint, reason === 'best', extras));
  }

  /**
   * Removes the checkpoints of later iterations, for a run that goes on from an earlier one: they belong to a course that it does
   * not take. It does nothing where no checkpoint would be left.
   * @throws what the file system throws.
   */
  removeAfter(iteration: number): Promise<void> {
    return this.#afterOthers(async () => {
      const infos = await this.list();
      if (infos.every((info) => info.iteration > iteration)) return;
      for (const info of infos) {
        if (info.iteration > iteration) await this.#files.rm(info.path);
      }
    });
  }

  async #write(checkpoint: Checkpoint, isBest: boolean, extras: CheckpointExtras): Promise<CheckpointInfo> {
    const pieces = checkpointPieces(checkpoint, extras);
    const name = fileName(checkpoint.iteration, isBest);
    const path = join(this.#folder, name);
    const isNew = !(await isThere(this.#folder, this.#files));
    await this.#files.mkdir(this.#folder);
    if (isNew) await syncFolder(dirname(this.#folder), this.#files);
    // What a killed process left may be all that the disk lacks.
    await this.#tidy(() => removeLeftovers(this.#folder, this.#files));
    await writeAtomically(path, pieces, this.#files);
    await this.#tidy(() => this.#removeSuperseded(path, isBest));
    const { size, mtimeMs } = await this.#files.stat(path);
    return { iteration: checkpoint.iteration, isBest, path, bytes: size, savedAtMs: mtimeMs };
  }

  /** A file that somebody is reading cannot be removed everywhere: the next checkpoint tries again, and this one is kept either way. */
  async #tidy(action: () => Promise<void>): Promise<void> {
    await action().catch(() => undefined);
  }

  /** @param written the file that is never removed here, even where the run went back behind others. */
  async #removeSuperseded(written: string, isBest: boolean): Promise<void> {
    const others = (await this.list()).filter(({ path }) => path !== written);
    const superseded = [
      ...others.filter((info) => !info.isBest).slice(isBest ? KEPT : KEPT - 1),
      ...others.filter((info) => info.isBest).slice(isBest ? 0 : 1),
    ];
    for (const { path } of superseded) await this.#files.rm(path);
  }

  async #names(): Promise<string[]> {
    try {
      return (await this.#files.readdir(this.#folder)).filter((name) => FILE_NAME.test(name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  /** Undefined where it is not a file, or is not there any more. */
  async #info(name: string): Promise<CheckpointInfo | undefined> {
    const [, digits, best] = FILE_NAME.exec(name) ?? [];
    const path = join(this.#folder, name);
    try {
      const status = await this.#files.stat(path);
      if (!status.isFile()) return undefined;
      const { size, mtimeMs } = status;
      return { iteration: Number(digits), isBest: best !== undefined, path, bytes: size, savedAtMs: mtimeMs };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async #afterOthers<R>(action: () => Promise<R>): Promise<R> {
    const done = this.#writing.then(action);
    this.#writing = done.catch(() => undefined);
    return done;
  }
}

function fileName(iteration: number, isBest: boolean): string {
  return `${String(iteration).padStart(DIGITS, '0')}${isBest ? '-best' : ''}.safetensors`;
}

function byAge(one: CheckpointInfo, other: CheckpointInfo): number {
  return other.iteration - one.iteration || Number(one.isBest) - Number(other.isBest);
}
