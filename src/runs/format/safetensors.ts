import type { Tensor } from '../../protocol/checkpoint.ts';
import { ForeignWeights, pytorchFormat } from './foreignWeights.ts';
import { parseStrictJson } from './strictJson.ts';
import { shown, type TensorSource, unusable } from './tensorSource.ts';

/**
 * The safetensors format (https://github.com/huggingface/safetensors): the length of the header as a little-endian u64; the header,
 * a JSON object with an entry for every tensor and strings under `__metadata__`; the tensors' bytes, row-major and
 * little-endian, as are the typed arrays of every machine that this runs on. Reading trusts nothing: a header is checked whole,
 * against itself and against the file's size, before anything larger than it is read or allocated.
 */

/** Of the header's length, at the beginning of the file. */
export const LENGTH_BYTES = 8;
const MAX_HEADER_BYTES = 2 ** 20;
const MAX_AXES = 4;
/** Root, entry, list of axes. */
const HEADER_DEPTH = 3;
const METADATA = '__metadata__';
/** Typed arrays can be views of a file that is in memory where tensors begin at multiples of this. */
const ALIGNMENT = 8;

const BYTES_OF_DTYPE = { F64: 8, F32: 4, F16: 2, BF16: 2 } as const;
export type Dtype = keyof typeof BYTES_OF_DTYPE;

export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: Tensor;
}

/** What the header says of one tensor. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Where its bytes are in the data that follows the header. */
  readonly begin: number;
  readonly end: number;
}

export interface TensorHeader {
  readonly metadata: ReadonlyMap<string, string>;
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly dataBytes: number;
}

/** A file of tensors in memory. */
export interface TensorBytes {
  readonly header: TensorHeader;
  readonly data: Uint8Array<ArrayBuffer>;
}

/**
 * A file of these tensors, as pieces that follow one another: the header, then views of the values themselves.
 * @throws {RangeError} where the values of a tensor are not as many as its shape says, a name is taken twice, or the header is
 * too large to be read back.
 */
export function safetensorsPieces(
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array[] {
  // Those of 8 bytes a number first: then all of them begin at multiples of their numbers' size without gaps, which are not allowed.
  const ordered = [...tensors].sort((one, other) => other.values.BYTES_PER_ELEMENT - one.values.BYTES_PER_ELEMENT);
  const entries = new Map<string, unknown>([[METADATA, metadata]]);
  let offset = 0;
  for (const { name, shape, values } of ordered) {
    if (countOf(shape) !== values.length)
      throw new RangeError(`${name} has ${values.length} numbers, not ${shape.join(' × ')}`);
    if (entries.has(name)) throw new RangeError(`there are two tensors ${name}`);
    const end = offset + values.byteLength;
    entries.set(name, { dtype: values.BYTES_PER_ELEMENT === 8 ? 'F64' : 'F32', shape, data_offsets: [offset, end] });
    offset = end;
  }
  return [headerPiece(JSON.stringify(Object.fromEntries(entries))), ...ordered.map(({ values }) => bytesOf(values))];
}

/** A file of these tensors; errors as for its pieces. */
export function writeSafetensors(
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  return joined(safetensorsPieces(tensors, metadata));
}

/**
 * The header and the data of a file in memory.
 * @throws {InputError} where it is not a whole and consistent file of tensors that can be read here.
 */
export function splitTensorBytes(bytes: Uint8Array, source: TensorSource): TensorBytes {
  const dataStart = LENGTH_BYTES + headerLength(bytes, bytes.length, source);
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, dataStart), bytes.length - dataStart, source);
  return { header, data: unshared(bytes).subarray(dataStart) };
}

/**
 * The length of the header in bytes.
 * @param start of the file, with at least its first 8 bytes where it has so many.
 * @throws {InputError} where the file cannot hold it.
 */
export function headerLength(start: Uint8Array, fileBytes: number, source: TensorSource): number {
  if (fileBytes < LENGTH_BYTES || start.length < LENGTH_BYTES) {
    throw unusable(source, `has ${fileBytes} bytes, too few for a file of tensors`);
  }
  const view = new DataView(start.buffer, start.byteOffset, LENGTH_BYTES);
  const length = view.getBigUint64(0, true);
  if (length > MAX_HEADER_BYTES) {
    const format = pytorchFormat(start);
    if (format !== undefined) throw new ForeignWeights(source.name, format);
    throw unusable(source, `begins with a header length of ${length} bytes; at most ${MAX_HEADER_BYTES} are read`);
  }
  if (Number(length) > fileBytes - LENGTH_BYTES) {
    throw unusable(source, `ends within its header, which has ${length} bytes where the file has ${fileBytes}`);
  }
  return Number(length);
}

