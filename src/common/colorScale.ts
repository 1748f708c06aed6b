/**
 * Viridis (van der Walt and Smith 2015): perceptually uniform, readable with every kind of colour vision and in grey.
 * Eleven of its colours; between them it is interpolated in sRGB.
 */
const VIRIDIS = [
  0x440154, 0x482576, 0x414487, 0x35608d, 0x2a788e, 0x21908c, 0x22a884, 0x43bf71, 0x7ad151, 0xbbdf27, 0xfde725,
];
const TABLE_SIZE = 256;

/** TABLE_SIZE colours, each red, green, blue, alpha in the byte order of image data on little-endian machines. */
const table = new Uint32Array(TABLE_SIZE);
for (let i = 0; i < TABLE_SIZE; i++) {
  const [red, green, blue] = interpolated(i / (TABLE_SIZE - 1));
  table[i] = (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0;
}

/** The colour at a position 0 … 1 as a pixel of image data; transparent where the position is not a number. */
export function pixelAt(position: number): number {
  return Number.isNaN(position) ? 0 : table[Math.round(position * (TABLE_SIZE - 1))];
}

/** The colour at a position 0 … 1 as red, green, blue, each 0 … 255. */
export function interpolated(position: number): [red: number, green: number, blue: number] {
  const at = Math.min(Math.max(position, 0), 1) * (VIRIDIS.length - 1);
  const index = Math.min(Math.floor(at), VIRIDIS.length - 2);
  const share = at - index;
  const channel = (shift: number): number => {
    const from = (VIRIDIS[index] >> shift) & 0xff;
    const to = (VIRIDIS[index + 1] >> shift) & 0xff;
    return Math.round(from + share * (to - from));
  };
  return [channel(16), channel(8), channel(0)];
}
