import { createHash } from 'node:crypto';
import { diskFiles, readFully } from './files.ts';

/** What a file is known again by. */
export interface FileDigest {
  readonly bytes: number;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

const PIECE_BYTES = 2 ** 20;

/** @throws what the file system throws, also for what is a link, a pipe or a device. */
export async function digestOfFile(path: string): Promise<FileDigest> {
  const hash = createHash('sha256');
  const file = await diskFiles.open(path, 'r');
  try {
    const piece = new Uint8Array(PIECE_BYTES);
    for (let bytes = 0; ;) {
      const length = await readFully(file, piece, bytes);
      hash.update(piece.subarray(0, length));
      bytes += length;
      if (length < piece.length) return { bytes, sha256: hash.digest('hex') };
    }
  } finally {
    await file.close();
  }
}
