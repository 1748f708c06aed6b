import * as v from 'valibot';
import { Checkpoint } from '../../../src/protocol/checkpoint.ts';
import type { StartingPoint } from '../../../src/protocol/worker.ts';
import type { TrainingRun } from '../../../src/training/run.ts';

/** What another process would get of a checkpoint: a copy that shares nothing. */
export function travelled(checkpoint: Checkpoint): Checkpoint {
  return v.parse(Checkpoint, structuredClone(checkpoint));
}

/** To go on from a checkpoint of a run as the run itself would. */
export function exactly(run: TrainingRun, checkpoint: Checkpoint): StartingPoint {
  return {
    checkpoint: travelled(checkpoint),
    vocabulary: run.vocabulary,
    mode: 'exact',
    text: run.text,
    isPaused: false,
  };
}
