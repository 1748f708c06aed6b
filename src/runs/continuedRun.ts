import type { Checkpoint } from '../protocol/checkpoint.ts';
import type { StoredRun } from '../protocol/storedRun.ts';

/** `run.json` of a run that goes on from a checkpoint: what came after it, its end among that, does not hold any more. */
export function continuedRun(
  run: StoredRun,
  checkpoint: Pick<Checkpoint, 'iteration' | 'elapsedMs' | 'best'>,
): StoredRun {
  const before = { ...run };
  delete before.endedAt;
  delete before.failure;
  delete before.notFinite;
  delete before.best;
  return {
    ...before,
    ...(run.settingChanges && {
      // What was changed at a later place is so from the checkpoint on.
      settingChanges: run.settingChanges.map((change) => ({
        ...change,
        iteration: Math.min(change.iteration, checkpoint.iteration),
      })),
    }),
    state: 'starting',
    changedAt: new Date().toISOString(),
    iterations: checkpoint.iteration,
    elapsedMs: checkpoint.elapsedMs,
    ...(checkpoint.best && { best: checkpoint.best }),
  };
}
