import { InputError } from '../../common/inputError.ts';
import type { HistorySnapshot } from '../../protocol/history.ts';
import type { StoredRun } from '../../protocol/storedRun.ts';
import { readRunFile } from '../runFile.ts';
import { readRun, type ReadRun } from '../runReader.ts';

/** What the reading thread is asked, and what it answers. */

export interface ReadingRequest {
  readonly requestId: number;
  readonly folder: string;
  /** Its `run.json` alone, or all of it. */
  readonly what: 'run.json' | 'run';
  readonly upTo: number;
}

/** A run as it was read, with its history as it travels between threads. */
export type TravellingRun = Omit<ReadRun, 'history'> & { readonly history: HistorySnapshot };

export type ReadingAnswer =
  | { readonly requestId: number; readonly ok: true; readonly value: StoredRun | TravellingRun }
  | {
      readonly requestId: number;
      readonly ok: false;
      readonly message: string;
      readonly isInputError: boolean;
      /** Of what the file system threw. */
      readonly code?: string;
    };

export async function answer({ requestId, folder, what, upTo }: ReadingRequest): Promise<ReadingAnswer> {
  try {
    if (what === 'run.json') return { requestId, ok: true, value: await readRunFile(folder) };
    const { history, ...read } = await readRun(folder, { upTo });
    return { requestId, ok: true, value: { ...read, history: history.snapshot() } };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return {
      requestId,
      ok: false,
      message: error instanceof Error ? error.message : String(error),
      isInputError: error instanceof InputError,
      ...(code !== undefined && { code }),
    };
  }
}
