/**
 * Colours of signed values: blue for negative ones, orange for positive ones, a quiet grey for zero, and stronger the
 * farther from zero. Blue and orange stay apart with every kind of colour vision, and towards both ends lightness moves away
 * from the ground's, so that a large value stands out in grey too. The ground decides which way that is.
 */
export type Ground = 'light' | 'dark';

/** From −1 to 1; between the colours it is interpolated in sRGB. */
const COLORS: Readonly<Record<Ground, readonly number[]>> = {
  light: [0x08478f, 0x5a9fd4, 0xe4e4e4, 0xf0a052, 0x9c3f00],
  dark: [0x9ad6ff, 0x3c86c4, 0x3a3d42, 0xc26f24, 0xffca8f],
};
/** Odd, so that zero has a colour of its own. */
const TABLE_SIZE = 255;

const tables: Readonly<Record<Ground, Uint32Array>> = { light: tableFor('light'), dark: tableFor('dark') };

/** The colour at a position −1 … 1 (clamped) as red, green, blue, each 0 … 255. */
export function divergingColor(position: number, ground: Ground): [red: number, green: number, blue: number] {
  const colors = COLORS[ground];
  const at = ((Math.min(Math.max(position, -1), 1) + 1) / 2) * (colors.length - 1);
  const index = Math.min(Math.floor(at), colors.length - 2);
  const share = at - index;
  const channel = (shift: number): number => {
    const from = (colors[index] >> shift) & 0xff;
    const to = (colors[index + 1] >> shift) & 0xff;
    return Math.round(from + share * (to - from));
  };
  return [channel(16), channel(8), channel(0)];
}

/** The colour at a position −1 … 1 as a pixel of image data; transparent where the position is not a number. */
export function divergingPixelAt(position: number, ground: Ground): number {
  if (Number.isNaN(position)) return 0;
  const clamped = Math.min(Math.max(position, -1), 1);
  return tables[ground][Math.round(((clamped + 1) / 2) * (TABLE_SIZE - 1))];
}

/** The same colour as a style. */
export function divergingStyle(position: number, ground: Ground): string {
  return Number.isNaN(position) ? 'transparent' : `rgb(${divergingColor(position, ground).join(' ')})`;
}

/** Whether a colour as the browser resolves it, `rgb(30, 30, 30)`, is a light or a dark ground. */
export function groundOf(background: string): Ground {
  const [red, green, blue] = (background.match(/[\d.]+/g) ?? []).map(Number);
  return luminance([red, green, blue]) > 0.3 ? 'light' : 'dark';
}

/** Relative luminance of WCAG 2, 0 … 1, of a colour whose channels are 0 … 255. */
export function luminance(color: readonly [red: number, green: number, blue: number]): number {
  const [red, green, blue] = color.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function tableFor(ground: Ground): Uint32Array {
  return Uint32Array.from({ length: TABLE_SIZE }, (_, i) => {
    const [red, green, blue] = divergingColor((2 * i) / (TABLE_SIZE - 1) - 1, ground);
    return (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0;
  });
}
