import type { RunSummary } from '../../runs/disk/library.ts';
import { Session } from '../session/session.ts';
import { restoredRun } from './restore.ts';
import { offerCheckpoint } from './offeredCheckpoint.ts';
import type { RunLauncher } from './runLauncher.ts';
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
  launcher: RunLauncher,
  summary: RunSummary,
  changedCourse?: () => Promise<void>,
): Promise<Session> {
  const read = await launcher.keeper.reading.readRun(summary.folder);
  for (const problem of read.problems) launcher.log.warn(`Run ${summary.runId}: ${problem}`);
  const trainedBy = whoTrains(summary, read.run);
  const session = Session.restore(restoredRun(summary.folder, read, trainedBy), launcher.workerPath);
  if (trainedBy === undefined) await offerCheckpoint(session, summary.folder, hasCrashed(summary));
  else new WatchedRun(launcher, session, summary, read.position, changedCourse ?? (() => openAnew(launcher, session)));
  return session;
}

/** A window that closes leaves its runs paused, which is no crash. */
export function hasCrashed({ isInterrupted, run }: RunSummary): boolean {
  return isInterrupted && run?.state !== 'paused';
}

/** A run that somebody else took over is watched from now on, where somebody looks at it; else it is opened when it is asked for. */
export async function followLost(launcher: RunLauncher, lost: Session): Promise<void> {
  if (launcher.panels.of(lost) !== undefined) await openAnew(launcher, lost);
  else if (launcher.sessions.all.includes(lost)) launcher.sessions.remove(lost);
}

/** Puts a run in the place of a session of it that is behind. */
async function openAnew(launcher: RunLauncher, behind: Session): Promise<void> {
  const found = behind.folder === undefined ? undefined : await launcher.keeper.places.find(behind.folder);
  if (found === undefined) return;
  const session = await openRun(launcher, found.summary);
  // Meanwhile this window may have gone on with it.
  if (launcher.sessions.all.includes(behind)) launcher.show(session, behind);
  else session.dispose();
}
