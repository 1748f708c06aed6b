/** What has no shape of its own, or would join its neighbours. */
const NAMED: ReadonlyMap<string, string> = new Map([
  [' ', '␣'],
  ['\n', '⏎'],
  ['\t', '⇥'],
  ['\u00a0', '⍽'],
  ['\x7f', '␡'],
]);
const INVISIBLE = /^[\p{C}\p{Z}]/u;

/** A symbol of a vocabulary as it can be seen: spaces, line ends and control characters by signs that stand for them. */
export function visibleSymbol(symbol: string): string {
  const named = NAMED.get(symbol);
  if (named !== undefined) return named;
  const code = symbol.codePointAt(0);
  if (code === undefined) return symbol;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (INVISIBLE.test(symbol)) return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return /^\p{M}/u.test(symbol) ? `◌${symbol}` : symbol;
}

/**
 * Text for within a line of Markdown in which nothing is syntax: all but letters, digits and spaces are references to
 * characters.
 */
export function escaped(text: string): string {
  return text.replace(/[^\p{L}\p{N} ]/gu, (character) => `&#${character.codePointAt(0) ?? 0xfffd};`);
}
