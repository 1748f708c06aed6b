import { execFileSync } from 'node:child_process';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';

/** No reader yet, no room in the pipe, no reader any more. */
const LATER = new Set(['ENXIO', 'EAGAIN', 'EPIPE']);

/**
 * A named pipe: a file that is read just as fast as the test writes it. Nothing here ever waits in the system, so that a
 * test ends whatever becomes of the reader.
 */
export class NamedPipe {
  readonly path: string;
  #file: FileHandle | undefined;

  constructor(path: string) {
    this.path = path;
    execFileSync('mkfifo', [path]);
  }

  /** Writes all the bytes, unless the test has had enough before. */
  async write(bytes: Uint8Array, isEnough: () => boolean): Promise<void> {
    for (let done = 0; done < bytes.length && !isEnough();) {
      try {
        this.#file ??= await open(this.path, constants.O_WRONLY | constants.O_NONBLOCK);
        done += (await this.#file.write(bytes, done)).bytesWritten;
      } catch (error) {
        if (!LATER.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
        await setImmediate();
      }
    }
  }

  /** Writes the bytes over and over until the test has had enough. */
  async repeat(bytes: Uint8Array, isEnough: () => boolean): Promise<void> {
    while (!isEnough()) await this.write(bytes, isEnough);
  }

  /** Ends the file for its reader. */
  async close(): Promise<void> {
    await this.#file?.close();
  }
}
