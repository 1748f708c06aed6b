import { l10n } from '../../common/l10n.ts';
import { groupDigits } from '../../common/written.ts';
import { InputError } from '../../common/inputError.ts';
import { CheckpointFolder } from '../../runs/disk/checkpoints.ts';
import { describeHolder, holderOf } from '../../runs/disk/lock.ts';
import type { ask } from '../message.ts';

export type AskPerson = typeof ask;

export const NO_CHECKPOINT = l10n.t('The run has no checkpoint to go on from. Train again on its file.');
const TAKE_OVER = l10n.t('Take over');

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
      l10n.t('The run belongs to the {owner}, and it has no checkpoint yet from which it could go on here.', {
        owner: describeHolder(holder),
      }),
    );
  }
  const iteration = groupDigits(newest.iteration);
  const answer = await asks(
    l10n.t('The run is under way in another program: the {owner}.', { owner: describeHolder(holder) }),
    l10n.t(
      'If you take it over, it goes on here from its last checkpoint, at iteration {iteration} now. The other program loses the run and stops; what it did since that checkpoint may be lost. Where you can, pause or stop it there instead.',
      { iteration },
    ),
    TAKE_OVER,
  );
  return answer === TAKE_OVER ? 'taken over' : undefined;
}
