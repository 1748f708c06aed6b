import { InputError } from '../common/inputError.ts';
import { fileReason } from '../common/fileReason.ts';
import { diskFiles, readFully, type RunFileHandle, type RunFiles } from './files.ts';
import { headerLength, LENGTH_BYTES, parseHeader, type TensorBytes, type TensorHeader } from './safetensors.ts';
import { type TensorSource, unusable } from './tensorSource.ts';

/**
 * Reads a file of tensors. Its size and its header come first, and only then, once they and `check` agree with them, the data.
 * @param check throws where the header is not of what is wanted.
 * @throws {InputError} where the file cannot be read, is not a whole and consistent file of tensors, or is too large for the memory.
 */
export async function readTensorFile(
  path: string,
  source: TensorSource,
  check: (header: TensorHeader) => void,
  files: RunFiles = diskFiles,
): Promise<TensorBytes> {
  try {
    // Before it is opened: that would wait for ever at the end of a pipe.
    if (!(await files.stat(path)).isFile()) throw unusable(source, 'is not a file');
    const handle = await files.open(path, 'r');
    try {
      return await readTensors(handle, source, check);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw unusable(source, `cannot be read: ${fileReason(error)}`);
  }
}

async function readTensors(
  handle: RunFileHandle,
  source: TensorSource,
  check: (header: TensorHeader) => void,
): Promise<TensorBytes> {
  const { size } = await handle.stat();
  const start = await readPart(handle, 0, Math.min(size, LENGTH_BYTES), source);
  const dataStart = LENGTH_BYTES + headerLength(start, size, source);
  const headerBytes = await readPart(handle, LENGTH_BYTES, dataStart - LENGTH_BYTES, source);
  const header = parseHeader(headerBytes, size - dataStart, source);
  check(header);
  return { header, data: await readPart(handle, dataStart, header.dataBytes, source) };
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
