import { InputError } from '../../common/inputError.ts';
import { CheckpointFolder } from '../../runs/disk/checkpoints.ts';
import { describeHolder, holderOf } from '../../runs/disk/lock.ts';
import type { ask } from '../message.ts';

export type AskPerson = typeof ask;

export const NO_CHECKPOINT = 'The run has no checkpoint to go on from. Train again on its file.';
const TAKE_OVER = 'Take over';

/**
 * Whether a run's folder is free, or the person takes it over from the program that owns it; undefined where they leave it there.
 * @throws {InputError} where it is owned and has no checkpoint: whoever took it over would have nothing to go on from.
 */
export async function wayInto(folder: string, asks: AskPerson): Promise<'free' | 'taken over' | undefined> {
  const holder = await holderOf(folder);
  if (holder === undefined) return 'free';
  const newest = await new CheckpointFolder(folder).newestFacts();
  if (newest === undefined) {
    throw new InputError(
      `The run belongs to the ${describeHolder(holder)}, and it has no checkpoint yet from which it could go on here.`,
    );
  }
  const iteration = newest.iteration.toLocaleString('en');
  const answer = await asks(
    `The run is under way in another program: the ${describeHolder(holder)}.`,
    `If you take it over, it goes on here from its last checkpoint, at iteration ${iteration} now. The other program loses the run and stops; what it did since that checkpoint may be lost. Where you can, pause or stop it there instead.`,
    TAKE_OVER,
  );
  return answer === TAKE_OVER ? 'taken over' : undefined;
}
