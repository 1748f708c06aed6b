const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EEXIST: 'it is there already',
  EACCES: 'access is denied',
  EPERM: 'access is denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'it grew too large for the device',
  EIO: 'the device failed',
  EMFILE: 'too many files are open',
  EROFS: 'the file system is read-only',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its symbolic links lead in a circle',
  ELINK: 'it is a link, and links in a run are not followed',
  ENOTREGULAR: 'it is a pipe, a device or a socket, not a file',
  ERR_FS_FILE_TOO_LARGE: 'it is larger than 2 GiB',
};

/** Why the file system refused, in words, from what it threw. */
export function fileReason(error: unknown): string {
  const { code, message } = error as Error & { readonly code?: string };
  return (code !== undefined ? REASONS[code] : undefined) ?? code ?? message.split('\n', 1)[0];
}
