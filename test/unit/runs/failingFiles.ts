import { diskFiles, type RunFileHandle, type RunFiles } from '../../../src/runs/disk/files.ts';

/** The disk, with somebody who is told of every operation before it happens, and may throw. */
export function watchedFiles(before: (operation: string) => void): RunFiles {
  return {
    mkdir: (path) => told('mkdir', () => diskFiles.mkdir(path)),
    open: (path, flags) => told('open', async () => watchedHandle(await diskFiles.open(path, flags), told)),
    rename: (from, to) => told('rename', () => diskFiles.rename(from, to)),
    rm: (path) => told('rm', () => diskFiles.rm(path)),
    readdir: (path) => told('readdir', () => diskFiles.readdir(path)),
    stat: (path) => told('stat', () => diskFiles.stat(path)),
    freeBytes: (path) => told('freeBytes', () => diskFiles.freeBytes(path)),
  };

  async function told<R>(operation: string, action: () => Promise<R>): Promise<R> {
    before(operation);
    return action();
  }
}

/** The disk, whose operation of this number fails, counted from 0. Closing closes all the same. */
export function failingFiles(failing: number, code: string): RunFiles {
  let count = 0;
  return watchedFiles((operation) => {
    if (count++ === failing) throw Object.assign(new Error(`${code}: ${operation}`), { code });
  });
}

/** What `action` asks of the disk, in order. */
export async function operationsOf(action: (files: RunFiles) => Promise<unknown>): Promise<string[]> {
  const operations: string[] = [];
  await action(watchedFiles((operation) => operations.push(operation)));
  return operations;
}

function watchedHandle(
  handle: RunFileHandle,
  told: <R>(operation: string, action: () => Promise<R>) => Promise<R>,
): RunFileHandle {
  return {
    read: (...place) => told('read', () => handle.read(...place)),
    write: (...place) => told('write', () => handle.write(...place)),
    truncate: (length) => told('truncate', () => handle.truncate(length)),
    sync: () => told('sync', () => handle.sync()),
    stat: () => told('stat', () => handle.stat()),
    async close() {
      try {
        await told('close', () => Promise.resolve());
      } finally {
        await handle.close();
      }
    },
  };
}
