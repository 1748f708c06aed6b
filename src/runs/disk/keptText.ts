import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { StoredRun, StoredText } from '../../protocol/storedRun.ts';
import { syncFolder, writeAtomically } from './atomicFile.ts';
import { mostCheckpointBytes } from '../format/checkpointLayout.ts';
import { followed, readFully, type RunFileHandle, type RunFiles, writeFully } from './files.ts';

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
  if ('path' in source) return copyFile(source.path, folder, expected.sha256, files);
  const bytes = new TextEncoder().encode(source.text);
  if (createHash('sha256').update(bytes).digest('hex') !== expected.sha256) return false;
  await writeAtomically(keptTextPath(folder), bytes, files);
  return true;
}

/** Piece by piece, since a text may be longer than memory, under a name that is cleaned up where the process is killed. */
async function copyFile(path: string, folder: string, sha256: string, files: RunFiles): Promise<boolean> {
  const temporary = join(folder, `${NAME}.${randomBytes(8).toString('hex')}.tmp`);
  // A person's own text may lie behind a link.
  const from = await files.open(await followed(path), 'r');
  try {
    const isSame = (await copyPieces(from, temporary, files)) === sha256;
    if (isSame) await files.rename(temporary, keptTextPath(folder));
    else await files.rm(temporary);
    if (isSame) await syncFolder(folder, files);
    return isSame;
  } catch (error) {
    await files.rm(temporary).catch(() => undefined);
    throw error;
  } finally {
    await from.close();
  }
}

/** @returns the SHA-256 of what was copied. */
async function copyPieces(from: RunFileHandle, path: string, files: RunFiles): Promise<string> {
  const hash = createHash('sha256');
  const to = await files.open(path, 'wx');
  try {
    const piece = new Uint8Array(COPY_BYTES);
    for (let at = 0, bytes = piece.length; bytes === piece.length; at += bytes) {
      bytes = await readFully(from, piece, at);
      hash.update(piece.subarray(0, bytes));
      await writeFully(to, piece.subarray(0, bytes), at);
    }
    await to.sync();
  } finally {
    await to.close();
  }
  return hash.digest('hex');
}
