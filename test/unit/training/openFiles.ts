import { existsSync, readdirSync, readlinkSync } from 'node:fs';

/** Why a test of open files is left out here, or false. */
export const noProc = existsSync('/proc/self/fd') ? false : 'no /proc';

/** Paths of the files within a folder that this process has open, those among them that have no name any more. */
export function openFiles(folder: string): string[] {
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${descriptor}`);
      return path.startsWith(folder) ? [path] : [];
    } catch {
      // The descriptor by which the list itself was read is closed again.
      return [];
    }
  });
}
