import { isOver } from '../../protocol/run.ts';
import { CheckpointFolder } from '../../runs/disk/checkpoints.ts';
import { warn } from '../message.ts';
import type { LoadedNetwork } from '../session/restoredRun.ts';
import type { Session } from '../session/session.ts';

/** Says from where a run that is over can go on, and lets text be written with the network of that checkpoint. */
export async function offerCheckpoint(session: Session, folder: string, wasInterrupted = false): Promise<void> {
  const checkpoints = new CheckpointFolder(folder);
  const newest = await checkpoints.newestFacts().catch((error: unknown) => {
    void warn(error instanceof Error ? error.message : String(error));
  });
  if (!newest) return;
  const { iteration, elapsedMs } = newest;
  const { status } = session;
  if (!isOver(status.state) && !status.restored) return;
  session.resumable = {
    iteration,
    lostSeconds: Math.max(0, status.elapsedMs - elapsedMs) / 1000,
    wasInterrupted,
  };
  session.checkpointReader = () => readNetwork(checkpoints);
}

async function readNetwork(checkpoints: CheckpointFolder): Promise<LoadedNetwork | undefined> {
  const newest = await checkpoints.newestReadable();
  return newest?.vocabulary && { checkpoint: newest.checkpoint, vocabulary: newest.vocabulary };
}
