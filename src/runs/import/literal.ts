/**
 * Reads JSON, and what Python's `repr` writes of the same values: metadata must be strings, and many write `str(vocabulary)`. Nothing is
 * evaluated. It is no `JSON.parse`, since V8 12.8 and later may take one escaped name of an object for another, such as `"\\n"` for `"\\\\"`
 * (https://github.com/nodejs/node/issues/63785), and characters are names here.
 * @throws {SyntaxError} where it is anything else, an object has a name twice, or it is nested deeper than `maxDepth`.
 */
export function parseLiteral(text: string, maxDepth: number): unknown {
  const reader = new Reader(text, maxDepth);
  const value = reader.value(0);
  reader.end();
  return value;
}

export const TWICE = 'a name occurs twice';
const CLOSING = { '[': ']', '(': ')' } as const;
const STRING = /([urb]{0,2})('|")((?:\\[\s\S]|(?!\2)[^\\\n])*)\2/iy;
const NUMBER = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?!\w)/iy;
const WORD = /(?:null|None|true|True|false|False)(?!\w)/y;
const SPACE = /[ \t\r\n]*/y;
const ESCAPE = /\\(?:x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8})|([0-7]{1,3})|([\s\S]))/gi;
const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\n': '',
  '/': '/',
};

class Reader {
  readonly #text: string;
  readonly #maxDepth: number;
  #at = 0;

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
  }

  value(depth: number): unknown {
    if (depth > this.#maxDepth) throw new SyntaxError(`it is nested deeper than ${this.#maxDepth} levels`);
    this.#skip();
    const sign = this.#text[this.#at];
    if (sign === '[' || sign === '(') return this.#list(CLOSING[sign], depth);
    if (sign === '{') return this.#dictionary(depth);
    return this.#scalar();
  }

  end(): void {
    this.#skip();
    if (this.#at < this.#text.length) throw new SyntaxError('there is something after the value');
  }

  #list(closing: string, depth: number): unknown[] {
    this.#at++;
    const values: unknown[] = [];
    while (!this.#takes(closing)) {
      values.push(this.value(depth + 1));
      if (!this.#takes(',') && !this.#isNext(closing)) throw new SyntaxError(`no "${closing}" ends a list`);
    }
    return values;
  }

  #dictionary(depth: number): object {
    this.#at++;
    const entries = new Map<string, unknown>();
    while (!this.#takes('}')) {
      const key = this.#key();
      if (!this.#takes(':')) throw new SyntaxError('a name has no value');
      if (entries.has(key)) throw new SyntaxError(TWICE);
      entries.set(key, this.value(depth + 1));
      if (!this.#takes(',') && !this.#isNext('}')) throw new SyntaxError('no "}" ends an object');
    }
    return Object.fromEntries(entries);
  }

  /** Numbers as keys become their digits, as in JSON. */
  #key(): string {
    this.#skip();
    const key = this.#scalar();
    if (key === null || typeof key === 'boolean') throw new SyntaxError(`${key} is no name`);
    return String(key);
  }

  #scalar(): string | number | boolean | null {
    const string = this.#match(STRING);
    if (string !== undefined) {
      const [, prefix, , body] = string;
      if (/b/i.test(prefix)) throw new SyntaxError('bytes are no text');
      return /r/i.test(prefix) ? body : unescaped(body);
    }
    const number = this.#match(NUMBER);
    if (number !== undefined) return Number(number[0]);
    const word = this.#match(WORD);
    if (word === undefined) throw new SyntaxError('it is no literal');
    return /n/i.test(word[0]) ? null : /t/i.test(word[0]);
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#at += match[0].length;
    return match;
  }

  #takes(sign: string): boolean {
    if (!this.#isNext(sign)) return false;
    this.#at++;
    return true;
  }

  #isNext(sign: string): boolean {
    this.#skip();
    return this.#text[this.#at] === sign;
  }

  #skip(): void {
    this.#match(SPACE);
  }
}

function unescaped(body: string): string {
  return body.replace(ESCAPE, (whole: string, ...groups: (string | undefined)[]) => {
    const [hex2, hex4, hex8, octal, sign = ''] = groups;
    const hex = hex2 ?? hex4 ?? hex8;
    if (hex !== undefined) return fromCode(Number.parseInt(hex, 16));
    if (octal !== undefined) return fromCode(Number.parseInt(octal, 8));
    // Python leaves an escape that it does not know as it is.
    return ESCAPES[sign] ?? (/['"\\]/.test(sign) ? sign : whole);
  });
}

function fromCode(code: number): string {
  if (code > 0x10ffff) throw new SyntaxError('there is no such character');
  return String.fromCodePoint(code);
}
