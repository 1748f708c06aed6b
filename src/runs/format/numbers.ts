/** Numbers in the payloads of records. */

export function isIteration(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

export function bytesOf(array: Float64Array | Float32Array | Int32Array | Uint32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** A payload lies anywhere in what was read; numbers must lie at multiples of their size. */
export function copied(payload: Uint8Array, from: number, bytes: number): ArrayBuffer {
  return payload.slice(from, from + bytes).buffer;
}
