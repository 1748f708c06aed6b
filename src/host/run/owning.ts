import { acquire, type HeldBy, isHeld, takeOver, thisOwner } from '../../runs/disk/lock.ts';
import type { OwnedLock } from './keptRun.ts';

/** What other programs call this one. */
export const WINDOW_NAME = 'VS Code window';

/** Becomes the owner of a run's folder, or says who is. */
export async function own(folder: string): Promise<OwnedLock | HeldBy> {
  const { lost, tellLost } = loss();
  const lock = await acquire(folder, thisOwner(WINDOW_NAME), tellLost);
  return isHeld(lock) ? lock : { lock, lost };
}

/** Becomes the owner of a run's folder whoever owns it, as a person decided. */
export async function ownByForce(folder: string): Promise<OwnedLock> {
  const { lost, tellLost } = loss();
  return { lock: await takeOver(folder, thisOwner(WINDOW_NAME), tellLost), lost };
}

function loss(): { readonly lost: Promise<void>; readonly tellLost: () => void } {
  let tellLost: () => void = () => undefined;
  const lost = new Promise<void>((resolve) => (tellLost = resolve));
  return { lost, tellLost };
}
