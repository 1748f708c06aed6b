/** The part of the package `crc-32` that has no types of its own: CRC-32C (Castagnoli). */
declare module 'crc-32/crc32c.js' {
  const crc32c: {
    /** The checksum of some bytes, as a signed 32-bit number. */
    buf(data: Uint8Array, seed?: number): number;
  };
  export default crc32c;
}
