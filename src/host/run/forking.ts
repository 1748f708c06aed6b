import { runLabel } from './runLabel.ts';
import type { RunSettings } from '../../protocol/settings.ts';
import type { StoredRun } from '../../protocol/storedRun.ts';
import type { NewestCheckpoint } from '../../runs/disk/checkpoints.ts';
import { forkAt } from '../../runs/recording/forking.ts';
import { restoredRun } from './restore.ts';
import type { TextSource } from '../session/textSource.ts';
import type { RunLauncher } from './runLauncher.ts';
import { digestOf } from './textDigest.ts';

/** A run, one of its checkpoints, and what the new run is to do otherwise. */
export interface ForkRequest {
  readonly run: StoredRun;
  readonly folder: string;
  readonly newest: NewestCheckpoint;
  readonly source: TextSource;
  readonly settings: RunSettings;
}

/** Begins a new run from a checkpoint of another one. */
export async function forkRun(
  launcher: RunLauncher,
  { run, folder, newest, source, settings }: ForkRequest,
): Promise<void> {
  const { sha256: textSha256 } = await digestOf(source);
  const label = runLabel({ run, runId: run.runId });
  const { from, keepsPlace, stored, prepare } = forkAt({ run, label, folder, chosen: newest, settings, textSha256 });
  const { iteration } = newest.checkpoint;
  const session = launcher.start(source, settings, {
    from,
    ...(keepsPlace && { earlier: await historyUpTo(launcher, folder, iteration), isNewRun: true }),
    name: stored.name,
    forkedFrom: stored.forkedFrom,
    ...(stored.imported && { imported: stored.imported }),
  });
  launcher.keeper.begin(session, { source, settings, ...stored, ...(prepare && { prepare }) });
  launcher.show(session);
}

/** The history of a run as it was at an iteration. */
async function historyUpTo(launcher: RunLauncher, folder: string, iteration: number) {
  const read = await launcher.keeper.reading.readRun(folder, { upTo: iteration });
  return restoredRun(folder, read);
}
