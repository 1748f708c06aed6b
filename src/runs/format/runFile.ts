import { basename, join } from 'node:path';
import * as v from 'valibot';
import { shownLine } from '../../common/foreignText.ts';
import { InputError } from '../../common/inputError.ts';
import { StoredRun } from '../../protocol/storedRun.ts';
import { writeAtomically } from '../disk/atomicFile.ts';
import { diskFiles, readFully, type RunFiles } from '../disk/files.ts';

/** `run.json` of a run's folder. */

const NAME = 'run.json';
/** The longest vocabulary takes half a megabyte. */
const MAX_BYTES = 2 * 2 ** 20;

export function runFilePath(folder: string): string {
  return join(folder, NAME);
}

/**
 * Replaces `run.json` in one step. The folder must exist.
 * @throws {TypeError} for what could not be read again, and what the file system throws.
 */
export async function writeRunFile(folder: string, run: StoredRun, files: RunFiles = diskFiles): Promise<void> {
  const text = JSON.stringify(run, undefined, 2);
  const again = v.safeParse(StoredRun, JSON.parse(text));
  if (!again.success) throw new TypeError(`the run cannot be stored: ${issueText(again.issues[0])}`);
  await writeAtomically(runFilePath(folder), new TextEncoder().encode(text), files);
}

/**
 * @throws {InputError} for a file that is too long, damaged or of another version; what the file system throws where it cannot
 * be read (`ENOENT`: the folder holds no run).
 */
export async function readRunFile(folder: string, files: RunFiles = diskFiles): Promise<StoredRun> {
  const bytes = await readSmallFile(folder, files);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw unreadable(folder, `it is not JSON in UTF-8 (${shownLine((error as Error).message)})`);
  }
  const parsed = v.safeParse(StoredRun, json);
  if (!parsed.success) throw unreadable(folder, issueText(parsed.issues[0]));
  return parsed.output;
}

async function readSmallFile(folder: string, files: RunFiles): Promise<Uint8Array> {
  const handle = await files.open(runFilePath(folder), 'r');
  try {
    const { size } = await handle.stat();
    if (size > MAX_BYTES) throw unreadable(folder, `it has ${size} bytes; the longest that is read has ${MAX_BYTES}`);
    const bytes = new Uint8Array(size);
    return bytes.subarray(0, await readFully(handle, bytes, 0));
  } finally {
    await handle.close();
  }
}

function unreadable(folder: string, why: string): InputError {
  return new InputError(
    `${NAME} of the run ${basename(folder)} cannot be read: ${why.replace(/\.$/, '')}. Restore the file from a backup, or delete the run.`,
  );
}

function issueText(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  return shownLine(path === null ? issue.message : `${path}: ${issue.message}`);
}
