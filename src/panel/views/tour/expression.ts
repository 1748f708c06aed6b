/**
 * What a person types as a number: one, or the calculation that gives it, such as `(0.2134 − 1) / 5` or `tanh(0.31)`. Only
 * numbers, + − · / ^, parentheses and a few functions; nothing is evaluated but these.
 */

/** Longer texts are no calculation by hand. */
export const LONGEST_EXPRESSION = 300;

const FUNCTIONS: Readonly<Record<string, (value: number) => number>> = {
  exp: Math.exp,
  ln: Math.log,
  log: Math.log,
  sqrt: Math.sqrt,
  tanh: Math.tanh,
  sigmoid: (value) => 1 / (1 + Math.exp(-value)),
  relu: (value) => Math.max(0, value),
};
const NAMES: Readonly<Record<string, string>> = { σ: 'sigmoid' };

/** A number with a point or a comma, a name, or a sign. */
const TOKEN = /\s*(?:(\d+(?:[.,]\d*)?(?:e[+-]?\d+)?|[.,]\d+(?:e[+-]?\d+)?)|(\p{L}+)|(\S))/iuy;
/** Signs that are typed or pasted for the same operation. */
const SIGNS: Readonly<Record<string, string>> = {
  '−': '-',
  '–': '-',
  '·': '*',
  '×': '*',
  '⋅': '*',
  '÷': '/',
  ':': '/',
};

type Token = { readonly number: number } | { readonly name: string } | { readonly sign: string };

/** The value; undefined of what is no calculation. It may be infinite or NaN, as 1/0 is. */
export function valueOf(text: string): number | undefined {
  if (text.length > LONGEST_EXPRESSION) return undefined;
  const tokens = tokensOf(text.trim());
  if (tokens === undefined || tokens.length === 0) return undefined;
  const reader = new Reader(tokens);
  const value = reader.sum();
  return reader.isAtEnd ? value : undefined;
}

/** Whether it is written as a number alone, whose value need not be shown beside it. */
export function isPlainNumber(text: string): boolean {
  return /^\s*[-+−–]?\s*(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+−-]?\d+)?\s*$/i.test(text);
}

function tokensOf(text: string): Token[] | undefined {
  // A minus of a pasted exponent is the long one, as the panel writes it.
  const plain = text.replaceAll(/(\de)−(?=\d)/gi, '$1-');
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < plain.length) {
    const match = TOKEN.exec(plain);
    if (match === null) return undefined;
    const [, digits, name, sign] = match;
    if (digits !== undefined) tokens.push({ number: Number(digits.replace(',', '.')) });
    else if (name !== undefined) tokens.push({ name: NAMES[name] ?? name.toLowerCase() });
    else tokens.push({ sign: SIGNS[sign] ?? sign });
  }
  return tokens;
}

/** Reads a calculation from left to right; whatever is not one makes it undefined. */
class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  sum(): number | undefined {
    let value = this.#product();
    for (;;) {
      const sign = this.#take('+') ?? this.#take('-');
      if (sign === undefined || value === undefined) return value;
      const next = this.#product();
      value = next === undefined ? undefined : sign === '+' ? value + next : value - next;
    }
  }

  #product(): number | undefined {
    let value = this.#signed();
    for (;;) {
      const sign = this.#take('*') ?? this.#take('/');
      if (sign === undefined || value === undefined) return value;
      const next = this.#signed();
      value = next === undefined ? undefined : sign === '*' ? value * next : value / next;
    }
  }

  #signed(): number | undefined {
    const sign = this.#take('-') ?? this.#take('+');
    if (sign === undefined) return this.#power();
    const value = this.#signed();
    return value === undefined ? undefined : sign === '-' ? -value : value;
  }

  #power(): number | undefined {
    const base = this.#atom();
    if (base === undefined) return undefined;
    if (this.#take('²') !== undefined) return base * base;
    if (this.#take('^') === undefined) return base;
    const exponent = this.#signed();
    return exponent === undefined ? undefined : base ** exponent;
  }

  #atom(): number | undefined {
    const token = this.#tokens[this.#at];
    if (token === undefined) return undefined;
    if ('number' in token) {
      this.#at++;
      return token.number;
    }
    const applied = 'name' in token ? functionNamed(token.name) : undefined;
    if ('name' in token) {
      if (applied === undefined) return undefined;
      this.#at++;
    }
    if (this.#take('(') === undefined) return undefined;
    const value = this.sum();
    if (value === undefined || this.#take(')') === undefined) return undefined;
    return applied === undefined ? value : applied(value);
  }

  #take(sign: string): string | undefined {
    const token = this.#tokens[this.#at];
    if (token === undefined || !('sign' in token) || token.sign !== sign) return undefined;
    this.#at++;
    return sign;
  }
}

function functionNamed(name: string): ((value: number) => number) | undefined {
  return Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
}
