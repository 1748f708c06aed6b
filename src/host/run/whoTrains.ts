import { l10n } from '../../common/l10n.ts';
import { isOver, type RunState } from '../../protocol/run.ts';
import { describeOwner } from '../../runs/disk/lock.ts';
import type { RunSummary } from '../../runs/disk/library.ts';

/** The program that an export to PyTorch holds: it has no lock. */
const TRAIN_PY = 'train.py';

/** Whoever trains a run now, where that is not this window. */
export function whoTrains(
  { owner }: Pick<RunSummary, 'owner'>,
  run: { readonly source: string; readonly state: RunState },
): string | undefined {
  if (owner !== undefined) return l10n.t('the {owner}', { owner: describeOwner(owner) });
  return run.source === TRAIN_PY && !isOver(run.state) ? TRAIN_PY : undefined;
}
