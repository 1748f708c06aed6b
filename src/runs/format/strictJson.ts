/**
 * Parses JSON of unknown origin, in time and memory proportional to its length.
 * @throws {SyntaxError} where it is no JSON, is nested deeper than `maxDepth`, or an object has a name twice: of the two values
 * one reader would take the first and another the last.
 */
export function parseStrictJson(text: string, maxDepth: number): unknown {
  const names = countNames(text, maxDepth);
  const value: unknown = JSON.parse(text);
  // A name that occurs twice is one property less than there are colons.
  if (countProperties(value) !== names) throw new SyntaxError('a name occurs twice');
  return value;
}

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/** The colons outside strings: as many as names, where the text is JSON. */
function countNames(text: string, maxDepth: number): number {
  let names = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === COLON) names++;
    else if (isOpening(code)) {
      if (++depth > maxDepth) throw new SyntaxError(`it is nested deeper than ${maxDepth} levels`);
    } else if (isClosing(code)) depth--;
  }
  return names;
}

/** Where the string that begins at `start` has its closing quote. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at++;
  }
  return at;
}

function countProperties(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const values: unknown[] = Array.isArray(value) ? value : Object.values(value);
  let count = Array.isArray(value) ? 0 : values.length;
  for (const inner of values) count += countProperties(inner);
  return count;
}

function isOpening(code: number): boolean {
  return code === 0x5b || code === 0x7b; // [ {
}

function isClosing(code: number): boolean {
  return code === 0x5d || code === 0x7d; // ] }
}
