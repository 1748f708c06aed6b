import { acquire, describeHolder, isHeld, takeOver, thisOwner, type RunLock } from '../runs/disk/lock.ts';
import { CommandError } from './errors.ts';

/** What the headless form is to others that find a run's folder locked. */
const WINDOW = 'headless form';

/** Tells whoever trains that the folder is no longer theirs. */
export interface Losable {
  onLost: () => void;
}

/**
 * Owns a run's folder, which is there.
 * @param name of the folder, for messages.
 * @param isThere whether there is a run that may be gone on with. @param takesOver from whoever owns it.
 * @throws {CommandError} where another program owns it, InputError where it cannot be written.
 */
export async function own(
  name: string,
  folder: string,
  { isThere, takesOver }: { readonly isThere: boolean; readonly takesOver: boolean },
): Promise<{ readonly lock: RunLock; readonly losable: Losable }> {
  const losable: Losable = { onLost: () => undefined };
  const lose = (): void => losable.onLost();
  const lock = await (takesOver ? takeOver : acquire)(folder, thisOwner(WINDOW), lose);
  if (isHeld(lock)) {
    const holder = describeHolder({ owner: lock.heldBy, life: lock.life });
    const wayOut = isThere
      ? 'Pause or stop it there first; resume --take-over goes on all the same, and the other program loses the run and what it did since its last checkpoint.'
      : 'Choose another folder.';
    throw new CommandError(`The run in "${name}" belongs to the ${holder}. ${wayOut}`);
  }
  return { lock, losable };
}
