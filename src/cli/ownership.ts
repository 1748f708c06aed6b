import { acquire, describeOwner, isHeld, thisOwner, type RunLock } from '../runs/lock.ts';
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
 * @throws {CommandError} where another program owns it, InputError where it cannot be written.
 */
export async function own(
  name: string,
  folder: string,
): Promise<{ readonly lock: RunLock; readonly losable: Losable }> {
  const losable: Losable = { onLost: () => undefined };
  const lock = await acquire(folder, thisOwner(WINDOW), () => losable.onLost());
  if (isHeld(lock)) {
    throw new CommandError(
      `The run in "${name}" belongs to the ${describeOwner(lock.heldBy)}. Pause or stop it there first.`,
    );
  }
  return { lock, losable };
}
