import { type OpenFlags, diskFiles, type RunFileHandle, type RunFiles } from '../../../../src/runs/disk/files.ts';

/** A file system of which operations fail as a test says. Counts them from 0. */
export class FaultyFiles implements RunFiles {
  readonly #files: RunFiles;
  count = 0;
  /** The code with which operation number `index` fails; undefined: it succeeds. */
  fault: (index: number, operation: string, path: string) => string | undefined = () => undefined;
  readonly operations: string[] = [];
  /** Handles that were opened and not closed. */
  openHandles = 0;

  constructor(files: RunFiles = diskFiles) {
    this.#files = files;
  }

  #do<R>(operation: string, path: string, work: () => Promise<R>): Promise<R> {
    this.operations.push(operation);
    const code = this.fault(this.count++, operation, path);
    return code === undefined ? work() : Promise.reject(Object.assign(new Error(`${code}: injected`), { code }));
  }

  mkdir(path: string): Promise<void> {
    return this.#do('mkdir', path, () => this.#files.mkdir(path));
  }

  open(path: string, flags: OpenFlags): Promise<RunFileHandle> {
    return this.#do('open', path, async () => {
      const handle = await this.#files.open(path, flags);
      this.openHandles++;
      return {
        read: (...values) => this.#do('read', path, () => handle.read(...values)),
        // A full disk takes a part of what is written before it refuses the rest.
        write: (bytes, offset, length, position) =>
          this.#do('write', path, () => handle.write(bytes, offset, Math.ceil(length / 2), position)),
        truncate: (length) => this.#do('truncate', path, () => handle.truncate(length)),
        sync: () => this.#do('sync', path, () => handle.sync()),
        stat: () => this.#do('fstat', path, () => handle.stat()),
        close: async () => {
          this.openHandles--;
          await handle.close();
          await this.#do('close', path, () => Promise.resolve());
        },
      };
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.#do('rename', to, () => this.#files.rename(from, to));
  }

  rm(path: string): Promise<void> {
    return this.#do('rm', path, () => this.#files.rm(path));
  }

  readdir(path: string): Promise<string[]> {
    return this.#do('readdir', path, () => this.#files.readdir(path));
  }

  freeBytes(folder: string): Promise<number> {
    return this.#do('freeBytes', folder, () => this.#files.freeBytes(folder));
  }

  stat(path: string): ReturnType<RunFiles['stat']> {
    return this.#do('stat', path, () => this.#files.stat(path));
  }
}
