import { join } from 'node:path';
import type { RunHistory } from '../protocol/history.ts';
import type { StoredRun } from '../protocol/storedRun.ts';
import type { Baselines } from '../protocol/study.ts';
import { diskFiles, type RunFiles } from './files.ts';
import { type FrameScan, scanFrames } from './metricsFile.ts';
import { decodeRecord, endOfRowsIn, rewindIn } from './records.ts';
import { readRunFile } from './runFile.ts';
import { type RunProgress, RunReplay } from './runReplay.ts';

/** The files of records of a run's folder. */
export const RECORD_FILES = ['metrics', 'samples'] as const;
export type RecordFileName = (typeof RECORD_FILES)[number];

/** Ends of the records that were read, bytes: from there on a `RunFollower` finds what is new. */
export type FollowPosition = Readonly<Record<RecordFileName, number>>;

export interface ReadRun {
  readonly run: StoredRun;
  readonly history: RunHistory;
  readonly progress: RunProgress;
  readonly baselines?: Baselines;
  /** What of the records could not be used, for a person. */
  readonly problems: string[];
  readonly position: FollowPosition;
}

export interface ReadOptions {
  readonly files?: RunFiles;
  /** Reads the run as it was after so many iterations: what is beyond is left out. */
  readonly upTo?: number;
}

/** A first walk over a file: what has to be known before the first record of it can be taken. */
interface Survey extends FrameScan {
  /** The iteration after the last row. */
  readonly iterations: number;
  /** Where rewinds are, in order, and the lowest iteration that they or later ones go back to. */
  readonly rewinds: readonly { readonly start: number; readonly iterations: number }[];
}

/**
 * All that a run's folder tells of the run, without its checkpoints. What is torn or damaged is left out and said; nothing else
 * is lost.
 * @throws {InputError} where `run.json` is damaged; what the file system throws (`ENOENT`: there is no run).
 */
export async function readRun(
  folder: string,
  { files = diskFiles, upTo = Infinity }: ReadOptions = {},
): Promise<ReadRun> {
  const run = await readRunFile(folder, files);
  const surveys = {
    metrics: await survey(join(folder, 'metrics'), files),
    samples: await survey(join(folder, 'samples'), files),
  };
  const replay = new RunReplay({
    iterations: Math.max(1, Math.min(surveys.metrics.iterations, upTo)),
    symbols: run.vocabulary?.codes.length ?? run.facts?.vocabulary.length,
  });
  const problems: string[] = [];
  for (const name of RECORD_FILES) {
    const invalid = await replayFile(join(folder, name), files, surveys[name], replay, upTo);
    problems.push(...problemsOf(name, surveys[name], invalid));
  }
  replay.settle();
  if (!surveys.metrics.exists) problems.push('The file metrics is missing, so the run has no curves.');
  if (replay.unusable > 0) problems.push(`${records(replay.unusable)} left out: other records contradict it.`);
  if (replay.missing > 0)
    problems.push(`${replay.missing} of ${replay.history.iterations} iterations have no numbers.`);
  const { history, progress, baselines } = replay;
  const position = { metrics: surveys.metrics.end, samples: surveys.samples.end };
  return { run, history, progress, ...(baselines && { baselines }), problems, position };
}

async function survey(path: string, files: RunFiles): Promise<Survey> {
  let iterations = 0;
  const rewinds: { start: number; iterations: number }[] = [];
  const scan = await scanFrames(path, files, ({ kind, payload, start }) => {
    iterations = Math.max(iterations, endOfRowsIn(kind, payload));
    const rewind = rewindIn(kind, payload);
    if (rewind !== undefined) rewinds.push({ start, iterations: rewind.iterations });
  });
  for (let i = rewinds.length - 2; i >= 0; i--) {
    rewinds[i].iterations = Math.min(rewinds[i].iterations, rewinds[i + 1].iterations);
  }
  return { ...scan, iterations, rewinds };
}

/** @returns how many records have a content that is not valid. */
async function replayFile(
  path: string,
  files: RunFiles,
  known: Survey,
  replay: RunReplay,
  upTo: number,
): Promise<number> {
  let invalid = 0;
  let next = 0;
  const visit: Parameters<typeof scanFrames>[2] = ({ kind, payload, start }) => {
    while (next < known.rewinds.length && known.rewinds[next].start <= start) next++;
    const record = decodeRecord(kind, payload);
    if (record === 'invalid') invalid++;
    else if (record !== 'unknown') replay.add(record, Math.min(upTo, known.rewinds.at(next)?.iterations ?? Infinity));
  };
  await scanFrames(path, files, visit, { to: known.end });
  return invalid;
}

function problemsOf(name: RecordFileName, { size, end, damaged, isForeign }: FrameScan, invalid: number): string[] {
  if (isForeign) return [`The file ${name} is not in the run format of this version and was left out.`];
  const problems: string[] = [];
  if (damaged > 0) problems.push(`${records(damaged)} of the file ${name} left out: damaged on the disk.`);
  if (invalid > 0) problems.push(`${records(invalid)} of the file ${name} left out: not what the run format says.`);
  if (size > end)
    problems.push(`The last ${size - end} bytes of the file ${name} are no whole record and were left out.`);
  return problems;
}

function records(count: number): string {
  return count === 1 ? '1 record was' : `${count} records were`;
}
