import type { RunSummary } from '../../runs/library.ts';
import { Session } from '../session.ts';
import { restoredRun } from './restore.ts';
import { offerCheckpoint } from './offeredCheckpoint.ts';
import type { Stage } from './stage.ts';
import { WatchedRun } from './watchedRun.ts';
import { whoTrains } from './whoTrains.ts';

/**
 * Opens a run from its folder: to be watched, where somebody else trains it, else as it was, with the checkpoint from which it
 * can go on.
 * @param changedCourse called once where a run that is watched took another course, or nobody trains it any more; without, the
 * run is opened anew in its place.
 * @throws {InputError} where its folder cannot be read.
 */
export async function openRun(
  stage: Stage,
  summary: RunSummary,
  changedCourse?: () => Promise<void>,
): Promise<Session> {
  const read = await stage.keeper.reading.readRun(summary.folder);
  for (const problem of read.problems) stage.log.warn(`Run ${summary.runId}: ${problem}`);
  const trainedBy = whoTrains(summary, read.run);
  const session = Session.restore(restoredRun(summary.folder, read, trainedBy), stage.workerPath);
  if (trainedBy === undefined) await offerCheckpoint(session, summary.folder, hasCrashed(summary));
  else new WatchedRun(stage, session, summary, read.position, changedCourse ?? (() => openAnew(stage, session)));
  return session;
}

/** A window that closes leaves its runs paused, which is no crash. */
export function hasCrashed({ isInterrupted, run }: RunSummary): boolean {
  return isInterrupted && run?.state !== 'paused';
}

/** Puts a run that was watched in its place as it is now. */
async function openAnew(stage: Stage, watched: Session): Promise<void> {
  const found = watched.folder === undefined ? undefined : await stage.keeper.places.find(watched.folder);
  if (found === undefined) return;
  const session = await openRun(stage, found.summary);
  // Meanwhile this window may have gone on with it.
  if (stage.sessions.all.includes(watched)) stage.show(session, watched);
  else session.dispose();
}
