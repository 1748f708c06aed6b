import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunSettings } from '../../protocol/settings.ts';
import type { StoredRun } from '../../protocol/storedRun.ts';
import { CheckpointFolder, type NewestCheckpoint } from '../../runs/checkpoints.ts';
import { diskFiles } from '../../runs/files.ts';
import { RECORD_FILES, readRun } from '../../runs/runReader.ts';
import { restoredRun } from './restore.ts';
import type { TextSource } from '../textSource.ts';
import type { Stage } from './stage.ts';
import { digestOf } from './textDigest.ts';

/** A run, one of its checkpoints, and what the new run is to do otherwise. */
export interface Fork {
  readonly run: StoredRun;
  readonly folder: string;
  readonly newest: NewestCheckpoint;
  readonly source: TextSource;
  readonly settings: RunSettings;
}

/**
 * Begins a new run from a checkpoint of another one. On the same text and with the same sizes it goes on where the checkpoint
 * stands, with a history of its own up to there; else it starts to count anew with the network that it took over.
 */
export async function forkRun(stage: Stage, { run, folder, newest, source, settings }: Fork): Promise<void> {
  const { checkpoint, vocabulary } = newest;
  const isSameText = (await digestOf(source)).sha256 === run.text?.sha256;
  const { shape } = checkpoint;
  const isSameShape = shape.T === settings.sequenceLength && shape.B === settings.batchSize;
  const keepsPlace = isSameText && isSameShape;
  const session = stage.start(source, settings, {
    from: {
      checkpoint,
      ...(vocabulary && { vocabulary }),
      mode: 'fitting',
      isPaused: false,
      ...(run.text && { text: { bytes: run.text.bytes, sha256: run.text.sha256 } }),
    },
    ...(keepsPlace && { earlier: await historyUpTo(folder, checkpoint.iteration), isNewRun: true }),
    ...(run.imported && { imported: run.imported }),
  });
  const { iteration } = checkpoint;
  stage.keeper.begin(session, {
    source,
    settings,
    forkedFrom: { runId: run.runId, iteration },
    ...(run.imported && { imported: run.imported }),
    ...(run.name !== undefined && { name: `${run.name} (fork)`.slice(0, 200) }),
    ...(keepsPlace && {
      prepare: async (target) => {
        for (const name of RECORD_FILES) await copyIfThere(join(folder, name), join(target, name));
        await new CheckpointFolder(target).write(checkpoint, 'end', {
          ...(vocabulary && { vocabulary }),
          settings,
        });
        return iteration;
      },
    }),
  });
  stage.show(session);
}

/** The history of a run as it was at an iteration. */
async function historyUpTo(folder: string, iteration: number) {
  const read = await readRun(folder, { upTo: iteration });
  return restoredRun(read);
}

async function copyIfThere(from: string, to: string): Promise<void> {
  try {
    // Looked at first, since copying follows a link and waits at a pipe.
    if ((await diskFiles.stat(from)).isFile()) await copyFile(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
