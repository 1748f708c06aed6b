/** What a browser draws of a formula besides its texts, for pictures of it. Pure functions. */

/** A rectangle of the page. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Thickness of a fraction's bar in font sizes, as fonts for formulas have it, and the least that is seen. */
const BAR_SHARE = 0.05;
const THINNEST = 1;

/** The bar of a fraction: as wide as the wider of its parts, in the middle of the gap between them. */
export function fractionBar(
  fraction: Box,
  above: Box,
  below: Box,
  { fontSize, padding }: { readonly fontSize: number; readonly padding: number },
): Box {
  const thickness = Math.max(THINNEST, fontSize * BAR_SHARE);
  const middle = (above.top + above.height + below.top) / 2;
  return {
    left: fraction.left + padding,
    top: middle - thickness / 2,
    width: fraction.width - 2 * padding,
    height: thickness,
  };
}

/** First letters of ranges that have italic forms in Unicode, their number, and the first of those forms. */
const ITALICS: readonly (readonly [first: string, count: number, italic: number])[] = [
  ['A', 26, 0x1d434],
  ['a', 26, 0x1d44e],
  ['Α', 25, 0x1d6e2],
  ['α', 25, 0x1d6fc],
];

/** A letter of a formula as it is shown: `text-transform: math-auto` makes one that stands alone italic. */
export function mathItalic(text: string): string {
  const letters = Array.from(text);
  if (letters.length !== 1) return text;
  // The italic h had its place before the others.
  if (text === 'h') return 'ℎ';
  const code = text.codePointAt(0) ?? 0;
  for (const [first, count, italic] of ITALICS) {
    const index = code - (first.codePointAt(0) ?? 0);
    if (index >= 0 && index < count) return String.fromCodePoint(italic + index);
  }
  return text;
}
