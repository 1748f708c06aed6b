import crc32c from 'crc-32/crc32c.js';

/**
 * One record of a TFRecord file: length (u64), masked CRC-32C of the length, the bytes, masked CRC-32C of the bytes, all
 * little-endian. Source: TensorFlow, core/lib/io/record_writer.h.
 */
export function framed(bytes: Uint8Array): Uint8Array {
  const record = new Uint8Array(HEADER_BYTES + bytes.length + CHECKSUM_BYTES);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(bytes.length), true);
  view.setUint32(LENGTH_BYTES, maskedChecksum(record.subarray(0, LENGTH_BYTES)), true);
  record.set(bytes, HEADER_BYTES);
  view.setUint32(HEADER_BYTES + bytes.length, maskedChecksum(bytes), true);
  return record;
}

const LENGTH_BYTES = 8;
const CHECKSUM_BYTES = 4;
const HEADER_BYTES = LENGTH_BYTES + CHECKSUM_BYTES;
/** Checksums are stored rotated and shifted, because a checksum over bytes that hold their own checksum is a weak one. */
const MASK_DELTA = 0xa282ead8;

function maskedChecksum(bytes: Uint8Array): number {
  const checksum = crc32c.buf(bytes) >>> 0;
  return (((checksum >>> 15) | (checksum << 17)) + MASK_DELTA) >>> 0;
}
