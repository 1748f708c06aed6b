import {
  endLine,
  iterationLines,
  iterationsLine,
  startLine,
  type End,
  type LineRun,
} from '../../protocol/eventLines.ts';
import { eventLine, isRunEvent } from '../../protocol/events.ts';
import { bucketsOf } from '../format/bucketRecords.ts';
import { inChunks } from './chunks.ts';
import type { ExportedRun, ExportFile } from './exportedRun.ts';
import type { ValidRecord } from './validRecords.ts';

/**
 * A run as one JSON object a line: the events that the headless form writes with `--events`, in the order in which they were
 * recorded, and three more kinds: `memoryPoint`, `baselines`, and `iterations` of those that are no longer kept one by one. Of a run that is not over there is no `end`.
 */
export function jsonlFile(run: ExportedRun): ExportFile {
  return { name: 'events.jsonl', chunks: inChunks(lines(run)) };
}

async function* lines(run: ExportedRun): AsyncGenerator<string> {
  const { facts, settings, text, runId } = run.run;
  if (facts !== undefined) yield line(startLine(text?.fileName ?? runId, settings, facts, runId));
  const read = { network: run.network, symbols: facts?.vocabulary ?? [] };
  for await (const record of run.records()) {
    for (const object of objectsOf(record, read)) yield line(object);
  }
  const end = endOf(run);
  if (end !== undefined) yield line(endLine(end));
}

function objectsOf(record: ValidRecord, run: LineRun): object[] {
  if (isRunEvent(record)) return [eventLine(record, run)];
  const { network } = run;
  switch (record.type) {
    case 'rows':
      return iterationLines(network, record.firstIteration, record.rows);
    case 'buckets':
      return Array.from(bucketsOf(record), (bucket) =>
        iterationsLine(network, bucket.firstIteration, record.width, bucket),
      );
    case 'baselines':
      return [{ type: 'baselines', ...record.baselines }];
    default:
      return record satisfies never;
  }
}

function endOf({ run, progress }: ExportedRun): End | undefined {
  const { state, failure, notFinite } = run;
  if (state !== 'finished' && state !== 'stopped' && state !== 'failed') return undefined;
  const message = failure ?? notFinite?.message;
  return {
    reason: state,
    ...(message !== undefined && { message }),
    iterations: progress.iterations,
    charactersPerSecond: progress.elapsedMs > 0 ? (progress.characters / progress.elapsedMs) * 1000 : 0,
    elapsedSeconds: progress.elapsedMs / 1000,
  };
}

function line(object: object): string {
  return `${JSON.stringify(object)}\n`;
}
