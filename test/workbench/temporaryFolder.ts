import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './paths.ts';
import { endChildrenWithThisProcess } from './processes.ts';

const folders = new Set<string>();

/** Makes a folder in the cache with a name of its own. It goes when this process ends, after all that may write into it. */
export function temporaryFolder(prefix: string): string {
  endChildrenWithThisProcess();
  if (folders.size === 0) {
    process.once('exit', () => {
      for (const folder of folders) removeFolder(folder);
    });
  }
  mkdirSync(cacheFolder, { recursive: true });
  const folder = mkdtempSync(join(cacheFolder, prefix));
  folders.add(folder);
  return folder;
}

/** A process that was just ended may still hold a file for a moment. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
