import { createHash, type Hash } from 'node:crypto';
import { join } from 'node:path';
import type { StoredRun, StoredText } from '../../protocol/storedRun.ts';
import { writeAtomically } from './atomicFile.ts';
import { mostCheckpointBytes } from '../format/checkpointLayout.ts';
import { followed, readFully, type RunFiles } from './files.ts';

/** Where the text comes from: a file with the same bytes, or the text that was trained on. */
export type TextToKeep = { readonly path: string } | { readonly text: string };

/** `changed`: it is no longer the text that was trained on; `left out`: a person was told why. */
export type TextOutcome = 'kept' | 'changed' | 'left out';

const NAME = 'text';
const COPY_BYTES = 2 ** 20;

export function keptTextPath(folder: string): string {
  return join(folder, NAME);
}

/** A text leaves so much room on the disk for numbers of the run, besides its checkpoints. */
const RESERVED_BYTES = 64 * 2 ** 10;
/** The two newest, and the one that takes the older one's place. */
const CHECKPOINTS = 3;

/**
 * Whether the disk has room for the text of a run and, after it, for what the run cannot go on without: its checkpoints.
 * @returns the bytes that are free, where they are too few; undefined where they are enough, or nobody knows.
 */
export async function tooLittleRoom(
  folder: string,
  textBytes: number,
  { settings, facts }: Pick<StoredRun, 'settings' | 'facts'>,
  files: RunFiles,
): Promise<number | undefined> {
  const ofCheckpoint = facts === undefined ? 0 : mostCheckpointBytes(settings, facts);
  const reserved = CHECKPOINTS * ofCheckpoint + RESERVED_BYTES;
  // Not every file system says; one that is full then refuses the text itself.
  const free = await files.freeBytes(folder).catch(() => Infinity);
  return free < textBytes + reserved ? free : undefined;
}

/** The text is no longer the one that was trained on. */
class TextIsChanged extends Error {}

/**
 * Puts the text's bytes into a run's folder, if they are still those that were trained on.
 * @returns whether they were; else nothing was kept.
 * @throws what the file system throws.
 */
export async function copyText(
  folder: string,
  source: TextToKeep,
  expected: Pick<StoredText, 'sha256'>,
  files: RunFiles,
): Promise<boolean> {
  const hash = createHash('sha256');
  const beforeRename = (): void => {
    if (hash.digest('hex') !== expected.sha256) throw new TextIsChanged();
  };
  try {
    await writeAtomically(keptTextPath(folder), hashed(piecesOf(source, files), hash), files, { beforeRename });
    return true;
  } catch (error) {
    if (error instanceof TextIsChanged) return false;
    throw error;
  }
}

async function* hashed(pieces: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
}

/** Piece by piece, since a file may be longer than memory. */
async function* piecesOf(source: TextToKeep, files: RunFiles): AsyncGenerator<Uint8Array> {
  if ('text' in source) {
    yield new TextEncoder().encode(source.text);
    return;
  }
  // A person's own text may lie behind a link.
  const from = await files.open(await followed(source.path), 'r');
  try {
    const piece = new Uint8Array(COPY_BYTES);
    for (let at = 0, bytes = piece.length; bytes === piece.length; at += bytes) {
      bytes = await readFully(from, piece, at);
      yield piece.subarray(0, bytes);
    }
  } finally {
    await from.close();
  }
}
