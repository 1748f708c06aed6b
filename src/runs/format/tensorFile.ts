import { InputError } from '../../common/inputError.ts';
import { fileReason } from '../../common/fileReason.ts';
import { diskFiles, readFully, type RunFileHandle, type RunFiles } from '../disk/files.ts';
import { headerLength, LENGTH_BYTES, parseHeader, type TensorBytes, type TensorHeader } from './safetensors.ts';
import { type TensorSource, unusable } from './tensorSource.ts';

/**
 * Reads a file of tensors. Its size and its header come first, and only then, once they and `check` agree with them, the data.
 * @param check throws where the header is not of what is wanted.
 * @throws {InputError} where the file cannot be read, is not a whole and consistent file of tensors, or is too large for the memory.
 */
export function readTensorFile(
  path: string,
  source: TensorSource,
  check: (header: TensorHeader) => void,
  files: RunFiles = diskFiles,
): Promise<TensorBytes> {
  return opened(path, source, files, async (handle) => {
    const { header, dataStart } = await readHeader(handle, source);
    check(header);
    return { header, data: await readPart(handle, dataStart, header.dataBytes, source) };
  });
}

/** Reads the header of a file of tensors alone; errors as for the whole. */
export function readTensorHeader(
  path: string,
  source: TensorSource,
  files: RunFiles = diskFiles,
): Promise<TensorHeader> {
  return opened(path, source, files, async (handle) => (await readHeader(handle, source)).header);
}

async function opened<R>(
  path: string,
  source: TensorSource,
  files: RunFiles,
  read: (handle: RunFileHandle) => Promise<R>,
): Promise<R> {
  try {
    // Before it is opened: that would wait for ever at the end of a pipe.
    if (!(await files.stat(path)).isFile()) throw unusable(source, 'is not a file');
    const handle = await files.open(path, 'r');
    try {
      return await read(handle);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw unusable(source, `cannot be read: ${fileReason(error)}`);
  }
}

async function readHeader(
  handle: RunFileHandle,
  source: TensorSource,
): Promise<{ readonly header: TensorHeader; readonly dataStart: number }> {
  const { size } = await handle.stat();
  const start = await readPart(handle, 0, Math.min(size, LENGTH_BYTES), source);
  const dataStart = LENGTH_BYTES + headerLength(start, size, source);
  const headerBytes = await readPart(handle, LENGTH_BYTES, dataStart - LENGTH_BYTES, source);
  return { header: parseHeader(headerBytes, size - dataStart, source), dataStart };
}

async function readPart(
  handle: RunFileHandle,
  position: number,
  length: number,
  source: TensorSource,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = allocate(length, source);
  if ((await readFully(handle, bytes, position)) < length) throw unusable(source, 'became shorter while it was read');
  return bytes;
}

function allocate(length: number, source: TensorSource): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(length);
  } catch {
    throw unusable(source, `needs ${length} bytes of memory, which are not there`);
  }
}