/**
 * @param dataBytes that follow the header in the file.
 * @throws {InputError} unless the tensors it names can be read here and fill the data without gaps and overlaps.
 */
export function parseHeader(bytes: Uint8Array, dataBytes: number, source: TensorSource): TensorHeader {
  const metadata = new Map<string, string>();
  const tensors = new Map<string, TensorEntry>();
  for (const [name, value] of Object.entries(headerObject(bytes, source))) {
    if (name === METADATA) readMetadata(value, metadata, source);
    else tensors.set(name, entryOf(name, value, dataBytes, source));
  }
  checkTiling(tensors, dataBytes, source);
  return { metadata, tensors, dataBytes };
}

function countOf(shape: readonly number[]): number {
  return shape.reduce((product, axis) => product * axis, 1);
}

export function bytesOf(values: Tensor): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

export function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  return bytes;
}

/** Tensors are views of memory that belongs to one thread. */
function unshared(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
}

function headerPiece(json: string): Uint8Array {
  const text = new TextEncoder().encode(json);
  const length = Math.ceil(text.length / ALIGNMENT) * ALIGNMENT;
  if (length > MAX_HEADER_BYTES)
    throw new RangeError(`the header has ${length} bytes; at most ${MAX_HEADER_BYTES} are read`);
  const piece = new Uint8Array(LENGTH_BYTES + length).fill(0x20);
  new DataView(piece.buffer).setBigUint64(0, BigInt(length), true);
  piece.set(text, LENGTH_BYTES);
  return piece;
}

const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function headerObject(bytes: Uint8Array, source: TensorSource): object {
  try {
    const value = parseStrictJson(DECODER.decode(bytes), HEADER_DEPTH);
    if (isObject(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    const reason = /^(a name|it is nested)/.test(error.message) ? error.message : 'it is not JSON in UTF-8';
    throw unusable(source, `has a header that cannot be read: ${reason}`);
  }
  throw unusable(source, 'has a header that is not a JSON object');
}

function readMetadata(value: unknown, metadata: Map<string, string>, source: TensorSource): void {
  if (!isObject(value)) throw unusable(source, `has ${METADATA} that are ${shown(value)} where an object is expected`);
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string')
      throw unusable(source, `has metadata ${shown(key)} that are ${shown(text)}, not text`);
    metadata.set(key, text);
  }
}

function entryOf(name: string, value: unknown, dataBytes: number, source: TensorSource): TensorEntry {
  const wrong = (what: string) => unusable(source, `has a tensor ${shown(name)} ${what}`);
  if (!isObject(value)) throw wrong(`described by ${shown(value)} where an object is expected`);
  const { dtype, shape, data_offsets: offsets, ...others } = value as Record<string, unknown>;
  for (const other of Object.keys(others)) throw wrong(`with an unknown property ${shown(other)}`);
  if (!isDtype(dtype)) {
    throw wrong(`of dtype ${shown(dtype)}; ${Object.keys(BYTES_OF_DTYPE).join(', ')} can be read`);
  }
  if (!isCounts(shape) || shape.length > MAX_AXES) {
    throw wrong(`of shape ${shown(shape)}; a list of at most ${MAX_AXES} whole numbers is expected`);
  }
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0] > offsets[1] || offsets[1] > dataBytes) {
    throw wrong(`with data_offsets ${shown(offsets)}; two rising numbers up to ${dataBytes} are expected`);
  }
  const [begin, end] = offsets;
  // Where the product is too large for a whole number, it is too large for the file as well.
  if (countOf(shape) * BYTES_OF_DTYPE[dtype] !== end - begin) {
    throw wrong(`of shape ${shown(shape)} and dtype ${dtype} with ${end - begin} bytes, which is not its size`);
  }
  return { name, dtype, shape, begin, end };
}

/** No byte belongs to two tensors, and none to nothing: bytes that nobody reads could hide anything. */
function checkTiling(tensors: ReadonlyMap<string, TensorEntry>, dataBytes: number, source: TensorSource): void {
  let end = 0;
  for (const tensor of [...tensors.values()].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (tensor.begin !== end) {
      const what = tensor.begin < end ? 'overlaps the one before it' : 'leaves a gap before it';
      throw unusable(source, `has a tensor ${shown(tensor.name)} that ${what}, at byte ${tensor.begin} of the data`);
    }
    end = tensor.end;
  }
  if (end !== dataBytes) throw unusable(source, `has ${dataBytes} bytes of data, of which its tensors are ${end}`);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDtype(value: unknown): value is Dtype {
  return typeof value === 'string' && Object.hasOwn(BYTES_OF_DTYPE, value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((count) => Number.isSafeInteger(count) && (count as number) >= 0);
}
