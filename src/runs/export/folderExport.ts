import { CheckpointFolder, type CheckpointInfo } from '../disk/checkpoints.ts';
import type { Given, Needed } from './exportedRun.ts';
import { withFolderRun } from './folderRun.ts';
import { exportRun, type ExportFormat } from './index.ts';

/** What to make of a run's folder, and where: plain data, so that another thread can be asked for it. */
export interface FolderExport extends Pick<Given, 'madeAt'>, Partial<Pick<Needed, 'tape'>> {
  readonly format: ExportFormat;
  readonly path: string;
  /** For a format that needs one. */
  readonly checkpoint?: CheckpointInfo;
}

/**
 * Exports a run as it is in its folder.
 * @returns what a person must know, a sentence each.
 * @throws {InputError} as `withFolderRun`, `CheckpointFolder.read` and `exportRun` do.
 */
export function exportFolder(folder: string, asked: FolderExport): Promise<readonly string[]> {
  const { format, path, checkpoint: info, ...given } = asked;
  return withFolderRun(folder, async (run) => {
    const checkpoint = info && (await new CheckpointFolder(folder).read(info));
    const notes = await exportRun(format, run, { ...given, folder, ...(checkpoint && { checkpoint }) }, path);
    return [...run.problems, ...notes];
  });
}
