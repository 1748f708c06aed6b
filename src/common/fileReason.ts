import { l10n } from './l10n.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: l10n.t('there is no such file or folder'),
  EEXIST: l10n.t('it is there already'),
  EACCES: l10n.t('access is denied'),
  EPERM: l10n.t('access is denied'),
  EISDIR: l10n.t('it is a folder'),
  ENOTDIR: l10n.t('a part of its path is not a folder'),
  ENOSPC: l10n.t('no space is left on the device'),
  EDQUOT: l10n.t('the disk quota is used up'),
  EFBIG: l10n.t('it grew too large for the device'),
  EIO: l10n.t('the device failed'),
  EMFILE: l10n.t('too many files are open'),
  EROFS: l10n.t('the file system is read-only'),
  ENAMETOOLONG: l10n.t('its name is too long'),
  ELOOP: l10n.t('its symbolic links lead in a circle'),
  ELINK: l10n.t('it is a link, and links in a run are not followed'),
  ENOTREGULAR: l10n.t('it is a pipe, a device or a socket, not a file'),
  ERR_FS_FILE_TOO_LARGE: l10n.t('it is larger than 2 GiB'),
};

/** Why the file system refused, in words, from what it threw. */
export function fileReason(error: unknown): string {
  const { code, message } = error as Error & { readonly code?: string };
  return (code !== undefined ? REASONS[code] : undefined) ?? code ?? message.split('\n', 1)[0];
}
