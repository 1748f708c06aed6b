import { l10n } from '../../common/l10n.ts';
import { formatBytes } from '../../protocol/reading.ts';

/** What a person reads about a file system that refuses, by its code. */
const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: l10n.t('the disk is full. Free some space'),
  EDQUOT: l10n.t('the quota of the disk is used up. Free some space'),
  EFBIG: l10n.t('the disk takes no file of this size. Keep runs on another disk'),
  EACCES: l10n.t('writing there is not permitted. Change the permissions of the folder'),
  EPERM: l10n.t('writing there is not permitted. Change the permissions of the folder'),
  EROFS: l10n.t('the disk is read-only. Make it writable'),
  EIO: l10n.t('the disk reports an error. Check the disk'),
  EMFILE: l10n.t('too many files are open. Close other programs'),
  ENFILE: l10n.t('too many files are open. Close other programs'),
  ENOENT: l10n.t('the folder is no longer there. Put it back'),
  ENOTDIR: l10n.t('the folder is no longer there. Put it back'),
  ELINK: l10n.t('something in it is a link, and links in a run are not followed. Put the file or folder itself there'),
  ENOTREGULAR: l10n.t('something in it is a pipe or a device. Remove that'),
};

const REFUSED = 'refused';
const NOT_COMPACTED = 'not compacted';
/** What is over only where it succeeds itself, not with the next write. */
const LASTING = new Set([REFUSED, NOT_COMPACTED]);

/** Why a run cannot be written to its folder, and what to do. */
export function writeTrouble(folder: string, error: unknown): string {
  return l10n.t('The run cannot be written to {folder}: {reason}.', { folder, reason: reasonOf(error) });
}

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  const why = REASONS[code] ?? (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
  return `${why}${code in REASONS ? ` (${code})` : ''}`;
}

export function noRoomForText(folder: string, bytes: number, free: number): string {
  return l10n.t(
    'The disk of {folder} has {free} free: with the text of {bytes} there would be no room for checkpoints, so it is not kept with the run. The run can go on as long as its file does not change. Free some space before the next run.',
    { folder, free: formatBytes(free), bytes: formatBytes(bytes) },
  );
}

/** Tells a person of each kind of trouble once, until it is over: a full disk would else speak at every write. */
export class Troubles {
  readonly #folder: string;
  readonly #onProblem: (message: string) => void;
  readonly #told = new Set<string>();

  constructor(folder: string, onProblem: (message: string) => void) {
    this.#folder = folder;
    this.#onProblem = onProblem;
  }

  failed(error: unknown): void {
    this.#tell(codeOf(error) || String(error), () => {
      return `${writeTrouble(this.#folder, error)} ${l10n.t('Training goes on; what is missing is written as soon as that works.')}`;
    });
  }

  gaveUp(): void {
    this.#tell('gave up', () => {
      return l10n.t(
        'The run could not be written to {folder} for so long that the oldest of its measurements no longer fit into memory: they will be missing in the stored run.',
        { folder: this.#folder },
      );
    });
  }

  /** Of a checkpoint that cannot be stored, whatever the disk does. */
  refused(message: string): void {
    this.#tell(REFUSED, () => message);
  }

  /** A checkpoint could be stored. */
  accepted(): void {
    this.#told.delete(REFUSED);
  }

  /** Older numbers could not be put together. */
  notCompacted(error: unknown): void {
    this.#tell(NOT_COMPACTED, () => {
      return l10n.t(
        'The run in {folder} takes more room than it is to have, since its older numbers could not be put together: {reason}. Nothing of it is lost, and it is tried again while the run goes on.',
        { folder: this.#folder, reason: reasonOf(error) },
      );
    });
  }

  compacted(): void {
    this.#told.delete(NOT_COMPACTED);
  }

  /** What is not written and never will be, such as a text for which there is no room. */
  leftOut(message: string): void {
    this.#tell(message, () => message);
  }

  /** All that waited is written. */
  over(): void {
    for (const kind of this.#told) {
      if (!LASTING.has(kind)) this.#told.delete(kind);
    }
  }

  #tell(kind: string, message: () => string): void {
    if (this.#told.has(kind)) return;
    this.#told.add(kind);
    this.#onProblem(message());
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
