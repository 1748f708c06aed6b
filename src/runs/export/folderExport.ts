import { CheckpointFolder, type CheckpointInfo } from '../disk/checkpoints.ts';
import { withFolderRun } from './folderRun.ts';
import { exportRun, type RecordedFormat } from './index.ts';
import { exportFolderToPytorch } from './pytorch/folderExport.ts';
import type { ReportOptions } from './report/index.ts';

/** What to make of a run's folder, and where: plain data, so that another thread can be asked for it. */
export type FolderExport = { readonly path: string } & (
  | { readonly format: 'pytorch'; readonly checkpoint: CheckpointInfo }
  | ({ readonly format: RecordedFormat } & ReportOptions)
);

/**
 * Exports a run as it is in its folder.
 * @returns what a person must know, a sentence each.
 * @throws {InputError} as `withFolderRun`, `exportRun` and `exportFolderToPytorch` do.
 */
export function exportFolder(folder: string, asked: FolderExport): Promise<readonly string[]> {
  return withFolderRun(folder, async (run) => {
    if (asked.format === 'pytorch') {
      const stored = await new CheckpointFolder(folder).read(asked.checkpoint);
      return [...run.problems, ...(await exportFolderToPytorch(folder, run, stored, asked.path))];
    }
    await exportRun(asked.format, run, asked.path, asked);
    return run.problems;
  });
}
