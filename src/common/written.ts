/** Numbers and symbols as people read them, in the panel, in the editor and in messages alike. */

/** A narrow space that does not break: groups digits without being read as a decimal sign. */
export const THIN_SPACE = '\u202f';

/** What has no shape of its own, or would join its neighbours. */
const NAMED: ReadonlyMap<string, string> = new Map([
  [' ', '␣'],
  ['\n', '⏎'],
  ['\t', '⇥'],
  ['\u00a0', '⍽'],
  ['\x7f', '␡'],
]);
const INVISIBLE = /^[\p{C}\p{Z}]/u;

/** A whole number with its digits in groups of three: 12 400. */
export function groupDigits(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, THIN_SPACE);
}

/** A number of things by their name, of which one is written without its s: `1 iteration`, `20 iterations`. */
export function counted(count: number, thing: string, format: (count: number) => string = String): string {
  return `${format(count)} ${thing}${count === 1 ? '' : 's'}`;
}

/** A symbol of a vocabulary as it can be seen: spaces, line ends and control characters by signs that stand for them. */
export function visibleSymbol(symbol: string): string {
  const named = NAMED.get(symbol);
  if (named !== undefined) return named;
  const code = symbol.codePointAt(0);
  // The label of a byte is written out already.
  if (code === undefined || symbol.length > 2) return symbol;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (INVISIBLE.test(symbol)) return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  // A combining mark on its own would join its neighbour; a dotted circle carries it instead.
  return /^\p{M}/u.test(symbol) ? `◌${symbol}` : symbol;
}

/** Letters and digits of scripts that are written from right to left. */
const RIGHT_TO_LEFT =
  /[\p{scx=Hebr}\p{scx=Arab}\p{scx=Syrc}\p{scx=Thaa}\p{scx=Nkoo}\p{scx=Samr}\p{scx=Mand}\p{scx=Adlm}\p{scx=Rohg}\p{scx=Yezi}]/u;

/**
 * Text that may be of a script written from right to left, for a sentence of ours: it turns nothing of what stands beside it, as the number
 * after it. Other text stays as it is.
 */
export function isolated(text: string): string {
  return RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text;
}

/** As a sentence begins. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
