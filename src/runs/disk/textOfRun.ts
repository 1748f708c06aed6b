import { fileURLToPath } from 'node:url';
import { l10n } from '../../common/l10n.ts';
import { fileReason } from '../../common/fileReason.ts';
import type { StoredRun, StoredText } from '../../protocol/storedRun.ts';
import { digestOfFile } from './fileDigest.ts';
import { diskFiles, followed } from './files.ts';
import { keptTextPath } from './keptText.ts';

/**
 * Where the text is that a run was trained on: with the run, or still in its file.
 * @returns why there is none, where there is none.
 */
export async function findText(
  name: string,
  { text }: StoredRun,
): Promise<{ readonly path: string } | { readonly absent: string }> {
  if (text === undefined) return { absent: l10n.t('The run never read its text.') };
  const kept = keptTextPath(await followed(name).catch(() => name));
  if (text.isKept && (await problemOf(kept, text)) === undefined) return { path: kept };
  const named = pathOf(text);
  // A person's own text may lie behind a link.
  const path = named && (await followed(named).catch(() => named));
  if (path === undefined) return { absent: l10n.t('The text was no file here, but {uri}.', { uri: text.uri }) };
  const problem = await problemOf(path, text);
  return problem === undefined
    ? { path }
    : { absent: l10n.t('The text is not to be had: "{path}" {problem}.', { path, problem }) };
}

/** The file that a text was read from; undefined where it was none of this machine. */
export function pathOf({ uri }: StoredText): string | undefined {
  try {
    // With a host it is a file of another machine, which would be asked for it.
    return new URL(uri).host === '' ? fileURLToPath(uri) : undefined;
  } catch {
    return undefined;
  }
}

async function problemOf(path: string, text: StoredText): Promise<string | undefined> {
  try {
    const status = await diskFiles.stat(path);
    if (!status.isFile()) return l10n.t('is no file');
    // Another length says it without reading.
    const isSame = status.size === text.bytes && (await digestOfFile(path)).sha256 === text.sha256;
    return isSame ? undefined : l10n.t('changed since the run began');
  } catch (error) {
    return l10n.t('cannot be read ({reason})', { reason: fileReason(error) });
  }
}
