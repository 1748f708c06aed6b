const SEPARATORS = ['\n', '\r\n'];
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', s: ' ', 0: '\0' };
const ESCAPE = /^\\(?:([ntrs0\\])|x([\da-fA-F]{2})|u([\da-fA-F]{4}))$/;

/**
 * The symbols of a text that has one a line; undefined where it has not V of them. The line break is a symbol too: it stands there as
 * itself, so that two follow each other, or as an empty line or `\n`.
 */
export function symbolsInLines(text: string, V: number): readonly string[] | undefined {
  for (const separator of SEPARATORS) {
    const symbols = alternating(text, separator) ?? written(text, separator);
    if (symbols.length === V) return symbols;
  }
  return undefined;
}

/** Symbol, separator, symbol, separator, …; the last one may lack its separator. */
function alternating(text: string, separator: string): string[] | undefined {
  const symbols: string[] = [];
  for (let at = 0; at < text.length;) {
    const symbol = String.fromCodePoint(text.codePointAt(at) ?? 0);
    symbols.push(symbol);
    at += symbol.length;
    if (at === text.length) break;
    if (!text.startsWith(separator, at)) return undefined;
    at += separator.length;
  }
  return symbols;
}

/** Lines that may hold escapes and names of symbols that are no characters. */
function written(text: string, separator: string): string[] {
  const lines = text.split(separator);
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => (line === '' ? '\n' : unescaped(line)));
}

function unescaped(line: string): string {
  const [whole, sign, hex2, hex4] = ESCAPE.exec(line) ?? [];
  if (whole === undefined) return line;
  if (sign !== undefined) return ESCAPES[sign];
  return String.fromCharCode(Number.parseInt(hex2 ?? hex4 ?? '', 16));
}
