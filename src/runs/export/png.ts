import { PNG } from 'pngjs';

/** A picture of RGBA pixels, (height, width), each red, green, blue, alpha in the byte order of little-endian machines. */
export function pngOf(pixels: Uint32Array<ArrayBuffer>, width: number, height: number): Uint8Array {
  const picture = new PNG({ width, height });
  picture.data = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  return PNG.sync.write(picture);
}
