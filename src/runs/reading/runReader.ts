import type { RunHistory } from '../../history/history.ts';
import { networkOf } from '../../network/network.ts';
import type { StoredRun } from '../../protocol/storedRun.ts';
import type { Baselines } from '../../protocol/study.ts';
import { diskFiles, type RunFiles } from '../disk/files.ts';
import type { OpenedRecords } from '../format/frameScan.ts';
import {
  closeRecordFiles,
  openRecordFiles,
  type OpenedFiles,
  RECORD_FILES,
  type RecordFileName,
} from '../format/recordFiles.ts';
import { type Columns, columnsOf } from '../format/columns.ts';
import { RecordDecoder } from '../format/recordDecoder.ts';
import type { RunRecord } from '../format/records.ts';
import { readRunFile } from '../format/runFile.ts';
import type { RunProgress } from '../format/runProgress.ts';
import { RunReplay } from './runReplay.ts';
import { type Survey, survey } from '../format/survey.ts';

/** Where a file was read to. */
export interface FilePosition {
  /** Where its records end, bytes. */
  readonly end: number;
  /** Which file it was. */
  readonly identity: string;
  /** The columns of the records that come next; without, nothing has said them yet. */
  readonly columns?: Columns;
}

/** Of each file that was read: from there on a `RunFollower` finds what is new. */
export type FollowPosition = Readonly<Record<RecordFileName, FilePosition>>;

export interface ReadRun {
  readonly run: StoredRun;
  readonly history: RunHistory;
  readonly progress: RunProgress;
  /** All iterations from here on are known one by one; of most before only means, minima and maxima. */
  readonly wholeFrom: number;
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

/**
 * All that a run's folder tells of the run, without its checkpoints. What is torn or damaged is left out and said; nothing else
 * is lost.
 * @throws {InputError} where `run.json` is damaged; what the file system throws (`ENOENT`: there is no run).
 */
export async function readRun(folder: string, { files = diskFiles, upTo }: ReadOptions = {}): Promise<ReadRun> {
  const run = await readRunFile(folder, files);
  const opened = await openRecordFiles(folder, files);
  try {
    return await readOpened(run, opened, upTo);
  } finally {
    await closeRecordFiles(opened);
  }
}

/** As {@link readRun}, of files that are open. */
export async function readOpened(run: StoredRun, opened: OpenedFiles, upTo = Infinity): Promise<ReadRun> {
  const network = networkOf(run.settings);
  const wanted = columnsOf(network);
  const surveys = {
    metrics: await survey((visit) => opened.metrics.scan(visit), wanted),
    samples: await survey((visit) => opened.samples.scan(visit), wanted),
  };
  const replay = new RunReplay({
    network,
    iterations: Math.max(1, Math.min(surveys.metrics.iterations, upTo)),
    symbols: run.vocabulary?.codes.length ?? run.facts?.vocabulary.length,
  });
  const problems: string[] = [];
  for (const name of RECORD_FILES) {
    const decoder = new RecordDecoder({ wanted });
    const invalid = await replayFile(opened[name], surveys[name], decoder, (record, goesOnFrom) =>
      replay.add(record, Math.min(upTo, goesOnFrom)),
    );
    problems.push(...problemsOf(name, surveys[name], invalid));
  }
  replay.settle();
  if (!surveys.metrics.exists) problems.push('The file metrics is missing, so the run has no curves.');
  if (replay.unusable > 0) problems.push(`${records(replay.unusable)} left out: other records contradict it.`);
  if (replay.missing > 0)
    problems.push(`${replay.missing} of ${replay.history.iterations} iterations have no numbers.`);
  const { history, progress, wholeFrom, baselines } = replay;
  const { metrics, samples } = surveys;
  const position = {
    metrics: { end: metrics.end, identity: metrics.identity, columns: metrics.columns },
    samples: { end: samples.end, identity: samples.identity, columns: samples.columns },
  };
  return { run, history, progress, wholeFrom, ...(baselines && { baselines }), problems, position };
}

/** @returns how many records have a content that is not valid. */
async function replayFile(
  opened: OpenedRecords,
  known: Survey,
  decoder: RecordDecoder,
  take: (record: RunRecord, goesOnFrom: number) => void,
): Promise<number> {
  let invalid = 0;
  const goesOnFrom = known.goesOnFrom();
  await opened.scan(
    ({ kind, payload, start }) => {
      const record = decoder.decode(kind, payload);
      if (record === 'invalid') invalid++;
      else if (typeof record === 'object') take(record, goesOnFrom(start));
    },
    { to: known.end },
  );
  return invalid;
}

function problemsOf(name: RecordFileName, known: Survey, invalid: number): string[] {
  const { size, end, damaged, isForeign, lacksColumns } = known;
  if (isForeign) return [`The file ${name} is not in the run format of this version and was left out.`];
  const problems: string[] = [];
  if (damaged > 0) problems.push(`${records(damaged)} of the file ${name} left out: damaged on the disk.`);
  if (invalid > 0) problems.push(`${records(invalid)} of the file ${name} left out: not what the run format says.`);
  if (lacksColumns)
    problems.push(
      `The file ${name} does not say what its first numbers are: that record is damaged or gone. They were read as those of the run’s network.`,
    );
  if (size > end)
    problems.push(`The last ${size - end} bytes of the file ${name} are no whole record and were left out.`);
  return problems;
}

function records(count: number): string {
  return count === 1 ? '1 record was' : `${count} records were`;
}
