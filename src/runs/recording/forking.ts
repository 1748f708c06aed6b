import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_RUN_NAME } from '../../common/limits.ts';
import type { Imported } from '../../protocol/imported.ts';
import { type RunSettings, startsPaused } from '../../protocol/settings.ts';
import type { ForkedFrom, StoredRun } from '../../protocol/storedRun.ts';
import type { StartingPoint } from '../../protocol/worker.ts';
import type { StoredCheckpoint } from '../format/checkpointFile.ts';
import { CheckpointFolder } from '../disk/checkpoints.ts';
import { checkpointOfFork } from './continuedRun.ts';
import { diskFiles } from '../disk/files.ts';
import { RECORD_FILES } from '../format/recordFiles.ts';
import { asSetBefore, withSettings } from './settingChanges.ts';

/** What a fork is of: a run, one of its checkpoints, and what the new run is to do otherwise. */
export interface ForkPoint {
  readonly run: StoredRun;
  /** What the run goes by now. */
  readonly label: string;
  /** Of the run. */
  readonly folder: string;
  readonly chosen: StoredCheckpoint;
  readonly settings: RunSettings;
  /** Of the text that the new run reads. */
  readonly textSha256: string;
}

/** A new run that begins with the network of a checkpoint. */
export interface Fork {
  readonly from: StartingPoint;
  /**
   * On the same text and with the same sizes it goes on where the checkpoint stands, with a history of its own up to there; else it
   * starts to count anew with the network that it took over.
   */
  readonly keepsPlace: boolean;
  /** What `run.json` says of its descent. */
  readonly stored: {
    readonly forkedFrom: ForkedFrom;
    readonly imported?: Imported;
    readonly name?: string;
    /** Of the history that it begins with, and what it does otherwise from there on. */
    readonly settingChanges?: NonNullable<StoredRun['settingChanges']>;
  };
  /** Where it keeps the place: fills the new folder before the run writes to it; returns the iterations that are there. */
  readonly prepare?: (target: string) => Promise<number>;
}

export function forkAt({ run, label, folder, chosen, settings, textSha256 }: ForkPoint): Fork {
  const { vocabulary } = chosen;
  const checkpoint = checkpointOfFork(chosen.checkpoint);
  const { iteration, shape } = checkpoint;
  const isSameShape = shape.T === settings.sequenceLength && shape.B === settings.batchSize;
  const keepsPlace = textSha256 === run.text?.sha256 && isSameShape;
  const changes = keepsPlace && withSettings(asSetBefore(run, iteration), settings, iteration).settingChanges;
  return {
    keepsPlace,
    from: {
      checkpoint,
      ...(vocabulary && { vocabulary }),
      mode: 'fitting',
      isPaused: startsPaused(settings),
      ...(run.text && { text: { bytes: run.text.bytes, sha256: run.text.sha256 } }),
    },
    stored: {
      forkedFrom: {
        runId: run.runId,
        iteration,
        label: label.slice(0, MAX_RUN_NAME),
        ownFrom: keepsPlace ? iteration : 0,
      },
      ...(run.imported && { imported: importedOn(run.imported, textSha256 === run.text?.sha256) }),
      ...(run.name !== undefined && { name: `${run.name} (fork)`.slice(0, MAX_RUN_NAME) }),
      ...(changes && changes.length > 0 && { settingChanges: changes }),
    },
    ...(keepsPlace && {
      prepare: async (target: string) => {
        for (const name of RECORD_FILES) await copyIfThere(join(folder, name), join(target, name));
        const described = { ...(vocabulary && { vocabulary }), settings };
        await new CheckpointFolder(target).write(checkpoint, 'end', described);
        return iteration;
      },
    }),
  };
}

/** What was found on the text of the run says nothing of another one. */
function importedOn(imported: Imported, isSameText: boolean): Imported {
  if (isSameText) return imported;
  const { firstLossNats: _, reluLossNats: _other, ...rest } = imported;
  return rest;
}

async function copyIfThere(from: string, to: string): Promise<void> {
  try {
    // Looked at first, since copying follows a link and waits at a pipe.
    if ((await diskFiles.stat(from)).isFile()) await copyFile(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
