import type { RunStatus } from '../../protocol/panel.ts';
import type { WorkerEvent } from '../../protocol/worker.ts';

/** How the status of a session follows what happens to it. Pure functions. */

export function startingStatus(): RunStatus {
  return {
    state: 'starting',
    iteration: 0,
    epoch: 0,
    characters: 0,
    elapsedMs: 0,
    charactersPerSecond: 0,
    restored: false,
  };
}

/** What an earlier status comes to when the run starts again. */
export function startingAgain(status: RunStatus): RunStatus {
  const { iteration, epoch, characters, elapsedMs } = status;
  return { ...startingStatus(), iteration, epoch, characters, elapsedMs };
}

/** What undefined takes away is not there any more: messages carry no undefined. */
export function changedStatus(
  before: RunStatus,
  change: { [K in keyof RunStatus]?: RunStatus[K] | undefined },
): RunStatus {
  const { notFinite, reading, resumable, trainedBy, failure, ...rest } = { ...before, ...change };
  return {
    ...(rest as RunStatus),
    ...(notFinite && { notFinite }),
    ...(reading && { reading }),
    ...(resumable && { resumable }),
    ...(trainedBy !== undefined && { trainedBy }),
    ...(failure && { failure }),
  };
}

/** @param iterations done, with these rows. The rate is smoothed over about a second, so that the number can be read. */
export function statusAfterRows(
  before: RunStatus,
  { epoch, characters, elapsedMs }: Extract<WorkerEvent, { type: 'progress' }>,
  iterations: number,
): RunStatus {
  const sinceMs = elapsedMs - before.elapsedMs;
  const rate = sinceMs > 0 ? ((characters - before.characters) / sinceMs) * 1000 : undefined;
  const keep = Math.exp(-sinceMs / 1000);
  const smoothed = before.charactersPerSecond;
  const charactersPerSecond =
    rate === undefined ? smoothed : smoothed === 0 ? rate : keep * smoothed + (1 - keep) * rate;
  return { ...before, iteration: iterations, epoch, characters, elapsedMs, charactersPerSecond };
}
