import type { Checkpoint } from '../../protocol/checkpoint.ts';
import { isOwnValidation, type StoredRun } from '../../protocol/storedRun.ts';

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
  const { best } = checkpoint;
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
    ...(best && isOwnValidation(run, best.iteration) && { best }),
  };
}

/**
 * The checkpoint that a fork begins with: the same network, of which nothing counts as a result of the fork, neither the best
 * validation of the other run nor one that was under way.
 */
export function checkpointOfFork(checkpoint: Checkpoint): Checkpoint {
  const begun = { ...checkpoint, best: null, lastValidationAt: checkpoint.iteration };
  delete begun.pendingValidation;
  return begun;
}
