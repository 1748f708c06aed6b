import * as v from 'valibot';
import { InputError } from '../../common/inputError.ts';
import type { HistorySnapshot } from '../../protocol/snapshot.ts';
import { exportFolder, type FolderExport } from '../export/folderExport.ts';
import type { Columns } from '../format/columns.ts';
import { readRunFile } from '../format/runFile.ts';
import { RunFollower, type Followed, type FollowPlace } from './runFollower.ts';
import { readRun, type ReadRun } from './runReader.ts';
import { packed, type PackedRun } from './packedRun.ts';

/** What the reading thread is asked, and what it answers. */
export interface Questions {
  /** Its `run.json` alone. */
  readonly 'run.json': { readonly asked: undefined; readonly answer: PackedRun };
  /** All of it, up to an iteration. */
  readonly run: { readonly asked: { readonly upTo: number }; readonly answer: TravellingRun };
  /** What is new since a place. */
  readonly news: { readonly asked: FollowOn; readonly answer: News };
  /** To write it elsewhere; what a person must know of that. */
  readonly export: { readonly asked: FolderExport; readonly answer: readonly string[] };
}

export interface FollowOn {
  readonly from: FollowPlace;
  /** That the records shall have, those of the run's network. */
  readonly columns?: Columns;
}

export type ReadingQuestion = keyof Questions;

/** A run as it was read, with its history as it travels between threads. */
export type TravellingRun = Omit<ReadRun, 'history' | 'run'> & {
  readonly run: PackedRun;
  readonly history: HistorySnapshot;
};

/** What is new of a run, and where it is told of next. */
export type News = Followed & { readonly place: FollowPlace };

export interface ReadingRequest<Q extends ReadingQuestion = ReadingQuestion> {
  readonly requestId: number;
  readonly folder: string;
  readonly what: Q;
  readonly asked: Questions[Q]['asked'];
}

/** What answers it, around the value itself, which is made by the thread's own program from files that it has checked. */
export const ReadingAnswer = v.variant('ok', [
  v.object({ requestId: v.number(), ok: v.literal(true), value: v.unknown() }),
  v.object({
    requestId: v.number(),
    ok: v.literal(false),
    message: v.string(),
    isInputError: v.boolean(),
    /** Of what the file system threw. */
    code: v.optional(v.string()),
  }),
]);
export type ReadingAnswer = v.InferOutput<typeof ReadingAnswer>;

const ANSWERS: {
  readonly [Q in ReadingQuestion]: (folder: string, asked: Questions[Q]['asked']) => Promise<Questions[Q]['answer']>;
} = {
  'run.json': async (folder) => packed(await readRunFile(folder)),
  run: async (folder, { upTo }) => {
    const { history, run, ...read } = await readRun(folder, { upTo });
    return { ...read, run: packed(run), history: history.snapshot() };
  },
  news: async (folder, { from, columns }) => {
    const follower = new RunFollower(folder, { from, ...(columns && { columns }) });
    const followed = await follower.poll();
    return { ...followed, place: follower.place };
  },
  export: (folder, asked) => exportFolder(folder, asked),
};

export async function answer<Q extends ReadingQuestion>({
  requestId,
  folder,
  what,
  asked,
}: ReadingRequest<Q>): Promise<ReadingAnswer> {
  try {
    return { requestId, ok: true, value: await ANSWERS[what](folder, asked) };
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
