import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { TextSource } from '../textSource.ts';

/** What a text is known again by. */
export interface TextDigest {
  readonly bytes: number;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

/**
 * Of the bytes that a run on this source would read: the file's, or the text's in UTF-8.
 * @throws what the file system throws.
 */
export async function digestOf({ content }: TextSource): Promise<TextDigest> {
  if ('file' in content) return digestOfFile(content.file.path);
  const bytes = Buffer.from(content.text, 'utf8');
  return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

export async function digestOfFile(path: string): Promise<TextDigest> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}
