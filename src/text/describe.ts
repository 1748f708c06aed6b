/** Letters, marks, numbers, punctuation and symbols: what shows as itself between quotation marks. */
const VISIBLE = /^[\p{L}\p{N}\p{P}\p{S}]$/u;

/** A code point for a message: `"é" (U+00E9)`, or the number alone for what would not be seen. */
export function describeCodePoint(codePoint: number): string {
  const number = `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
  const character = String.fromCodePoint(codePoint);
  return VISIBLE.test(character) ? `"${character}" (${number})` : number;
}

/** A byte as `\xE2`. */
export function describeByte(byte: number): string {
  return `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}
