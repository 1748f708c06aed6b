import { join } from 'node:path';
import type { RunFiles } from '../disk/files.ts';
import { OpenedRecords } from './frameScan.ts';

/** The files of records of a run's folder. */
export const RECORD_FILES = ['metrics', 'samples'] as const;
export type RecordFileName = (typeof RECORD_FILES)[number];

/** The files of records of a run's folder, open. */
export type OpenedFiles = Readonly<Record<RecordFileName, OpenedRecords>>;

/** @throws what the file system throws. */
export async function openRecordFiles(folder: string, files: RunFiles): Promise<OpenedFiles> {
  const metrics = await OpenedRecords.open(join(folder, 'metrics'), files);
  try {
    return { metrics, samples: await OpenedRecords.open(join(folder, 'samples'), files) };
  } catch (error) {
    await metrics.close().catch(() => undefined);
    throw error;
  }
}

export async function closeRecordFiles({ metrics, samples }: OpenedFiles): Promise<void> {
  await metrics.close();
  await samples.close();
}
