import { createHash } from 'node:crypto';
import { type FileDigest, digestOfFile } from '../../runs/disk/fileDigest.ts';
import { followed } from '../../runs/disk/files.ts';
import type { TextSource } from '../session/textSource.ts';

/**
 * Of the bytes that a run on this source would read: the file's, or the text's in UTF-8.
 * @throws what the file system throws.
 */
export async function digestOf({ content }: TextSource): Promise<FileDigest> {
  if ('file' in content) return digestOfFile(await followed(content.file.path));
  const bytes = Buffer.from(content.text, 'utf8');
  return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}
