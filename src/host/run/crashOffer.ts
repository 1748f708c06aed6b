import * as vscode from 'vscode';
import { l10n } from '../../common/l10n.ts';
import { groupDigits } from '../../common/written.ts';
import type { RunSummary } from '../../runs/disk/library.ts';
import { CheckpointFolder } from '../../runs/disk/checkpoints.ts';
import { hasCrashed } from './opening.ts';
import type { RunPlaces } from './places.ts';
import type { RunKeeper } from './runKeeper.ts';
import { warn } from '../message.ts';

/** Offered once for a run and the time at which it stood still. */
const OFFERED = 'rnnInspector.offeredAfterCrash';
const REMEMBERED = 50;
/** What was interrupted longer ago is in the list of runs, but no news. */
const RECENT_MS = 7 * 24 * 3600 * 1000;

/**
 * Offers to go on with the run that was interrupted last, where one was: by a crash, since a window that closes in order
 * leaves its runs paused.
 */
export async function offerAfterCrash(
  { places, reading }: Pick<RunKeeper, 'places' | 'reading'>,
  memory: vscode.Memento,
  act: { resume(folder: string): void; show(folder: string): void },
): Promise<void> {
  const found = await interruptedRuns(places);
  const offered = memory.get<readonly string[]>(OFFERED, []);
  const fresh = found.filter((run) => !offered.includes(keyOf(run)));
  const [newest] = fresh;
  if (newest === undefined) return;
  await memory.update(OFFERED, [...fresh.map(keyOf), ...offered].slice(0, REMEMBERED));
  const resume = l10n.t('Resume');
  const show = l10n.t('Show');
  const message = await describe(reading, newest, fresh.length - 1);
  const answer = await warn(message.text, ...(message.canResume ? [resume] : []), show);
  if (answer === resume) act.resume(newest.folder);
  if (answer === show) act.show(newest.folder);
}

async function interruptedRuns(places: RunPlaces): Promise<RunSummary[]> {
  const lists = await Promise.all(
    (await places.usedLibraries()).map(async (library) => {
      const isMade = await places.madeIn(library);
      return (await library.interrupted()).filter(({ runId }) => isMade(runId));
    }),
  );
  return lists
    .flat()
    .filter((run) => hasCrashed(run) && Date.now() - run.changedAtMs < RECENT_MS)
    .sort((one, other) => other.changedAtMs - one.changedAtMs);
}

async function describe(
  reading: RunKeeper['reading'],
  { folder, run }: RunSummary,
  others: number,
): Promise<{ readonly text: string; readonly canResume: boolean }> {
  const { progress } = await reading.readRun(folder);
  const newest = await new CheckpointFolder(folder)
    .newestFacts()
    .catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  const name = run?.name ?? run?.text?.fileName ?? l10n.t('a text');
  const rest = others > 0 ? ` ${othersText(others)}` : '';
  const was = l10n.t('The run on {name} was interrupted.', { name });
  if (typeof newest === 'string') return { text: `${was} ${newest}${rest}`, canResume: false };
  if (newest === undefined)
    return { text: `${was} ${l10n.t('It has no checkpoint to go on from.')}${rest}`, canResume: false };
  const { iteration, elapsedMs } = newest;
  const lost = Math.max(0, progress.elapsedMs - elapsedMs) / 1000;
  return {
    text: `${was} ${lostText(groupDigits(iteration), lost)}${rest}`,
    canResume: true,
  };
}

/** The last second before the crash may not have been recorded. */
function lostText(iteration: string, lostSeconds: number): string {
  const whole = Math.max(1, Math.round(lostSeconds));
  if (whole === 1) {
    return l10n.t('It can go on from its checkpoint at iteration {iteration}; about a second of training is lost.', {
      iteration,
    });
  }
  return l10n.t(
    'It can go on from its checkpoint at iteration {iteration}; about {seconds} seconds of training are lost.',
    { iteration, seconds: groupDigits(whole) },
  );
}

function othersText(count: number): string {
  return count === 1
    ? l10n.t('1 more run was interrupted: see RNN Runs.')
    : l10n.t('{count} more runs were interrupted: see RNN Runs.', { count });
}

function keyOf({ folder, run }: RunSummary): string {
  return `${folder} ${run?.changedAt ?? ''}`;
}
