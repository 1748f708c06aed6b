import type { Tensor } from '../../protocol/checkpoint.ts';
import type { TensorBytes, TensorEntry } from './safetensors.ts';
import { shown, type TensorSource, unusable } from './tensorSource.ts';

/**
 * The numbers of one tensor: a view of the data where it lies so that one is possible, else a copy. F16 and BF16, which hold
 * fewer digits, become float32, which holds each of their numbers exactly.
 * @throws {InputError} where a number is not finite.
 */
export function tensorValues(entry: TensorEntry, { data }: TensorBytes, source: TensorSource): Tensor {
  const values = read(entry, data);
  checkFinite(entry.name, values, source);
  return values;
}

/** @throws {InputError} naming the first number that is not finite. */
export function checkFinite(name: string, values: Tensor, source: TensorSource): void {
  const at = firstNotFinite(values);
  if (at < 0) return;
  throw unusable(source, `holds ${values[at]} as number ${at} of ${shown(name)}, where all numbers must be finite`);
}

/** The index of the first number that is not finite; −1 where all are. */
function firstNotFinite(values: Tensor): number {
  // Only infinities and NaN become NaN here; looking for which one is left to those tensors that have some.
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * 0;
  return sum === 0 ? -1 : values.findIndex((value) => !Number.isFinite(value));
}

function read({ dtype, begin, end }: TensorEntry, data: Uint8Array<ArrayBuffer>): Tensor {
  switch (dtype) {
    case 'F64': {
      const bytes = alignedTo(8, data.subarray(begin, end));
      return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
    }
    case 'F32': {
      const bytes = alignedTo(4, data.subarray(begin, end));
      return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    }
    case 'F16':
      return fromHalves(data, begin, end, float32BitsOfHalf);
    case 'BF16':
      // The upper half of a float32.
      return fromHalves(data, begin, end, (bits) => bits << 16);
  }
}

function alignedTo(size: number, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
}

function fromHalves(
  data: Uint8Array<ArrayBuffer>,
  begin: number,
  end: number,
  float32Bits: (bits: number) => number,
): Float32Array<ArrayBuffer> {
  const view = new DataView(data.buffer, data.byteOffset + begin, end - begin);
  const values = new Float32Array((end - begin) / 2);
  const bits = new Int32Array(values.buffer);
  for (let i = 0; i < bits.length; i++) bits[i] = float32Bits(view.getUint16(2 * i, true));
  return values;
}

/** IEEE 754: binary16 has 5 bits of exponent and 10 of fraction, binary32 8 and 23. */
function float32BitsOfHalf(bits: number): number {
  const sign = (bits & 0x8000) << 16;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return sign | 0x7f800000 | (fraction << 13);
  if (exponent > 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  // A subnormal number has its leading 1 within the fraction; float32 can hold it as a normal one.
  const shift = Math.clz32(fraction) - 21;
  return sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13);
}
